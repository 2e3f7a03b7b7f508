"""Attention rewritten for OpenVINO is attention still, also where OpenVINO alone takes queries for heads."""

from typing import Any

import numpy as np
import pytest
import torch

from pia_edge._privacy import silence_runtimes
from pia_edge.backend import Array
from pia_edge.bundle import Bundle
from pia_edge.export.parity import example_inputs
from pia_edge.modules import Module
from pia_edge.nn.attention import attend
from pia_edge.nn.config import AttentionForm
from pia_edge.runtimes.intel import Intel
from pia_edge.runtimes.openvino_attention import regroup_attention
from pia_edge.runtimes.reference import Reference
from tests.bundles import called

SIZE = 40


def _graph(batch: int, queries: int, keys: int, heads: int, *, written_out: bool) -> Any:
    """A model of attention between two additions, which OpenVINO fuses as it does in a UNet."""
    silence_runtimes()
    import openvino
    from openvino import opset15 as ops

    given = [ops.parameter([batch, tokens, heads * SIZE], np.float32) for tokens in (queries, keys, keys)]
    split = [
        ops.transpose(
            ops.reshape(ops.add(each, np.float32(0.1)), ops.constant([batch, tokens, heads, SIZE]), False),
            ops.constant([0, 2, 1, 3]),
        )
        for each, tokens in zip(given, (queries, keys, keys), strict=True)
    ]
    if written_out:
        scores = ops.matmul(ops.multiply(split[0], np.float32(SIZE**-0.5)), split[1], False, True)
        attended = ops.matmul(ops.softmax(scores, 3), split[2], False, False)
    else:
        attended = ops.scaled_dot_product_attention(*split)
    joined = ops.reshape(
        ops.transpose(attended, ops.constant([0, 2, 1, 3])), ops.constant([batch, queries, heads * SIZE]), False
    )
    return openvino.Model([ops.add(joined, np.float32(0.1))], given)


def _run(model: Any, given: list[Array]) -> Array:
    import openvino

    compiled = openvino.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return next(iter(compiled(given).values()))


@pytest.mark.parametrize("written_out", [False, True], ids=["one operator", "written out"])
@pytest.mark.parametrize(
    ("batch", "queries", "keys", "heads"),
    [
        (16, 8, 8, 8),
        (1, 8, 8, 8),
        (3, 4, 4, 4),
        (6, 16, 16, 8),
        (12, 2, 2, 8),
        (16, 8, 77, 8),
        (5, 8, 8, 2),
        (1, 1, 1, 8),
    ],
)
def test_it_attends_as_pytorch_does(batch: int, queries: int, keys: int, heads: int, written_out: bool) -> None:
    """As many frames as heads, more, fewer; places that cannot be grouped; text."""
    random = np.random.default_rng(0)
    given = [random.standard_normal((batch, n, heads * SIZE), np.float32) for n in (queries, keys, keys)]
    model = _graph(batch, queries, keys, heads, written_out=written_out)
    regroup_attention(model)
    tokens = [torch.from_numpy(each) + 0.1 for each in given]
    expected = attend(*tokens, heads=heads, form=AttentionForm.SDPA) + 0.1
    np.testing.assert_allclose(_run(model, given), expected.numpy(), rtol=0, atol=2e-5)


def test_a_few_places_attend_together() -> None:
    """Fewer and larger products; what is masked counts nothing."""
    model = _graph(12, 8, 8, 4, written_out=False)
    regroup_attention(model)
    (attention,) = (node for node in model.get_ops() if node.get_type_name() == "ScaledDotProductAttention")
    assert list(attention.get_output_shape(0)) == [3, 4, 32, SIZE]


@pytest.mark.parametrize(("frames", "height", "width"), [(2, 8, 8), (3, 8, 8), (16, 4, 6), (1, 2, 4)])
def test_a_unet_with_as_many_frames_or_pixels_as_heads(
    frames: int, height: int, width: int, tiny: Bundle, tiny_openvino: Bundle
) -> None:
    """The network has two heads; it is computed in bfloat16 where the processor can."""
    inputs = example_inputs(tiny, Module.UNET, frames=frames, height=height, width=width, seed=0)
    (expected,) = Reference().load(tiny, Module.UNET, "cpu").infer(**inputs)
    (found,) = Intel().load(called(tiny_openvino, "fp16"), Module.UNET, "CPU").infer(**inputs)
    error = np.square(found - expected).mean() / np.square(expected).mean()
    assert error < 5e-4  # of bfloat16 alone: 2e-4
