"""Every operation of the evaluator against PyTorch, on programs that coremltools converted and wrote."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pia_edge.bundle.mil_operators import OPERATORS as ALLOWED
from pia_edge.errors import BackendError
from pia_edge.export.coreml.evaluator import OPERATIONS, Evaluator
from pia_edge.export.coreml.program import Program, read_programs
from tests.export.coreml.programs import convert, save

Function = Callable[..., Tensor | tuple[Tensor, ...]]


class Calling(nn.Module):
    def __init__(self, function: Function) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Tensor, y: Tensor) -> Tensor | tuple[Tensor, ...]:
        return self.function(x, y)


def seeded(*shape: int, seed: int = 0) -> Tensor:
    return torch.from_numpy(np.random.default_rng(seed).standard_normal(shape, dtype=np.float32))


KERNEL, MATRIX = seeded(6, 4, 3, 3, seed=1), seeded(7, 8, seed=2)
VARIANCE = seeded(4, seed=3).square() + 1

CASES: dict[str, tuple[Function, tuple[int, ...], tuple[int, ...]]] = {
    "arithmetic": (lambda x, y: (x + y) * x - y / (x.square() + 1), (2, 8), (1, 8)),
    "exp, sqrt, clip": (lambda x, y: torch.exp(x.clamp(-0.5, 0.7)) + torch.sqrt(y.square() + 1), (2, 8), (2, 8)),
    "rsqrt and means": (
        lambda x, y: torch.rsqrt(x.square().mean((1, 2), keepdim=True) + 0.1) * y,
        (3, 4, 5),
        (3, 4, 5),
    ),
    "sigmoid, silu": (lambda x, y: torch.sigmoid(x) + F.silu(y), (2, 8), (2, 8)),
    "gelu": (lambda x, y: F.gelu(x) + y, (2, 8), (2, 8)),
    "select": (lambda x, y: torch.where(x >= 0.1, x, y), (2, 8), (2, 8)),
    "convolution": (lambda x, y: F.conv2d(x, KERNEL, y, stride=2, padding=1), (2, 4, 9, 7), (6,)),
    "grouped convolution": (lambda x, y: F.conv2d(x, KERNEL[:, :2], dilation=2, groups=2) + y, (2, 4, 9, 8), (1,)),
    "uneven padding": (lambda x, y: F.conv2d(F.pad(x, (0, 1, 0, 2)), KERNEL) + y, (1, 4, 6, 6), (1,)),
    "linear": (lambda x, y: F.linear(x, MATRIX, y), (2, 3, 8), (7,)),
    "products": (lambda x, y: x @ y.transpose(1, 2), (2, 3, 8), (2, 5, 8)),
    "split attention": (
        lambda x, y: torch.einsum(
            "bkhq,bchk->bchq", torch.einsum("bchq,bkhc->bkhq", x, y.transpose(1, 3)).softmax(dim=1), y
        ),
        (2, 8, 1, 5),
        (2, 8, 1, 6),
    ),
    "whole attention": (lambda x, y: F.scaled_dot_product_attention(x, y, y), (1, 2, 5, 8), (1, 2, 6, 8)),
    "layer norm": (lambda x, y: F.layer_norm(x, (8,), MATRIX[0], MATRIX[1], 1e-3) + y, (2, 3, 8), (8,)),
    "batch norm": (
        lambda x, y: F.batch_norm(x, KERNEL[0, :, 0, 0], VARIANCE) + y,
        (2, 4, 3, 3),
        (1,),
    ),
    "group norm": (lambda x, y: F.group_norm(x, 2, KERNEL[0, :, 0, 0]) + y, (2, 4, 3, 5), (1,)),
    "slices": (lambda x, y: x[:, 1:5:2, 2] + y[0, :2], (2, 6, 4), (1, 2)),
    "shapes": (lambda x, y: x.reshape(4, 2, 3).permute(2, 0, 1).unsqueeze(1).squeeze(1) + y, (2, 12), (1, 2)),
    "split and concat": (lambda x, y: torch.cat([*x.split([3, 5], dim=1), *y.chunk(2, dim=1)], dim=1), (2, 8), (2, 8)),
    "gather": (lambda x, y: x[(y * 0).long() + torch.tensor([2, -1])], (4, 3), (2,)),
    "tile": (lambda x, y: x.expand(2, 3, 4).reshape(6, 4) + y, (2, 1, 4), (4,)),
    "nearest": (lambda x, y: F.interpolate(x, scale_factor=2.0, mode="nearest") + y, (1, 2, 3, 5), (1,)),
    "nearest of another size": (lambda x, y: F.interpolate(x, size=(5, 7), mode="nearest") + y, (1, 2, 3, 4), (1,)),
    "ones": (lambda x, y: F.conv2d(torch.ones_like(x), KERNEL) * y, (1, 4, 5, 5), (1,)),
}


def read(path: Path) -> Program:
    (program,) = read_programs(path).values()
    return program


@pytest.mark.parametrize("name", CASES)
def test_an_operation_equals_pytorch(name: str, tmp_path: Path) -> None:
    function, *shapes = CASES[name]
    network, given = Calling(function), tuple(seeded(*shape, seed=n + 5) for n, shape in enumerate(shapes))
    program = read(save(convert(network, given), tmp_path / "a.mlpackage"))
    found = Evaluator(program).run({"x": given[0].numpy(), "y": given[1].numpy()})
    with torch.no_grad():
        expected = network(*given)
    for ours, theirs in zip(found, expected if isinstance(expected, tuple) else (expected,), strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), atol=2e-5, rtol=2e-5)


def test_what_a_package_may_hold_is_what_the_evaluator_knows() -> None:
    assert OPERATIONS.keys() | {"const"} == ALLOWED


def test_float16_is_rounded_after_every_operation(tmp_path: Path) -> None:
    """1000 + 1/4 is 1000 in float16, so that the difference of the two is lost."""
    network = Calling(lambda x, y: (x + y) - x)
    given = (torch.full((1, 4), 1000.0), torch.full((1, 4), 0.25))
    for half, expected in ((False, 0.25), (True, 0.0)):
        program = read(save(convert(network, given, half=half), tmp_path / f"{half}.mlpackage"))
        (found,) = Evaluator(program).run({"x": given[0].numpy(), "y": given[1].numpy()})
        assert (found == expected).all()


def test_an_unknown_operation_and_a_wrong_shape_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network, given = Calling(lambda x, y: x + y), (seeded(2, 3), seeded(2, 3, seed=1))
    program = read(save(convert(network, given), tmp_path / "a.mlpackage"))
    with pytest.raises(BackendError, match=r"expected x \(2, 3\), found \(3, 2\)"):
        Evaluator(program).run({"x": np.zeros((3, 2), np.float32), "y": np.zeros((2, 3), np.float32)})
    with pytest.raises(BackendError, match=r"expected y \(2, 3\), found nothing"):
        Evaluator(program).run({"x": np.zeros((2, 3), np.float32)})
    monkeypatch.delitem(OPERATIONS, "add")
    with pytest.raises(BackendError, match="found 'add'"):
        Evaluator(program)
