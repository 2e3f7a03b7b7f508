"""How many frames are given to the UNet at once: the rule, on free and on fixed sizes."""

from typing import Any

import msgspec
import pytest

from pia_edge import AnimationRequest, Motion
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize, Frames, Manifest
from pia_edge.errors import RequestError
from pia_edge.framing import Framing, choose_framing

LOOP = Motion(loop=True)


@pytest.fixture
def free(sample_bundle: Bundle) -> Manifest:
    """16 frames were trained, and 32 can be placed in time."""
    return msgspec.structs.replace(sample_bundle.manifest, frames=Frames(trained=16, maximum=32))


@pytest.fixture
def fixed(free: Manifest) -> Manifest:
    clips = (ClipSize(frames=16, width=64, height=64), ClipSize(frames=8, width=64, height=64))
    return msgspec.structs.replace(free, clips=clips)


def framed(manifest: Manifest, num_frames: int, **choices: Any) -> Framing:
    return choose_framing(manifest, AnimationRequest(prompt="a", **choices), num_frames)


@pytest.mark.parametrize("num_frames", [1, 2, 15, 16])
def test_what_the_bundle_was_trained_with_needs_no_windows(num_frames: int, free: Manifest) -> None:
    for motion in (Motion(), LOOP):
        framing = framed(free, num_frames, motion=motion)
        assert framing == Framing(num_frames=num_frames)
        (only,) = framing.windows()
        assert only.frames.tolist() == list(range(num_frames))
        assert (only.weights == 1).all()


def test_longer_clips_are_made_in_windows_of_the_trained_length(free: Manifest) -> None:
    for num_frames in (17, 32, 33):
        assert framed(free, num_frames) == Framing(num_frames=num_frames, window=16, overlap=4)
    assert framed(free, 64, motion=LOOP) == Framing(num_frames=64, window=16, overlap=4, circular=True)
    assert framed(free, 64, motion=Motion(loop=True, original_rows=True)).circular is False
    assert len(framed(free, 1024).windows()) == 85


def test_a_window_that_is_asked_for_is_used(free: Manifest) -> None:
    assert framed(free, 16, window=8, overlap=2) == Framing(num_frames=16, window=8, overlap=2)
    assert framed(free, 16, window=16) == framed(free, 16, window=32) == Framing(num_frames=16)
    assert framed(free, 32, window=32) == Framing(num_frames=32)
    assert framed(free, 16, window=16, motion=LOOP).circular
    assert framed(free, 8, window=16, motion=LOOP) == Framing(num_frames=8, window=8, overlap=2, circular=True)
    assert framed(free, 1, window=16, motion=LOOP) == Framing(num_frames=1)
    assert framed(free, 4, window=2).overlap == 1


def test_fixed_sizes_decide_the_window(fixed: Manifest) -> None:
    assert framed(fixed, 16) == Framing(num_frames=16)
    assert framed(fixed, 8) == Framing(num_frames=8)
    assert framed(fixed, 9) == Framing(num_frames=9, window=8, overlap=2)
    assert framed(fixed, 17).window == framed(fixed, 64).window == 16
    assert framed(fixed, 64, window=8).window == 8
    assert framed(fixed, 7) == Framing(num_frames=7), "the choice of the clip refuses it"


@pytest.mark.parametrize(
    ("num_frames", "choices", "message"),
    [
        (64, {"window": 33}, "window: expected 2 to 32 frames, which this bundle can place in time, found 33"),
        (33, {"window": 40}, "window: expected 2 to 32 frames, which this bundle can place in time, found 33"),
        (64, {"overlap": 16}, "overlap: expected 1 to 15 frames of a window of 16, found 16"),
        (4, {"window": 32, "overlap": 8, "motion": LOOP}, "overlap: expected 1 to 3 frames"),
    ],
)
def test_what_the_bundle_cannot_do_is_refused(
    num_frames: int, choices: dict[str, Any], message: str, free: Manifest
) -> None:
    with pytest.raises(RequestError, match=message):
        framed(free, num_frames, **choices)


def test_fixed_sizes_refuse_other_windows(fixed: Manifest) -> None:
    with pytest.raises(RequestError, match="window: expected 8 or 16 frames, which this bundle was exported for"):
        framed(fixed, 64, window=12)


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"window": 1}, "window: expected a whole number from 2"),
        ({"overlap": 0}, "overlap: expected a whole number from 1"),
        ({"window": 8, "overlap": 8}, "overlap: expected fewer frames than the window has"),
        ({"window": 8.0}, "window"),
    ],
)
def test_requests_refuse_what_is_no_window(choices: dict[str, Any], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        AnimationRequest(prompt="a", **choices)
