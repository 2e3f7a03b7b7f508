"""Clips in: every format that is written is read, at its size or small, and what is none is refused in one sentence."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pia_edge.clip import reading, save_clip
from pia_edge.clip.reading import EDGE, MAX_SMALL_FRAMES, numbered_pngs, read_frames, read_small, shown_frames
from pia_edge.errors import MissingExtraError, PictureError
from tests.clip.examples import few_colours, moving_scene, psnr

FRAMES = few_colours(5)


@pytest.mark.parametrize("name", ["clip.gif", "clip.webp", "clip.apng", "frames"])
def test_what_is_written_is_read(name: str, tmp_path: Path) -> None:
    path = save_clip(FRAMES, tmp_path / name, fps=10, recipe=None, overwrite=False)
    clip = read_small(path)
    np.testing.assert_array_equal(clip.frames, FRAMES)
    np.testing.assert_allclose(clip.starts, np.arange(5) / 10, atol=1e-9)
    if path.is_file():
        assert clip.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_videos_are_read(tmp_path: Path) -> None:
    pytest.importorskip("av")
    frames = moving_scene(4)
    path = save_clip(frames, tmp_path / "clip.mp4", fps=8, recipe=None, overwrite=False)
    clip = read_small(path)
    assert clip.frames.shape == frames.shape
    assert psnr(clip.frames, frames) > 28
    assert (np.diff(clip.starts) > 0).all()


def test_a_frame_that_stands_still_is_shown_for_as_long(tmp_path: Path) -> None:
    still = FRAMES[[0, 0, 0, 1]]
    clip = read_small(save_clip(still, tmp_path / "clip.gif", fps=10, recipe=None, overwrite=False))
    assert len(clip.frames) == 2
    np.testing.assert_allclose(clip.starts, [0, 0.3], atol=1e-9)


def test_large_frames_are_scaled_down(tmp_path: Path) -> None:
    Image.new("RGB", (2 * EDGE, EDGE), (10, 200, 30)).save(tmp_path / "large.png")
    clip = read_small(tmp_path / "large.png")
    assert clip.frames.shape == (1, EDGE // 2, EDGE, 3)
    assert (clip.frames == (10, 200, 30)).all()


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
    with pytest.raises(PictureError, match="at most 3 frames"):
        list(shown_frames(path, 3))
    assert len(list(shown_frames(path, 4))) == 4
    monkeypatch.setattr(reading, "MAX_CLIP_PIXELS", 4 * 31 * 47 - 1)
    with pytest.raises(PictureError, match="Shorten or scale"):
        read_frames(path)


def test_too_long_a_clip_is_not_measured(tmp_path: Path) -> None:
    frames = np.zeros((MAX_SMALL_FRAMES + 1, 1, 1, 3), np.uint8)
    frames[:, 0, 0, 0] = np.arange(MAX_SMALL_FRAMES + 1) % 256
    path = save_clip(frames, tmp_path / "clip.webp", fps=50, recipe=None, overwrite=False)
    with pytest.raises(PictureError, match="expected at most 1024 frames"):
        read_small(path)
