"""Frames in between: where they stand, that the others stay, and what a recipe and a reader make of it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from pia_edge import Animation, Recipe
from pia_edge.clip.interpolation import check_factor, interpolated
from pia_edge.clip.reading import read_frames
from pia_edge.errors import RequestError
from pia_edge.evaluation.clip_frames import generated_frames
from pia_edge.motion import Motion
from tests.clip.examples import make_recipe

pytest.importorskip("av")


@pytest.fixture(scope="module")
def pan() -> NDArray[np.uint8]:
    """Eight frames of a texture that moves by 4 pixels a frame."""
    random = np.random.default_rng(3)
    small = Image.fromarray(random.integers(60, 200, (24, 64, 3), np.uint8))
    texture = np.asarray(small.resize((256, 96), Image.Resampling.BICUBIC))
    return np.stack([texture[:, 4 * frame : 4 * frame + 96] for frame in range(8)])


def recipe_of(*, loop: bool = False, window: int | None = None) -> Recipe:
    size = {"num_frames": 8, "width": 96, "height": 96, "window": window}
    return make_recipe(**size, affinity=(1.0,) * 8, fps=8.0, motion=Motion(loop=loop), ping_pong=False)


def shift(frame: NDArray[np.uint8], wide: NDArray[np.uint8]) -> int:
    errors = [np.abs(wide[:, place : place + 96].astype(int) - frame).mean() for place in range(wide.shape[1] - 95)]
    return int(np.argmin(errors))


def test_frames_stand_where_the_motion_has_them(pan: NDArray[np.uint8]) -> None:
    found = interpolated(pan, 4, circular=False)
    wide = np.concatenate([pan[0], *(frame[:, -4:] for frame in pan[1:])], axis=1)
    assert [shift(frame, wide) for frame in found] == list(range(29))
    np.testing.assert_array_equal(found[::4], pan)


def test_a_loop_has_frames_between_its_ends(pan: NDArray[np.uint8]) -> None:
    found = interpolated(np.concatenate([pan, pan[-2:0:-1]]), 2, circular=True)
    assert len(found) == 28
    last = found[-1].astype(int)
    assert np.abs(last - pan[0]).mean() < 0.7 * np.abs(pan[1].astype(int) - pan[0]).mean()


@pytest.mark.parametrize(
    ("choices", "count"),
    [
        ({}, 22),
        ({"ping_pong": True}, 42),
        ({"without_last": True}, 21),
        ({"window": 4}, 24),
        ({"window": 4, "ping_pong": True}, 42),
    ],
)
def test_the_generated_frames_are_found_again(
    pan: NDArray[np.uint8], tmp_path: Path, choices: dict[str, Any], count: int
) -> None:
    ways: dict[str, Any] = {"ping_pong": False, "without_last": False, "window": None} | choices
    window = ways.pop("window")
    recipe = recipe_of(loop=ways["without_last"] or window is not None, window=window)
    animation = Animation(frames=pan, fps=8.0, recipe=recipe)
    shown = animation.as_played(**ways, interpolate=3)
    assert (len(shown.frames), shown.fps) == (count, 24.0)
    assert shown.recipe is not None
    assert (shown.recipe.fps, shown.recipe.interpolated) == (8.0, 3)
    stored = read_frames(shown.save(tmp_path / "clip.apng"))
    np.testing.assert_array_equal(generated_frames(stored, shown.recipe), pan[: 8 - ways["without_last"]])


def test_one_frame_and_once_are_left_alone(pan: NDArray[np.uint8]) -> None:
    np.testing.assert_array_equal(interpolated(pan, 1, circular=False), pan)
    np.testing.assert_array_equal(interpolated(pan[:1], 3, circular=False), pan[:1])


@pytest.mark.parametrize(("factor", "frames", "side"), [(0, 16, 64), (9, 16, 64), (2, 16, 16), (2, 1025, 64)])
def test_what_cannot_be_interpolated(factor: int, frames: int, side: int) -> None:
    with pytest.raises(RequestError, match="interpolate: expected"):
        check_factor(factor, frames, side, side)


def test_interpolating_comes_first(pan: NDArray[np.uint8]) -> None:
    recipe = recipe_of()
    clip = Animation(frames=pan, fps=8.0, recipe=recipe).ping_pong()
    with pytest.raises(RequestError, match="Interpolate before anything else"):
        clip.interpolated(2)
