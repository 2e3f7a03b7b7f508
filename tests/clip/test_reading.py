"""Clips in: every format that is written is read, and what is none is refused in one sentence."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pia_edge.clip import save_clip
from pia_edge.clip.reading import EDGE, MAX_FRAMES, read_clip
from pia_edge.errors import PiaError, PictureError
from tests.clip.examples import few_colours, moving_scene, psnr

FRAMES = few_colours(5)


@pytest.mark.parametrize("name", ["clip.gif", "clip.webp", "clip.apng", "frames"])
def test_what_is_written_is_read(name: str, tmp_path: Path) -> None:
    path = save_clip(FRAMES, tmp_path / name, fps=10, recipe=None, overwrite=False)
    clip = read_clip(path)
    np.testing.assert_array_equal(clip.frames, FRAMES)
    np.testing.assert_allclose(clip.starts, np.arange(5) / 10, atol=1e-9)
    if path.is_file():
        assert clip.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_videos_are_read(tmp_path: Path) -> None:
    pytest.importorskip("av")
    frames = moving_scene(4)
    path = save_clip(frames, tmp_path / "clip.mp4", fps=8, recipe=None, overwrite=False)
    clip = read_clip(path)
    assert clip.frames.shape == frames.shape
    assert psnr(clip.frames, frames) > 28
    assert (np.diff(clip.starts) > 0).all()


def test_a_frame_that_stands_still_is_shown_for_as_long(tmp_path: Path) -> None:
    still = FRAMES[[0, 0, 0, 1]]
    clip = read_clip(save_clip(still, tmp_path / "clip.gif", fps=10, recipe=None, overwrite=False))
    assert len(clip.frames) == 2
    np.testing.assert_allclose(clip.starts, [0, 0.3], atol=1e-9)


def test_large_frames_are_scaled_down(tmp_path: Path) -> None:
    Image.new("RGB", (2 * EDGE, EDGE), (10, 200, 30)).save(tmp_path / "large.png")
    clip = read_clip(tmp_path / "large.png")
    assert clip.frames.shape == (1, EDGE // 2, EDGE, 3)
    assert (clip.frames == (10, 200, 30)).all()


def test_what_is_no_clip(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "mixed").mkdir()
    Image.new("RGB", (8, 8)).save(tmp_path / "mixed/a.png")
    Image.new("RGB", (8, 9)).save(tmp_path / "mixed/b.png")
    (tmp_path / "text.gif").write_text("no clip")
    (tmp_path / "none.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + b"\0" * 64)
    whole = save_clip(FRAMES, tmp_path / "clip.webp", fps=10, recipe=None, overwrite=False).read_bytes()
    (tmp_path / "cut.webp").write_bytes(whole[: len(whole) // 2])
    for name, text in (
        ("nowhere.gif", "Could not read"),
        ("empty", "holds no PNG files"),
        ("mixed", "expected frames of one size"),
        ("text.gif", "is damaged, or no GIF"),
        ("cut.webp", "is damaged, or no GIF"),
    ):
        with pytest.raises(PictureError, match=text):
            read_clip(tmp_path / name)
    with pytest.raises(PiaError, match=r"PyAV|no video that can be read|holds no frames"):
        read_clip(tmp_path / "none.mp4")


def test_too_long_a_clip_is_refused(tmp_path: Path) -> None:
    frames = np.zeros((MAX_FRAMES + 1, 1, 1, 3), np.uint8)
    frames[:, 0, 0, 0] = np.arange(MAX_FRAMES + 1) % 256
    path = save_clip(frames, tmp_path / "clip.webp", fps=50, recipe=None, overwrite=False)
    with pytest.raises(PictureError, match="expected at most 1024 frames"):
        read_clip(path)
