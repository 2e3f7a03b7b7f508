"""Frames of clips, as they were before they were saved."""

from pathlib import Path

import numpy as np
import pytest

from pia_edge.clip import Animation, save_clip
from pia_edge.clip.reading import read_frames
from pia_edge.errors import PictureError
from pia_edge.evaluation.clip_frames import generated_frames
from tests.clip.examples import few_colours, moving_scene, psnr
from tests.evaluation.examples import recipe_of

EXACT = ("clip.gif", "clip.webp", "clip.apng", "frames")


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize("repeats", [[1, 1, 1, 1], [3, 1, 4, 2], [1, 1, 1, 7], [9, 0, 0, 0]])
def test_frames_that_were_stored_as_one(tmp_path: Path, name: str, repeats: list[int]) -> None:
    frames = np.repeat(few_colours(4), repeats, axis=0)
    path = save_clip(frames, tmp_path / name, fps=8, recipe=None, overwrite=False)
    assert np.array_equal(generated_frames(read_frames(path), recipe_of(frames)), frames)


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize("num_frames", [1, 2, 5])
def test_a_clip_that_plays_both_ways(tmp_path: Path, name: str, num_frames: int) -> None:
    frames = few_colours(num_frames)
    animation = Animation(frames=frames, fps=8, recipe=recipe_of(frames)).ping_pong()
    assert animation.recipe is not None
    path = animation.save(tmp_path / name)
    assert np.array_equal(generated_frames(read_frames(path), animation.recipe), frames)


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize("num_frames", [2, 5])
def test_a_loop_that_leaves_out_its_last_frame(tmp_path: Path, name: str, num_frames: int) -> None:
    frames = few_colours(num_frames)
    animation = Animation(frames=frames, fps=8, recipe=recipe_of(frames)).without_last()
    assert animation.recipe is not None
    path = animation.save(tmp_path / name)
    assert np.array_equal(generated_frames(read_frames(path), animation.recipe), frames[:-1])


@pytest.mark.parametrize("fps", [0.5, 7.0, 12.5, 30.0, 50.0])
def test_every_pace(tmp_path: Path, fps: float) -> None:
    frames = np.repeat(few_colours(6), [1, 2, 1, 5, 1, 1], axis=0)
    for name in EXACT:
        path = save_clip(frames, tmp_path / name, fps=fps, recipe=None, overwrite=False)
        assert np.array_equal(generated_frames(read_frames(path), recipe_of(frames, fps=fps)), frames), name


@pytest.mark.parametrize("size", [(64, 80), (63, 79)])
def test_mp4(tmp_path: Path, size: tuple[int, int]) -> None:
    pytest.importorskip("av")
    frames = moving_scene(5, *size)
    path = save_clip(frames, tmp_path / "clip.mp4", fps=8, recipe=None, overwrite=False)
    found = generated_frames(read_frames(path), recipe_of(frames))
    assert found.shape == frames.shape
    assert psnr(found, frames) > 28


def test_another_clip_than_its_recipe_says(tmp_path: Path) -> None:
    frames = few_colours(4)
    stored = read_frames(save_clip(frames, tmp_path / "clip.apng", fps=8, recipe=None, overwrite=False))
    for changes in ({"num_frames": 5}, {"width": 40}, {"height": 60}, {"num_frames": 5000}):
        with pytest.raises(PictureError, match="expected"):
            generated_frames(stored, recipe_of(frames, **changes))
