"""The formats of a clip, and writing one in the format its name asks for."""

import math
import os
import re
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from pia_edge.clip.mp4 import require_video_extra
from pia_edge.clip.recipe import Recipe
from pia_edge.errors import RequestError
from pia_edge.files import (
    check_file_target,
    check_folder_target,
    write_atomically,
    write_folder_atomically,
)

MAX_SIDE = 16383
"""The longest side WebP can hold, in pixels; the other formats hold more."""
MIN_FPS, MAX_FPS = 0.1, 120.0
MAX_GIF_FPS = 50.0
"""Browsers slow GIF frames shorter than 20 ms down to 100 ms."""
MAX_SECONDS = 655.0
"""How long a GIF can show one frame, which a clip that stands still becomes; the other formats hold more."""

_SEQUENCE_NAME = re.compile(r"\d{4,}\.png")


class ClipFormat(StrEnum):
    """How a clip is stored."""

    GIF = "gif"
    WEBP = "webp"
    APNG = "apng"
    MP4 = "mp4"
    PNG_SEQUENCE = "png sequence"


_SINGLE_FILES = (ClipFormat.GIF, ClipFormat.WEBP, ClipFormat.APNG, ClipFormat.MP4)


def _encoded(clip_format: ClipFormat, frames: npt.NDArray[np.uint8], fps: float, text: str) -> bytes:
    """The file of a clip in a format that has one; Pillow is imported here, for those who only name formats."""
    from pia_edge.clip.gif import encode_gif
    from pia_edge.clip.mp4 import encode_mp4
    from pia_edge.clip.png import encode_apng
    from pia_edge.clip.webp import encode_webp

    encoders = {
        ClipFormat.GIF: encode_gif,
        ClipFormat.WEBP: encode_webp,
        ClipFormat.APNG: encode_apng,
        ClipFormat.MP4: encode_mp4,
    }
    return encoders[clip_format](frames, fps=fps, text=text)


def save_clip(
    frames: npt.NDArray[np.uint8], path: Path | str, *, fps: float, recipe: Recipe | None, overwrite: bool
) -> Path:
    """Write `frames` uint8 sRGB (frames, height, width, 3) in the format that `path` names; return the path.

    `.gif`, `.webp`, `.apng` and `.mp4` name their formats; a folder (it exists, has no suffix, or the text
    ends in a slash) gets 0000.png, 0001.png, …. The clip loops, shows each frame at its time, and holds the
    recipe; equal frames in a row may be stored as one. The file appears whole or not at all, and equal clips
    give equal bytes.

    Raises:
        RequestError: no format has this suffix, or it cannot hold this clip.
        OutputError: the file exists and `overwrite` is false, or the disk refuses.
        MissingExtraError: MP4, and PyAV is not installed.
    """
    clip_format = check_output(path, fps=fps, overwrite=overwrite)
    _check_frames(frames, fps)
    text = recipe.to_json() if recipe is not None else ""
    path = Path(path)
    if clip_format is ClipFormat.PNG_SEQUENCE:
        from pia_edge.clip.png import encode_png

        def write_sequence(folder: Path) -> None:
            for index, frame in enumerate(frames):
                (folder / f"{index:04}.png").write_bytes(encode_png(frame, text=text))

        write_folder_atomically(path, write_sequence, overwrite=overwrite, replaceable=_in_sequence)
        return path

    def write(file: BinaryIO) -> None:
        file.write(_encoded(clip_format, frames, fps, text))

    write_atomically(path, write, overwrite=overwrite)
    return path


def size_of_clip(frames: npt.NDArray[np.uint8], clip_format: ClipFormat, *, fps: float, recipe: Recipe | None) -> int:
    """Encode the clip as `save_clip` would, and return how many bytes that are; those of all files of a folder.

    Raises:
        RequestError: the format cannot hold this clip.
        MissingExtraError: MP4, and PyAV is not installed.
    """
    check_rate(clip_format, fps)
    _check_frames(frames, fps)
    text = recipe.to_json() if recipe is not None else ""
    if clip_format is ClipFormat.PNG_SEQUENCE:
        from pia_edge.clip.png import encode_png

        return sum(len(encode_png(frame, text=text)) for frame in frames)
    return len(_encoded(clip_format, frames, fps, text))


def check_rate(clip_format: ClipFormat, fps: float) -> None:
    """Check that a format can play so many frames per second.

    Raises:
        RequestError: it cannot.
    """
    fastest = MAX_GIF_FPS if clip_format is ClipFormat.GIF else MAX_FPS
    if not (math.isfinite(fps) and MIN_FPS <= fps <= fastest):
        raise RequestError(
            f"fps: {clip_format} plays {MIN_FPS:g} to {fastest:g} frames per second, found {fps:g}. "
            f"Choose a rate in this range or another format."
        )


def clip_format_of(path: Path | str) -> ClipFormat:
    """The format that the suffix of `path` names, whatever its case.

    Raises:
        RequestError: none has it.
    """
    text = str(path)
    if text.endswith(("/", os.sep)) or Path(path).suffix == "":
        return ClipFormat.PNG_SEQUENCE
    suffix = Path(path).suffix.lower().removeprefix(".")
    if suffix in _SINGLE_FILES:
        return ClipFormat(suffix)
    if Path(path).is_dir():
        return ClipFormat.PNG_SEQUENCE
    advice = "Choose one of these."
    if suffix == "png":
        advice = "Name it .apng for an animated PNG, or give a folder for one PNG per frame."
    raise RequestError(
        f"Expected a name that ends in .gif, .webp, .apng or .mp4, or a folder, found {Path(path).name!a}. {advice}"
    )


def check_output(path: Path | str, *, fps: float, overwrite: bool) -> ClipFormat:
    """The format of `path`, once all that can be known before the frames exist speaks for writing it.

    Raises:
        RequestError, OutputError, MissingExtraError: as `save_clip`.
    """
    clip_format = clip_format_of(path)
    check_rate(clip_format, fps)
    if clip_format is ClipFormat.MP4:
        require_video_extra()
    if clip_format is ClipFormat.PNG_SEQUENCE:
        check_folder_target(Path(path), overwrite=overwrite, replaceable=_in_sequence)
    else:
        check_file_target(Path(path), overwrite=overwrite)
    return clip_format


def _check_frames(frames: npt.NDArray[np.uint8], fps: float) -> None:
    if frames.dtype != np.uint8 or frames.ndim != 4 or frames.shape[-1] != 3 or 0 in frames.shape:
        raise RequestError(
            f"Expected a clip as uint8 (frames, height, width, 3) of at least one frame, found "
            f"{frames.dtype} {frames.shape}."
        )
    if max(frames.shape[1:3]) > MAX_SIDE:
        raise RequestError(f"Expected frames of at most {MAX_SIDE} pixels a side, found {frames.shape[1:3]}.")
    if len(frames) / fps > MAX_SECONDS:
        raise RequestError(
            f"Expected a clip of at most {MAX_SECONDS:g} seconds, found {len(frames)} frames at {fps:g} frames per "
            f"second. Choose a higher rate."
        )


def _in_sequence(name: str) -> bool:
    return _SEQUENCE_NAME.fullmatch(name) is not None
