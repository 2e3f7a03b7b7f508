"""Exported UNets have room for the planes of a second picture, and compute what the reference does."""

from pathlib import Path

import numpy as np
import pytest

from pia_edge import AnimationPipeline, AnimationRequest, Picture
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize
from pia_edge.export import Precision, Recipe
from pia_edge.export.conversion import Conversion
from pia_edge.export.parity import difference, example_inputs
from pia_edge.modules import Module
from pia_edge.runtimes import BACKENDS

WAYS = [("tiny_onnx", "cpu"), ("tiny_onnx", "intel"), ("tiny_openvino", "intel")]


@pytest.mark.parametrize(("name", "backend"), WAYS)
@pytest.mark.parametrize("gains", [1, 2, 3])
def test_every_number_of_planes_is_added(
    name: str, backend: str, gains: int, tiny: Bundle, request: pytest.FixtureRequest
) -> None:
    bundle: Bundle = request.getfixturevalue(name)
    assert bundle.manifest.takes_second_picture
    inputs = example_inputs(tiny, Module.UNET, frames=4, height=6, width=8, seed=1, gains=gains)
    expected = BACKENDS["reference"]().load(tiny, Module.UNET, "cpu").infer(**inputs)
    found = BACKENDS[backend]().load(bundle, Module.UNET, "CPU", exact=True).infer(**inputs)
    assert difference(found, expected).psnr_db > 100


def test_backends_agree_on_a_clip_between_two_pictures(tiny: Bundle, tiny_onnx: Bundle, picture: Picture) -> None:
    second = Picture(pixels=picture.pixels[::-1].copy(), path=Path("last.png"), format="PNG")
    request = AnimationRequest(prompt="a cat", num_frames=4, num_inference_steps=2, seed=1)
    clips = [
        AnimationPipeline.open(bundle, backend).animate(picture, request, last_picture=second).frames.astype(int)
        for bundle, backend in ((tiny, "reference"), (tiny_onnx, "cpu"), (tiny_onnx, "intel"))
    ]
    alone = AnimationPipeline.open(tiny, "reference").animate(picture, request).frames.astype(int)
    assert np.abs(clips[0] - clips[1]).max() <= 2
    assert np.abs(clips[0] - clips[2]).max() <= 2
    assert np.abs(clips[0] - alone).max() > 2


def test_bundles_of_fixed_sizes_take_one_picture(tiny: Bundle) -> None:
    free = Conversion(tiny, Recipe(precision=Precision.FP32))
    fixed = Conversion(tiny, Recipe(precision=Precision.FP32), (ClipSize(frames=4, width=64, height=48),))
    assert "gains" in free.free_axes
    assert "gains" not in fixed.free_axes
