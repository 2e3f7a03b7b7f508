"""Bundles of fixed sizes: which of them a request gets."""

import re
from dataclasses import replace

import msgspec
import pytest

from pia_edge import AnimationRequest, Picture
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize
from pia_edge.clip_choice import choose_clip
from pia_edge.errors import RequestError
from pia_edge.pipeline import AnimationPipeline
from pia_edge.request import Fit
from pia_edge.runtimes import BACKENDS

WIDE = ClipSize(frames=16, width=64, height=32)
TALL = ClipSize(frames=16, width=32, height=64)
SHORT = ClipSize(frames=8, width=48, height=48)
CLIPS = (WIDE, TALL, SHORT)


@pytest.mark.parametrize(
    ("frames", "size", "picture", "expected"),
    [
        (None, None, (100, 50), WIDE),
        (None, None, (50, 100), TALL),
        (None, None, (50, 50), SHORT),
        (16, None, (50, 60), TALL),
        (8, None, (900, 10), SHORT),
        (None, (48, 48), (900, 10), SHORT),
        (16, (32, 64), (900, 10), TALL),
    ],
)
def test_the_fitting_clip(
    frames: int | None, size: tuple[int, int] | None, picture: tuple[int, int], expected: ClipSize
) -> None:
    assert choose_clip(CLIPS, frames=frames, size=size, picture=picture) == expected


@pytest.mark.parametrize(("frames", "size", "found"), [(9, None, "9 frames"), (8, (64, 32), "8 frames of 64x32")])
def test_a_clip_that_is_not_offered(frames: int, size: tuple[int, int] | None, found: str) -> None:
    with pytest.raises(
        RequestError, match=re.escape(f"(16 frames of 64x32, 16 frames of 32x64, 8 frames of 48x48), found {found}.")
    ):
        choose_clip(CLIPS, frames=frames, size=size, picture=(10, 10))


def test_a_request_takes_the_size_of_the_bundle(tiny_onnx: Bundle, picture: Picture) -> None:
    """The picture has 32x24 pixels; what the request left open stays open in the recipe."""
    manifest = msgspec.structs.replace(tiny_onnx.manifest, clips=(WIDE, SHORT))
    pipeline = AnimationPipeline(replace(tiny_onnx, manifest=manifest), BACKENDS["cpu"]())
    settings = pipeline.settle(picture, AnimationRequest(prompt="a"))
    assert settings.picture.pixels.shape == (48, 48, 3)
    assert settings.num_frames == 8
    assert settings.request.size is None
    padded = pipeline.settle(picture, AnimationRequest(prompt="a", num_frames=16, fit=Fit.PAD))
    assert padded.picture.pixels.shape == (32, 64, 3)
    assert padded.picture.inner_box == (10, 0, 53, 32)
    with pytest.raises(RequestError, match="found 7 frames"):
        pipeline.settle(picture, AnimationRequest(prompt="a", num_frames=7))
