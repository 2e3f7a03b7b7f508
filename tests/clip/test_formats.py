"""Clips in every format, read back by decoders that are not ours."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from pia_edge.clip import ClipFormat, check_output, clip_format_of, read_recipe, save_clip
from pia_edge.errors import OutputError, RequestError
from tests.clip.examples import few_colours, make_recipe, moving_scene, psnr, read_frames

NAMES = {"clip.gif": "GIF", "clip.webp": "WEBP", "clip.apng": "PNG"}


@pytest.mark.parametrize(("name", "expected"), NAMES.items())
@pytest.mark.parametrize("num_frames", [1, 2, 8])
def test_frames_and_looping_survive(tmp_path: Path, name: str, expected: str, num_frames: int) -> None:
    frames = moving_scene(num_frames)
    path = save_clip(frames, tmp_path / name, fps=8, recipe=None, overwrite=False)
    decoded, _, info = read_frames(path)
    assert decoded.shape == frames.shape
    assert psnr(decoded, frames) > {"GIF": 31, "WEBP": 99, "PNG": 99}[expected]
    if num_frames > 1:
        assert info["loop"] == 0
    with Image.open(path) as image:
        assert image.format == expected


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("repeats", [[1, 1, 1, 1], [3, 1, 4, 2], [1, 1, 1, 7], [0, 5, 0, 5]])
def test_each_moment_shows_its_frame(tmp_path: Path, name: str, repeats: list[int]) -> None:
    frames = np.repeat(few_colours(4), repeats, axis=0)
    decoded, delays, _ = read_frames(save_clip(frames, tmp_path / name, fps=8, recipe=None, overwrite=False))
    middles = (np.arange(len(frames)) + 0.5) * 125
    assert np.array_equal(decoded[np.searchsorted(np.cumsum(delays), middles)], frames)
    assert abs(sum(delays) - len(frames) * 125) <= 5


@pytest.mark.parametrize("name", NAMES)
def test_a_clip_that_stands_still_is_a_picture(tmp_path: Path, name: str) -> None:
    frames = few_colours(1).repeat(9, axis=0)
    decoded, _, _ = read_frames(save_clip(frames, tmp_path / name, fps=8, recipe=make_recipe(), overwrite=False))
    assert np.array_equal(decoded[0], frames[0])
    assert read_recipe(tmp_path / name) == make_recipe()


@pytest.mark.parametrize("name", ["clip.gif", "clip.apng"])
@pytest.mark.parametrize("size", [(64, 80), (33, 17), (1, 1)])
def test_ffmpeg_sees_what_pillow_sees(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    av = pytest.importorskip("av")
    path = save_clip(moving_scene(6, *size), tmp_path / name, fps=8, recipe=make_recipe(), overwrite=False)
    decoded, _, _ = read_frames(path)
    with av.open(str(path)) as container:
        seen = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert np.array_equal(np.stack(seen[: len(decoded)]), decoded)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fps", [0.1, 8, 12, 23.976, 24, 30, 50])
def test_duration_does_not_drift(tmp_path: Path, name: str, fps: float) -> None:
    frames = np.arange(24, dtype=np.uint8).reshape(24, 1, 1, 1).repeat(4, axis=1).repeat(4, axis=2).repeat(3, axis=3)
    _, delays, _ = read_frames(save_clip(frames, tmp_path / name, fps=fps, recipe=None, overwrite=False))
    tick = {"clip.gif": 10.0, "clip.webp": 1.0, "clip.apng": 0.05}[name]
    assert abs(sum(delays) - 24_000 / fps) <= tick
    assert max(delays) - min(delays) <= tick + 1e-6


@pytest.mark.parametrize("name", [*NAMES, "clip.mp4"])
@pytest.mark.parametrize("size", [(1, 1), (1, 7), (33, 17), (64, 2)])
def test_odd_sizes(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    if name.endswith(".mp4"):
        pytest.importorskip("av")
    frames = np.full((2, *size, 3), 128, dtype=np.uint8)
    frames[1] = 129
    path = save_clip(frames, tmp_path / name, fps=8, recipe=None, overwrite=False)
    if name in NAMES:
        assert read_frames(path)[0].shape == frames.shape
    assert path.stat().st_size > 0


@pytest.mark.parametrize("name", [*NAMES, "clip.mp4"])
def test_equal_clips_give_equal_bytes(tmp_path: Path, name: str) -> None:
    if name.endswith(".mp4"):
        pytest.importorskip("av")
    first = save_clip(moving_scene(), tmp_path / name, fps=8, recipe=None, overwrite=False).read_bytes()
    again = save_clip(moving_scene(), tmp_path / name, fps=8, recipe=None, overwrite=True).read_bytes()
    assert first == again


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.gif", ClipFormat.GIF),
        ("a.GIF", ClipFormat.GIF),
        ("a.b.WebP", ClipFormat.WEBP),
        ("a.apng", ClipFormat.APNG),
        ("a.mp4", ClipFormat.MP4),
        ("frames", ClipFormat.PNG_SEQUENCE),
        ("frames/", ClipFormat.PNG_SEQUENCE),
        ("frames.gif/", ClipFormat.PNG_SEQUENCE),
    ],
)
def test_the_suffix_names_the_format(name: str, expected: ClipFormat) -> None:
    assert clip_format_of(name) is expected


@pytest.mark.parametrize(("name", "says"), [("a.png", r"\.apng.*or give a folder"), ("a.avi", r"\.gif, \.webp")])
def test_other_suffixes_are_refused(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(RequestError, match=says):
        save_clip(moving_scene(2), tmp_path / name, fps=8, recipe=None, overwrite=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["clip.gif", "clip.webp", "clip.apng", "clip.mp4", "frames"])
def test_an_existing_clip_is_kept_unless_told(tmp_path: Path, name: str) -> None:
    if name.endswith(".mp4"):
        pytest.importorskip("av")
    save_clip(moving_scene(2), tmp_path / name, fps=8, recipe=None, overwrite=False)
    with pytest.raises(OutputError, match=r"exists already|not empty"):
        check_output(tmp_path / name, fps=8, overwrite=False)
    check_output(tmp_path / name, fps=8, overwrite=True)


@pytest.mark.parametrize(
    ("name", "fps"), [("a.gif", 60), ("a.webp", 0), ("a.apng", -8), ("a.webp", float("nan")), ("a", float("inf"))]
)
def test_rates_no_player_shows_are_refused(tmp_path: Path, name: str, fps: float) -> None:
    with pytest.raises(RequestError, match="frames per second"):
        save_clip(moving_scene(2), tmp_path / name, fps=fps, recipe=None, overwrite=False)


def test_a_clip_longer_than_a_gif_can_show_is_refused(tmp_path: Path) -> None:
    frames = np.zeros((66, 2, 2, 3), dtype=np.uint8)
    with pytest.raises(RequestError, match="at most 655 seconds"):
        save_clip(frames, tmp_path / "clip.gif", fps=0.1, recipe=None, overwrite=False)
    decoded, delays, _ = read_frames(
        save_clip(frames[:65], tmp_path / "clip.gif", fps=0.1, recipe=None, overwrite=False)
    )
    assert (len(decoded), delays) == (1, [650_000])


@pytest.mark.parametrize(
    "frames",
    [
        np.zeros((0, 8, 8, 3), np.uint8),
        np.zeros((8, 8, 3), np.uint8),
        np.zeros((2, 8, 8, 4), np.uint8),
        np.zeros((2, 8, 8, 3), np.float32),
        np.zeros((1, 1, 20000, 3), np.uint8),
    ],
)
def test_what_is_not_a_clip_is_refused(tmp_path: Path, frames: Any) -> None:
    with pytest.raises(RequestError, match=r"uint8 \(frames, height, width, 3\)|at most 16383"):
        save_clip(frames, tmp_path / "clip.gif", fps=8, recipe=None, overwrite=False)
    assert list(tmp_path.iterdir()) == []
