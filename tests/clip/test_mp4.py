"""Clips as MP4, read back by FFmpeg."""

import errno
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
import pytest

from pia_edge.clip import save_clip
from pia_edge.errors import MissingExtraError, OutputError
from tests.clip.examples import halved_colours, moving_scene, psnr


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

    monkeypatch.setattr("pia_edge.clip.mp4.tempfile.TemporaryDirectory", refuse)
    with pytest.raises(OutputError, match="disk is full"):
        save_clip(moving_scene(2), tmp_path / "clip.mp4", fps=8, recipe=None, overwrite=False)
    assert list(tmp_path.iterdir()) == []


def test_mp4_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'pia-edge\[video\]'"):
        save_clip(moving_scene(2), tmp_path / "clip.mp4", fps=8, recipe=None, overwrite=False)
    assert list(tmp_path.iterdir()) == []
