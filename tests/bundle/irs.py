"""OpenVINO models that OpenVINO itself builds and saves, for the tests of what an IR may contain."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from pia_edge._privacy import silence_runtimes


def openvino() -> Any:
    silence_runtimes()
    import openvino

    return openvino


def opset() -> Any:
    openvino()
    from openvino import opset15

    return opset15


def model(outputs: list[Any], inputs: list[Any]) -> Any:
    return openvino().Model(outputs, inputs, "model")


def save(built: Any, folder: Path, *, half: bool = False) -> Path:
    """Save ``built`` as ``unet.xml`` and ``unet.bin``."""
    folder.mkdir(parents=True, exist_ok=True)
    openvino().save_model(built, folder / "unet.xml", compress_to_fp16=half)
    return folder / "unet.xml"


def numbers(*shape: int) -> Any:
    """A float32 constant; its values differ, so that OpenVINO stores it on its own."""
    return opset().constant(np.arange(np.prod(shape), dtype=np.float32).reshape(shape) + len(shape))


def with_bodies() -> Any:
    """A constant of five numbers, an If with one of seven in a branch, a Loop with one of nine in its body."""
    ops = opset()
    given = ops.parameter([1], np.float32, "given")
    then, other = ops.parameter([1], np.float32), ops.parameter([1], np.float32)
    branches = (
        model([ops.relu(ops.reduce_sum(ops.add(then, numbers(7)), 0, True))], [then]),
        model([ops.prelu(other, numbers(1))], [other]),
    )
    choice = ops.if_op(ops.constant(True))
    choice.set_then_body(branches[0])
    choice.set_else_body(branches[1])
    choice.set_input(ops.reduce_sum(ops.add(given, numbers(5)), 0, True).output(0), then, other)
    chosen = choice.set_output(branches[0].results[0], branches[1].results[0])
    inside = ops.parameter([1], np.float32)
    body = model([ops.reduce_sum(ops.add(inside, numbers(9)), 0, True), ops.constant(True)], [inside])
    loop = ops.loop(ops.constant(np.int64(3)), ops.constant(True))
    loop.set_function(body)
    loop.set_special_body_ports([-1, 1])
    loop.set_merged_input(inside, chosen, body.results[0].output(0))
    built = model([ops.softmax(loop.get_iter_value(body.results[0].output(0), -1), 0)], [given])
    built.set_rt_info("free text: <&> \u65e5\u672c /etc/passwd", "note")
    built.set_rt_info("deep", ["one", "two"])
    return built


def with_tensor_iterator() -> Any:
    ops = opset()
    given, inside = ops.parameter([4, 3], np.float32), ops.parameter([1, 3], np.float32)
    body = model([ops.add(inside, numbers(1, 3))], [inside])
    iterator = ops.tensor_iterator()
    iterator.set_body(body)
    iterator.set_sliced_input(inside, given.output(0), 0, 1, 1, -1, 0)
    return model([iterator.get_concatenated_slices(body.results[0].output(0), 0, 1, 1, -1, 0)], [given])


def constant(kind: str, count: int) -> Any:
    """A constant of ``count`` values of the element type ``kind``, all zero."""
    library = openvino()
    return library.op.Constant(library.Tensor(getattr(library.Type, kind), library.Shape([count])), False)


def with_compressed_weights() -> Any:
    """Weights of uint8, uint4 and int8 that the graph restores, as NNCF writes them, and a FakeQuantize."""
    ops = opset()
    given = ops.parameter([2, 16], np.float32)
    eight = ops.convert(ops.constant(np.arange(256, dtype=np.uint8).reshape(16, 16)), np.float32)
    zero = ops.convert(ops.constant(np.full((16, 1), 128, np.uint8)), np.float32)
    restored = ops.multiply(ops.subtract(eight, zero), numbers(16, 1))
    four = ops.subtract(ops.convert(constant("u4", 256), np.float32), ops.convert(constant("u4", 1), np.float32))
    four = ops.reshape(ops.multiply(four, numbers(256)), ops.constant(np.array([16, 16])), False)
    signed = ops.convert(ops.constant(np.arange(-8, 8, dtype=np.int8)), np.float32)
    product = ops.add(ops.matmul(ops.matmul(given, restored, False, True), four, False, True), signed)
    limits = [ops.constant(np.float32(value)) for value in (-1, 1, -2, 2)]
    return model([ops.fake_quantize(product, *limits, levels=255)], [given])


def from_torch() -> Any:
    """What Stable Diffusion is made of, as OpenVINO converts it from PyTorch."""
    import torch
    from torch.nn import functional as F

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.convolution = torch.nn.Conv2d(3, 8, 3, padding=1)
            self.norm = torch.nn.GroupNorm(2, 8)
            self.words = torch.nn.Embedding(10, 8)
            self.linear = torch.nn.Linear(8, 8)

        def forward(self, picture: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
            planes = F.silu(self.norm(self.convolution(picture)))
            planes = F.interpolate(planes, scale_factor=2.0, mode="nearest")
            query = F.layer_norm(planes.flatten(2).transpose(1, 2), (8,))
            key = self.linear(self.words(ids))
            attended = F.scaled_dot_product_attention(query[:, None], key[:, None], key[:, None], is_causal=False)
            return F.gelu(torch.cat([attended[:, 0], query], 1)) + torch.sin(query.mean()) * F.softmax(key, -1).sum()

    network = Network().eval()
    example = (torch.rand(1, 3, 8, 8), torch.arange(10)[None])
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        return openvino().convert_model(network, example_input=example)


MODELS: dict[str, Callable[[], Any]] = {
    "if and loop": with_bodies,
    "tensor iterator": with_tensor_iterator,
    "compressed weights": with_compressed_weights,
    "from torch": from_torch,
}
