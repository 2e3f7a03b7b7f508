"""Clips in: the frames of a GIF, WebP, APNG, MP4 or folder of PNGs, and how long each is shown."""

import hashlib
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageSequence

from pia_edge.clip.timing import MAX_PLAYED_FRAMES, SECONDS_UNKNOWN
from pia_edge.errors import MissingExtraError, OutOfMemoryError, PictureError
from pia_edge.image import MAX_FILE, MAX_PIXELS, MAX_SIDE, read_picture
from pia_edge.image.colour import bits_per_sample, to_srgb

MAX_SMALL_FRAMES = 1024
"""Of a clip that is measured: all of it lies in memory."""
MAX_CLIP_PIXELS = 128 * 1024**2
"""Of all frames together, where they are kept at their size: 128 frames of 1024x1024."""
EDGE = 256
"""Pixels of the longer side: what the paper's code measures clips at."""

_NUMBERED = re.compile(r".*?(\d+)\.png", re.IGNORECASE)
# BICUBIC, FULL_CHR_H_INT, FULL_CHR_H_INP, ACCURATE_RND and BITEXACT of swscale; its quick way is a level darker.
_EXACT_CONVERSION = 4 | 0x2000 | 0x4000 | 0x40000 | 0x80000

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True, eq=False)
class StoredFrames:
    """`pixels` uint8 sRGB (frames, height, width, 3), and how long each is shown; 0 where the file does not tell."""

    pixels: Pixels
    milliseconds: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class SmallClip:
    """A clip as it is measured."""

    frames: Pixels
    """sRGB, (frames, height, width, 3), scaled down to `EDGE`."""
    starts: npt.NDArray[np.float64]
    """When each is shown first, in seconds, ascending from 0."""
    sha256: str
    """Of the file, or of the files of a folder one after the other, in hexadecimal."""


class ShownFrame(NamedTuple):
    """A frame uint8 sRGB (height, width, 3), and how long it is shown; 0 where the file does not tell."""

    pixels: Pixels
    milliseconds: float


def read_frames(path: Path) -> StoredFrames:
    """Return the frames of a clip as they are stored.

    Raises:
        PictureError: the file is missing, damaged, too large, or no clip.
        MissingExtraError: an MP4, and PyAV is not installed.
        OutOfMemoryError: there is no memory to decode it.
    """
    frames: list[Pixels] = []
    times: list[float] = []
    for shown in shown_frames(path):
        height, width, _ = shown.pixels.shape
        check_room(len(frames) + 1, (width, height), path)
        frames.append(shown.pixels)
        times.append(shown.milliseconds)
    return StoredFrames(pixels=np.stack(frames), milliseconds=tuple(times))


def read_small(path: Path) -> SmallClip:
    """Return the frames of a clip scaled down, one after the other, so that long and large ones are read too.

    Raises:
        PictureError: the file is missing, damaged, too large, or no clip.
        MissingExtraError: an MP4, and PyAV is not installed.
        OutOfMemoryError: there is no memory to decode it.
    """
    frames: list[Pixels] = []
    starts, now = [], 0.0
    for shown in shown_frames(path, MAX_SMALL_FRAMES):
        frames.append(_small(shown.pixels))
        starts.append(now)
        now += shown.milliseconds / 1000 or SECONDS_UNKNOWN
    return SmallClip(frames=np.stack(frames), starts=np.array(starts), sha256=_sha256(path))


def check_room(num_frames: int, size: tuple[int, int], path: Path | str = "the clip") -> None:
    """Check that so many frames of (width, height) may be kept at their size.

    Raises:
        PictureError: they are too many or too large.
    """
    if num_frames * size[0] * size[1] > MAX_CLIP_PIXELS:
        raise PictureError(
            f"{path}: expected at most {MAX_CLIP_PIXELS} pixels in all, found {num_frames} frames or more of "
            f"{size[0]}x{size[1]}. Shorten or scale the clip."
        )


def numbered_pngs(folder: Path) -> list[Path]:
    """Return the PNGs of ``folder`` whose names end in a number, in the order of these numbers."""
    found = [(int(match[1]), path) for path in folder.iterdir() if (match := _NUMBERED.fullmatch(path.name))]
    return [path for _, path in sorted(found)]


def shown_frames(path: Path, most: int = MAX_PLAYED_FRAMES) -> Iterator[ShownFrame]:
    """Yield the frames of a clip one after the other, all of one size, at least one and no more than ``most``.

    Raises:
        PictureError: the file is missing, damaged, too large, or no clip.
        MissingExtraError: an MP4, and PyAV is not installed.
        OutOfMemoryError: there is no memory to decode it.
    """
    count, size = 0, (0, 0)
    try:
        for count, shown in enumerate(_decoded(path), start=1):
            if count > most:
                raise PictureError(f"{path}: expected at most {most} frames, found more. Shorten the clip.")
            size = shown.pixels.shape[:2] if count == 1 else size
            if shown.pixels.shape[:2] != size:
                raise PictureError(f"{path}: expected frames of one size, found several. Scale them to one size.")
            yield shown
    except OSError as error:
        raise PictureError(f"{path}: could not be read: {error.strerror or error}. Check the name.") from error
    except MemoryError as error:
        raise OutOfMemoryError(f"{path}: there is not enough memory to decode it. Scale it down.") from error
    if not count:
        raise PictureError(f"{path}: expected frames, found none. A folder needs PNGs named 0000.png, 0001.png, …")


def _decoded(path: Path) -> Iterator[ShownFrame]:
    if path.is_dir():
        for file in numbered_pngs(path):
            yield ShownFrame(read_picture(file).pixels, 0.0)
        return
    with path.open("rb") as opened:
        head = opened.read(16)
    if path.stat().st_size > MAX_FILE:
        raise PictureError(f"{path}: expected a clip of at most {MAX_FILE} bytes, found {path.stat().st_size}.")
    yield from _of_video(path) if head[4:8] == b"ftyp" else _of_animation(path)


def _of_animation(path: Path) -> Iterator[ShownFrame]:
    try:
        with warnings.catch_warnings():
            # What Pillow warns about (sizes, odd chunks) is either checked here or harmless.
            warnings.simplefilter("ignore")
            opened = Image.open(path, formats=("GIF", "WEBP", "PNG"))
        with opened:
            frames = ImageSequence.Iterator(opened)
            while (shown := _next(frames, path)) is not None:
                yield shown
    except (PictureError, MemoryError):
        raise
    except Exception as error:  # decoders raise a dozen kinds for damaged files, all meaning the same
        raise PictureError(
            f"{path}: it is damaged, cut off, or not a GIF, WebP, APNG or MP4. Save it anew in one of these formats."
        ) from error


def _next(frames: Iterator[Image.Image], path: Path) -> ShownFrame | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = next(frames, None)
        if frame is None:
            return None
        _check_size(path, frame.size)
        pixels = np.array(to_srgb(frame, bits=bits_per_sample(frame))[0], dtype=np.uint8)
    # WebP knows how long a frame is shown only once it is decoded.
    return ShownFrame(pixels, float(frame.info.get("duration") or 0))


def _of_video(path: Path) -> Iterator[ShownFrame]:
    try:
        import av
    except ImportError as error:
        raise MissingExtraError(f"{path}: reading MP4 needs PyAV. Run: pip install 'pia-edge[video]'") from error
    try:
        # The demuxer is named so that a playlist with links in it is never taken for a video.
        with av.open(str(path), format="mp4", metadata_errors="replace") as container:
            for frame in container.decode(video=0):
                _check_size(path, (frame.width, frame.height))
                pixels = frame.to_ndarray(format="rgb24", interpolation=_EXACT_CONVERSION)
                seconds = (frame.duration or 0) * (frame.time_base or 0)
                yield ShownFrame(np.asarray(pixels, dtype=np.uint8), float(1000 * seconds))
    except (ValueError, IndexError, av.FFmpegError) as error:
        raise PictureError(f"{path}: it is damaged, cut off, or holds no video. Save it anew.") from error


def _check_size(path: Path, size: tuple[int, int]) -> None:
    if max(size) > MAX_SIDE or size[0] * size[1] > MAX_PIXELS:
        raise PictureError(
            f"{path}: expected at most {MAX_SIDE} pixels a side and {MAX_PIXELS} in a frame, found "
            f"{size[0]}x{size[1]}. Scale it down first."
        )


def _small(pixels: Pixels) -> Pixels:
    height, width, _ = pixels.shape
    if max(height, width) <= EDGE:
        return pixels
    scale = EDGE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX))


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    for file in numbered_pngs(path) if path.is_dir() else [path]:
        with file.open("rb") as opened:
            while block := opened.read(2**20):
                digest.update(block)
    return digest.hexdigest()
