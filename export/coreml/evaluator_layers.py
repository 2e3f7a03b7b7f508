"""The evaluator's operations that add up: products, convolutions, norms, attention."""

from collections.abc import Callable, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from pia_edge.export.coreml.evaluator_arguments import Arguments


def mean_in_float16(values: Tensor, axes: list[int]) -> Tensor:
    """Return the mean over ``axes``, which stay with length 1, added in pairs with every sum rounded to float16."""
    count = 1
    for axis in axes:
        axis_length = values.shape[axis]
        count *= axis_length
        while values.shape[axis] > 1:
            half = values.shape[axis] // 2
            rest = values.narrow(axis, 2 * half, values.shape[axis] - 2 * half)
            paired = (values.narrow(axis, 0, half) + values.narrow(axis, half, half)).half().float()
            values = torch.cat([paired, rest], dim=axis)
    return (values / count).half().float()


def _reduce_mean(given: Arguments) -> Tensor:
    values = given.tensor("x")
    axes = [axis % values.ndim for axis in given.integers("axes", list(range(values.ndim)))]
    mean = mean_in_float16(values, axes) if given.adds_in_float16() else values.mean(dim=axes, keepdim=True)
    return mean if given.flag("keep_dims") else mean.squeeze(tuple(axes))


def _conv(given: Arguments) -> Tensor:
    values, weight = given.tensor("x"), given.tensor("weight")
    pads = given.integers("pad", [0] * 2 * (values.ndim - 2))
    kind = given.text("pad_type", "valid")
    if kind not in ("valid", "custom") or values.ndim != 4:
        raise given.unknown("two spatial axes and the padding valid or custom")
    if kind == "custom" and any(pads):
        top, bottom, left, right = pads
        values = F.pad(values, (left, right, top, bottom))
    return F.conv2d(
        values,
        weight,
        given.tensor("bias") if "bias" in given else None,
        stride=given.integers("strides", [1, 1]),
        dilation=given.integers("dilations", [1, 1]),
        groups=given.integer("groups", 1),
    )


def _linear(given: Arguments) -> Tensor:
    return F.linear(given.tensor("x"), given.tensor("weight"), given.tensor("bias") if "bias" in given else None)


def _matmul(given: Arguments) -> Tensor:
    left, right = given.tensor("x"), given.tensor("y")
    left = left.transpose(-1, -2) if given.flag("transpose_x") else left
    right = right.transpose(-1, -2) if given.flag("transpose_y") else right
    return left @ right


def _einsum(given: Arguments) -> Tensor:
    return torch.einsum(given.text("equation"), given.tensors("values"))


def _softmax(given: Arguments) -> Tensor:
    return given.tensor("x").softmax(dim=given.integer("axis", -1))


def _attention(given: Arguments) -> Tensor:
    mask = given.tensor("attn_mask") if "attn_mask" in given else None
    return F.scaled_dot_product_attention(
        given.tensor("query"), given.tensor("key"), given.tensor("value"), attn_mask=mask
    )


def _layer_norm(given: Arguments) -> Tensor:
    values = given.tensor("x")
    axes = [axis % values.ndim for axis in given.integers("axes")]
    if given.adds_in_float16():
        centred = (values - mean_in_float16(values, axes)).half().float()
        variance = mean_in_float16(centred.square().half().float(), axes)
    else:
        centred = values - values.mean(dim=axes, keepdim=True)
        variance = centred.square().mean(dim=axes, keepdim=True)
    epsilon = given.tensor("epsilon") if "epsilon" in given else torch.tensor(1e-5)
    normed = centred / torch.sqrt(variance + epsilon)
    normed = normed * given.tensor("gamma") if "gamma" in given else normed
    return normed + given.tensor("beta") if "beta" in given else normed


def _batch_norm(given: Arguments) -> Tensor:
    values = given.tensor("x")
    shape = [1, -1, *[1] * (values.ndim - 2)]
    epsilon = given.tensor("epsilon") if "epsilon" in given else torch.tensor(1e-5)
    scale = torch.rsqrt(given.tensor("variance") + epsilon).reshape(shape)
    normed = (values - given.tensor("mean").reshape(shape)) * scale
    normed = normed * given.tensor("gamma").reshape(shape) if "gamma" in given else normed
    return normed + given.tensor("beta").reshape(shape) if "beta" in given else normed


LAYERS: Mapping[str, Callable[[Arguments], Tensor]] = {
    "reduce_mean": _reduce_mean,
    "conv": _conv,
    "linear": _linear,
    "matmul": _matmul,
    "einsum": _einsum,
    "softmax": _softmax,
    "scaled_dot_product_attention": _attention,
    "layer_norm": _layer_norm,
    "batch_norm": _batch_norm,
}
"""By the name of the operation."""
