"""Clips in: the frames of a GIF, WebP, APNG, MP4 or folder of PNGs, small, and when each is shown."""

import hashlib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from pia_edge.errors import MissingExtraError, PictureError

MAX_FRAMES = 1024
MAX_SIDE = 16_384
MAX_PIXELS = 64 * 1024**2
EDGE = 256
"""Pixels of the longer side: what the paper's code measures clips at."""

_FORMATS = ("GIF", "WEBP", "PNG")
_SECONDS_UNKNOWN = 0.1


@dataclass(frozen=True, kw_only=True, eq=False)
class ReadClip:
    """A clip as it was read."""

    frames: npt.NDArray[np.uint8]
    """RGB, (frames, height, width, 3), scaled down to `EDGE`."""
    starts: npt.NDArray[np.float64]
    """When each is shown first, in seconds, ascending from 0."""
    sha256: str
    """Of the file, or of the files of a folder one after the other, in hexadecimal."""


def read_clip(path: Path | str) -> ReadClip:
    """Return the frames of a clip, told by its content.

    Raises:
        PictureError: no such clip, none of these formats, damaged, too large, or of more than `MAX_FRAMES` frames.
        MissingExtraError: an MP4, and PyAV is not installed.
    """
    path = Path(path)
    try:
        files = sorted(path.glob("*.png")) if path.is_dir() else [path]
        if not files:
            raise PictureError(f"Expected a clip, but the folder {path} holds no PNG files. Choose another.")
        digest, head = hashlib.sha256(), b""
        for file in files:
            with file.open("rb") as opened:
                head = head or opened.read(16)
                opened.seek(0)
                while block := opened.read(2**20):
                    digest.update(block)
        shown = _video(path) if head[4:8] == b"ftyp" else _of_pictures(files)
        frames, starts = _collected(shown, path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)[:120]
        raise PictureError(f"Could not read the clip {path}: {reason}. Check the name, or save it as GIF.") from error
    return ReadClip(frames=frames, starts=starts, sha256=digest.hexdigest())


def _collected(
    shown: Iterator[tuple[Image.Image, float]], path: Path
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float64]]:
    frames: list[npt.NDArray[np.uint8]] = []
    starts, now = [], 0.0
    for image, seconds in shown:
        if len(frames) == MAX_FRAMES:
            raise PictureError(f"{path} is too long: expected at most {MAX_FRAMES} frames, found more. Cut it first.")
        small = np.asarray(image)
        if frames and small.shape != frames[0].shape:
            raise PictureError(f"{path}: expected frames of one size, found several. Scale them to one size first.")
        frames.append(small)
        starts.append(now)
        now += seconds
    if not frames:
        raise PictureError(f"Expected a clip, but {path} holds no frames. Choose another.")
    return np.stack(frames), np.array(starts)


def _of_pictures(files: list[Path]) -> Iterator[tuple[Image.Image, float]]:
    for file in files:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with Image.open(file, formats=_FORMATS) as opened:
                    _check_size(opened.size, file)
                    for index in range(getattr(opened, "n_frames", 1)):
                        opened.seek(index)
                        small = _small(opened.convert("RGB"))
                        yield small, float(opened.info.get("duration") or 1000 * _SECONDS_UNKNOWN) / 1000
        except (PictureError, MemoryError):
            raise
        except Exception as error:  # decoders raise a dozen kinds for damaged files, all meaning the same
            raise PictureError(
                f"{file} is damaged, or no GIF, WebP, APNG, MP4 or folder of PNGs. Save the clip as one of these."
            ) from error


def _video(path: Path) -> Iterator[tuple[Image.Image, float]]:
    try:
        import av
    except ImportError as error:
        raise MissingExtraError(
            "Reading MP4 needs PyAV, which is not installed. Install it with: pip install 'pia-edge[video]' or save "
            "the clip as GIF, WebP or APNG."
        ) from error
    try:
        # The demuxer is named so that a playlist with links in it is never taken for a video.
        with av.open(str(path), format="mp4", metadata_errors="replace") as container:
            for frame in container.decode(video=0):
                _check_size((frame.width, frame.height), path)
                yield _small(Image.fromarray(frame.to_ndarray(format="rgb24"))), _SECONDS_UNKNOWN
    except (OSError, ValueError, IndexError, av.FFmpegError) as error:
        raise PictureError(f"{path} is damaged, or no video that can be read. Save the clip as GIF.") from error


def _check_size(size: tuple[int, int], path: Path) -> None:
    if max(size) > MAX_SIDE or size[0] * size[1] > MAX_PIXELS:
        raise PictureError(
            f"{path} is too large: expected at most {MAX_SIDE} pixels a side and {MAX_PIXELS} in all, found "
            f"{size[0]}x{size[1]}. Scale it down first."
        )


def _small(image: Image.Image) -> Image.Image:
    if max(image.size) <= EDGE:
        return image
    scale = EDGE / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BOX)
