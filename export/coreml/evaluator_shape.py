"""The evaluator's operations that move values and leave them as they are."""

from collections.abc import Callable, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from pia_edge.export.coreml.evaluator_arguments import Arguments


def _reshape(given: Arguments) -> Tensor:
    values, shape = given.stored("x"), given.integers("shape")
    # Zero keeps the length of the axis at its place.
    return values.reshape([values.shape[axis] if length == 0 else length for axis, length in enumerate(shape)])


def _transpose(given: Arguments) -> Tensor:
    return given.stored("x").permute(given.integers("perm"))


def _expand_dims(given: Arguments) -> Tensor:
    values, axes = given.stored("x"), given.integers("axes")
    rank = values.ndim + len(axes)
    for axis in sorted(axis % rank for axis in axes):
        values = values.unsqueeze(axis)
    return values


def _squeeze(given: Arguments) -> Tensor:
    values = given.stored("x")
    return values.squeeze(tuple(given.integers("axes"))) if "axes" in given else values.squeeze()


def _concat(given: Arguments) -> Tensor:
    if given.flag("interleave"):
        raise given.unknown("interleave = false")
    return torch.cat(given.tensors("values"), dim=given.integer("axis"))


def _split(given: Arguments) -> tuple[Tensor, ...]:
    values, axis = given.stored("x"), given.integer("axis")
    if "split_sizes" in given:
        return torch.split(values, given.integers("split_sizes"), dim=axis)
    return torch.chunk(values, given.integer("num_splits"), dim=axis)


def _slice(given: Arguments) -> Tensor:
    values = given.stored("x")
    rank = values.ndim
    begin, end, stride = given.integers("begin"), given.integers("end"), given.integers("stride", [1] * rank)
    open_begin, open_end = given.integers("begin_mask", [0] * rank), given.integers("end_mask", [0] * rank)
    squeezed = given.integers("squeeze_mask", [0] * rank)
    if min(stride) < 1:
        raise given.unknown("positive strides")
    places: list[slice | int] = []
    for axis in range(rank):
        if squeezed[axis]:
            places.append(begin[axis])
            continue
        first = None if open_begin[axis] else begin[axis]
        places.append(slice(first, None if open_end[axis] else end[axis], stride[axis]))
    return values[tuple(places)]


def _pad(given: Arguments) -> Tensor:
    values, pad = given.tensor("x"), given.integers("pad")
    if given.text("mode", "constant") != "constant":
        raise given.unknown("the mode constant")
    # Pairs belong to the last axes in order; PyTorch counts them from the last one backwards.
    pairs = [pad[index : index + 2] for index in range(0, len(pad), 2)][::-1]
    flat = [amount for pair in pairs for amount in pair]
    return F.pad(values, flat, value=float(given.tensor("constant_val").item()) if "constant_val" in given else 0.0)


def _gather(given: Arguments) -> Tensor:
    if given.integer("batch_dims", 0):
        raise given.unknown("batch_dims = 0")
    values, indices, axis = given.stored("x"), given.stored("indices").long(), given.integer("axis", 0)
    axis %= values.ndim
    shape = [*values.shape[:axis], *indices.shape, *values.shape[axis + 1 :]]
    indices = torch.where(indices < 0, indices + values.shape[axis], indices)
    return values.index_select(axis, indices.reshape(-1)).reshape(shape)


def _tile(given: Arguments) -> Tensor:
    return given.stored("x").tile(given.integers("reps"))


def _upsample_nearest(given: Arguments) -> Tensor:
    values = given.tensor("x")
    factors = [float(given.tensor(f"scale_factor_{side}").item()) for side in ("height", "width")]
    lengths = [int(length * factor) for length, factor in zip(values.shape[-2:], factors, strict=True)]
    rows, columns = ((torch.arange(length) / factor).long() for length, factor in zip(lengths, factors, strict=True))
    return values[..., rows[:, None], columns[None, :]]


SHAPE: Mapping[str, Callable[[Arguments], Tensor | tuple[Tensor, ...]]] = {
    "reshape": _reshape,
    "transpose": _transpose,
    "expand_dims": _expand_dims,
    "squeeze": _squeeze,
    "concat": _concat,
    "split": _split,
    "slice_by_index": _slice,
    "pad": _pad,
    "gather": _gather,
    "tile": _tile,
    "upsample_nearest_neighbor": _upsample_nearest,
}
"""By the name of the operation."""
