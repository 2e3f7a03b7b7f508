"""Frames of clips, as they were before they were saved."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pia_edge.clip import Animation, save_clip
from pia_edge.errors import MissingExtraError, PictureError
from pia_edge.evaluation import clip_frames
from pia_edge.evaluation.clip_frames import generated_frames, numbered_pngs, read_frames
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


def test_mp4_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"\0\0\0\x20ftypisom" + bytes(100))
    monkeypatch.setitem(__import__("sys").modules, "av", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'pia-edge\[video\]'"):
        read_frames(tmp_path / "clip.mp4")


def test_frames_of_other_programs(tmp_path: Path) -> None:
    for number, level in {2: 20, 10: 100, 1: 10}.items():
        Image.new("RGB", (4, 3), (level,) * 3).save(tmp_path / f"frame-{number}.png")
    Image.new("RGB", (9, 9)).save(tmp_path / "cover.png")
    (tmp_path / "notes.txt").write_text("mine")
    assert [path.name for path in numbered_pngs(tmp_path)] == ["frame-1.png", "frame-2.png", "frame-10.png"]
    assert read_frames(tmp_path).pixels[:, 0, 0, 0].tolist() == [10, 20, 100]


def test_another_clip_than_its_recipe_says(tmp_path: Path) -> None:
    frames = few_colours(4)
    stored = read_frames(save_clip(frames, tmp_path / "clip.apng", fps=8, recipe=None, overwrite=False))
    for changes in ({"num_frames": 5}, {"width": 40}, {"height": 60}, {"num_frames": 5000}):
        with pytest.raises(PictureError, match="expected"):
            generated_frames(stored, recipe_of(frames, **changes))


def test_what_is_no_clip(tmp_path: Path) -> None:
    (tmp_path / "empty.gif").write_bytes(b"")
    (tmp_path / "page.webp").write_text("<!doctype html>")
    whole = save_clip(few_colours(3), tmp_path / "whole.gif", fps=8, recipe=None, overwrite=False).read_bytes()
    (tmp_path / "cut.gif").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "not.mp4").write_bytes(b"\0\0\0\x20ftypisom" + bytes(100))
    (tmp_path / "folder").mkdir()
    for name in ("empty.gif", "page.webp", "cut.gif", "not.mp4", "folder", "nothing.gif"):
        with pytest.raises(PictureError) as raised:
            read_frames(tmp_path / name)
        assert str(raised.value).endswith((".", "…")), name


def test_frames_of_two_sizes(tmp_path: Path) -> None:
    for number, width in enumerate((4, 5)):
        Image.new("RGB", (width, 3)).save(tmp_path / f"{number:04}.png")
    with pytest.raises(PictureError, match="one size"):
        read_frames(tmp_path)


def test_more_than_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save_clip(few_colours(4), tmp_path / "clip.gif", fps=8, recipe=None, overwrite=False)
    monkeypatch.setattr(clip_frames, "MAX_FRAMES", 3)
    with pytest.raises(PictureError, match="at most 3 frames"):
        read_frames(path)
    monkeypatch.setattr(clip_frames, "MAX_FRAMES", 4)
    monkeypatch.setattr(clip_frames, "MAX_CLIP_PIXELS", 4 * 31 * 47 - 1)
    with pytest.raises(PictureError, match="Shorten or scale"):
        read_frames(path)
