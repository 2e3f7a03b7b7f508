"""Clips in every format, read back by decoders that are not ours."""

import errno
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from pia_edge.clip import ClipFormat, check_output, clip_format_of, save_clip
from pia_edge.clip_gif import to_palette
from pia_edge.delays import frame_delays
from pia_edge.errors import MissingExtraError, OutputError, RequestError

NAMES = {"clip.gif": "GIF", "clip.webp": "WEBP", "clip.apng": "PNG"}


def moving_scene(num_frames: int = 8, height: int = 64, width: int = 80) -> npt.NDArray[np.uint8]:
    """A gradient that stands still behind a bright disc that moves: thousands of colours, little noise."""
    y, x = np.mgrid[:height, :width]
    still = np.stack([x * 255 / width, y * 255 / height, 255 - x * 128 / width], axis=-1)
    frames = np.repeat(still[None], num_frames, axis=0)
    for index in range(num_frames):
        frames[index, (x - 12 - 4 * index) ** 2 + (y - 30) ** 2 < 64] = (250, 240, 60)
    return frames.astype(np.uint8)


def read_frames(path: Path) -> tuple[npt.NDArray[np.uint8], list[float], dict[Any, Any]]:
    frames, delays = [], []
    with Image.open(path) as image:
        for index in range(getattr(image, "n_frames", 1)):
            image.seek(index)
            frames.append(np.asarray(image.convert("RGB")))
            delays.append(float(image.info.get("duration", 0)))
        return np.stack(frames), delays, dict(image.info)


def psnr(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> float:
    error = float(np.mean((one.astype(float) - other) ** 2))
    return float(10 * np.log10(255**2 / max(error, 1e-9)))


def halved_colours(frames: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The best that 4:2:0 can hold: full brightness, each colour plane averaged over 2x2 pixels."""
    held = []
    for frame in frames:
        luma, *chroma = Image.fromarray(frame).convert("YCbCr").split()
        half = ((luma.width + 1) // 2, (luma.height + 1) // 2)
        planes = [plane.resize(half, Image.Resampling.BOX).resize(luma.size) for plane in chroma]
        held.append(np.asarray(Image.merge("YCbCr", (luma, *planes)).convert("RGB")))
    return np.stack(held)


@pytest.mark.parametrize(("name", "expected"), NAMES.items())
@pytest.mark.parametrize("num_frames", [1, 2, 8])
def test_frames_and_looping_survive(tmp_path: Path, name: str, expected: str, num_frames: int) -> None:
    frames = moving_scene(num_frames)
    path = save_clip(frames, tmp_path / name, fps=8, recipe=None, overwrite=False)
    decoded, _, info = read_frames(path)
    assert decoded.shape == frames.shape
    assert psnr(decoded, frames) > {"GIF": 31, "WEBP": 99, "PNG": 99}[expected]
    assert info.get("loop", 0) == 0
    with Image.open(path) as image:
        assert image.format == expected


def test_large_webp_loses_only_what_halved_colours_lose(tmp_path: Path) -> None:
    frames = moving_scene(3, 264, 300)
    decoded, _, _ = read_frames(save_clip(frames, tmp_path / "a.webp", fps=8, recipe=None, overwrite=False))
    assert psnr(decoded, frames) > psnr(halved_colours(frames), frames) - 1
    smooth = np.ones((264, 300), dtype=bool)
    smooth[20:41, :40] = False
    assert psnr(decoded[:, smooth], frames[:, smooth]) > 40


@pytest.mark.parametrize("name", NAMES)
def test_equal_frames_are_not_merged(tmp_path: Path, name: str) -> None:
    frames = np.repeat(moving_scene(2), [3, 4], axis=0)
    decoded, delays, _ = read_frames(save_clip(frames, tmp_path / name, fps=10, recipe=None, overwrite=False))
    assert len(decoded) == 7
    assert delays == [100] * 7
    assert np.array_equal(decoded[0], decoded[2])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fps", [0.1, 8, 12, 23.976, 24, 30, 50])
def test_duration_does_not_drift(tmp_path: Path, name: str, fps: float) -> None:
    frames = np.zeros((24, 4, 4, 3), dtype=np.uint8)
    _, delays, _ = read_frames(save_clip(frames, tmp_path / name, fps=fps, recipe=None, overwrite=False))
    tick = {"clip.gif": 10.0, "clip.webp": 1.0, "clip.apng": 0.05}[name]
    assert abs(sum(delays) - 24_000 / fps) <= tick
    assert max(delays) - min(delays) <= tick + 1e-6


def test_gif_delays_at_8_fps_alternate() -> None:
    assert frame_delays(4, 8, 100) == [13, 12, 13, 12]
    assert sum(frame_delays(16, 8, 100)) == 200


@pytest.mark.parametrize("name", [*NAMES, "clip.mp4"])
@pytest.mark.parametrize("size", [(1, 1), (1, 7), (33, 17), (64, 2)])
def test_odd_sizes(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    if name.endswith(".mp4"):
        pytest.importorskip("av")
    frames = np.full((2, *size, 3), 128, dtype=np.uint8)
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


def test_gif_of_few_colours_is_exact(tmp_path: Path) -> None:
    colours = np.random.default_rng(5).integers(0, 256, (255, 3), dtype=np.uint8)
    frames = colours[np.random.default_rng(6).integers(0, 255, (5, 31, 47))]
    decoded, _, _ = read_frames(save_clip(frames, tmp_path / "flat.gif", fps=8, recipe=None, overwrite=False))
    assert np.array_equal(decoded, frames)


def test_gif_does_not_flicker_where_nothing_moves(tmp_path: Path) -> None:
    frames = moving_scene()
    decoded, _, _ = read_frames(save_clip(frames, tmp_path / "clip.gif", fps=8, recipe=None, overwrite=False))
    stands_still = np.all(frames[1:] == frames[:-1], axis=-1)
    assert stands_still.mean() > 0.9
    assert np.array_equal(decoded[1:][stands_still], decoded[:-1][stands_still])


def test_gif_dither_hides_bands() -> None:
    ramp = np.repeat(np.linspace(0, 255, 600)[None, None], 64, axis=1)
    frames = np.stack([ramp, ramp * 0.7 + 20, 255 - ramp], axis=-1).astype(np.uint8)
    indices, palette = to_palette(frames)
    mean_over_columns = palette[indices].astype(float).mean(axis=(0, 1))
    assert np.abs(mean_over_columns - frames.astype(float).mean(axis=(0, 1))).max() < 4
    assert len(np.unique(indices[0, :, 300])) > 1


def test_gif_stores_only_what_changes(tmp_path: Path) -> None:
    still = np.random.default_rng(1).integers(0, 256, (1, 96, 96, 3), dtype=np.uint8)
    frames = np.repeat(still, 10, axis=0)
    one = save_clip(still, tmp_path / "one.gif", fps=8, recipe=None, overwrite=False).stat().st_size
    frames[5, 10:14, 20:24] = 0
    ten = save_clip(frames, tmp_path / "ten.gif", fps=8, recipe=None, overwrite=False).stat().st_size
    assert ten < one * 1.1


def test_png_sequence(tmp_path: Path) -> None:
    frames = moving_scene(3)
    folder = save_clip(frames, f"{tmp_path}/clip.v2/", fps=8, recipe=None, overwrite=False)
    assert sorted(path.name for path in folder.iterdir()) == ["0000.png", "0001.png", "0002.png"]
    for index, frame in enumerate(frames):
        with Image.open(folder / f"{index:04}.png") as image:
            assert np.array_equal(np.asarray(image), frame)
            assert image.info["srgb"] == 0


def test_a_shorter_sequence_leaves_no_old_frames(tmp_path: Path) -> None:
    save_clip(moving_scene(5), tmp_path / "frames", fps=8, recipe=None, overwrite=False)
    with pytest.raises(OutputError, match="not empty"):
        save_clip(moving_scene(2), tmp_path / "frames", fps=8, recipe=None, overwrite=False)
    save_clip(moving_scene(2), tmp_path / "frames", fps=8, recipe=None, overwrite=True)
    assert len(list((tmp_path / "frames").iterdir())) == 2


def test_a_folder_of_photographs_is_safe(tmp_path: Path) -> None:
    (tmp_path / "IMG_0001.png").write_bytes(b"holiday")
    with pytest.raises(OutputError, match="would be lost"):
        save_clip(moving_scene(2), tmp_path, fps=8, recipe=None, overwrite=True)
    assert (tmp_path / "IMG_0001.png").read_bytes() == b"holiday"


def decoded_exactly(frame: Any) -> npt.NDArray[np.uint8]:
    """Pixels by what the frame's own tags say; swscale's quick conversion would add an error larger than ours."""
    # BICUBIC, FULL_CHR_H_INT, FULL_CHR_H_INP, ACCURATE_RND and BITEXACT of swscale.
    flags = 4 | 0x2000 | 0x4000 | 0x40000 | 0x80000
    return np.asarray(frame.to_ndarray(format="rgb24", interpolation=flags))


@pytest.mark.parametrize("size", [(64, 80), (63, 79)])
def test_mp4_plays_everywhere(tmp_path: Path, size: tuple[int, int]) -> None:
    av = pytest.importorskip("av")
    frames = moving_scene(8, *size)
    path = save_clip(frames, tmp_path / "clip.mp4", fps=12.5, recipe=None, overwrite=False)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert (context.height, context.width) == (64, 80)
        assert (context.colorspace, context.color_primaries, context.color_trc, context.color_range) == (1, 1, 1, 1)
        assert float(stream.average_rate) == 12.5
        assert container.duration == 8 / 12.5 * 1_000_000
        decoded = np.stack([decoded_exactly(frame) for frame in container.decode(stream)])
    decoded = decoded[:, : size[0], : size[1]]
    assert psnr(decoded, frames) > psnr(halved_colours(frames), frames) - 2
    smooth = np.ones(size, dtype=bool)
    smooth[20:41] = False
    assert psnr(decoded[:, smooth], frames[:, smooth]) > 40
    content = path.read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")


def test_mp4_keeps_colours(tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    colours = np.array([(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (128, 128, 128)])
    frames = np.repeat(colours.astype(np.uint8), 16, axis=0)[None, None].repeat(32, axis=1).repeat(3, axis=0)
    save_clip(frames, tmp_path / "clip.mp4", fps=8, recipe=None, overwrite=False)
    with av.open(str(tmp_path / "clip.mp4")) as container:
        decoded = decoded_exactly(next(container.decode(video=0)))
    assert np.abs(decoded[16, 8::16].astype(int) - colours).max() <= 3


def test_mp4_explains_a_full_temporary_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("av")

    def refuse(**_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pia_edge.clip_mp4.tempfile.TemporaryDirectory", refuse)
    with pytest.raises(OutputError, match="disk is full"):
        save_clip(moving_scene(2), tmp_path / "clip.mp4", fps=8, recipe=None, overwrite=False)
    assert list(tmp_path.iterdir()) == []


def test_mp4_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'pia-edge\[video\]'"):
        save_clip(moving_scene(2), tmp_path / "clip.mp4", fps=8, recipe=None, overwrite=False)
    assert list(tmp_path.iterdir()) == []


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
