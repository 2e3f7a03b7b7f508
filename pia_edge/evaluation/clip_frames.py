"""The frames of a clip file: as they are stored, and as they were generated."""

import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageSequence

from pia_edge.clip import Recipe
from pia_edge.errors import MissingExtraError, OutOfMemoryError, PictureError
from pia_edge.image import MAX_FILE, read_picture
from pia_edge.image.colour import bits_per_sample, to_srgb

MAX_FRAMES = 1024
MAX_CLIP_PIXELS = 128 * 1024**2
"""Of all frames together: 128 frames of 1024x1024."""

_NUMBERED = re.compile(r".*?(\d+)\.png", re.IGNORECASE)
# BICUBIC, FULL_CHR_H_INT, FULL_CHR_H_INP, ACCURATE_RND and BITEXACT of swscale; its quick way is a level darker.
_EXACT_CONVERSION = 4 | 0x2000 | 0x4000 | 0x40000 | 0x80000

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True, eq=False)
class StoredFrames:
    """`pixels` uint8 sRGB (frames, height, width, 3), and how long each is shown; 0 where the file does not tell."""

    pixels: Pixels
    milliseconds: tuple[float, ...]


def read_frames(path: Path) -> StoredFrames:
    """Return the frames of a GIF, WebP, APNG or MP4, or of a folder of PNGs whose names end in their numbers.

    Raises:
        PictureError: the file is missing, damaged, too large, or none of these.
        MissingExtraError: an MP4, and PyAV is not installed.
        OutOfMemoryError: there is no memory to decode it.
    """
    try:
        if path.is_dir():
            return _of_folder(path)
        with path.open("rb") as file:
            head = file.read(16)
        if path.stat().st_size > MAX_FILE:
            raise PictureError(f"expected a clip of at most {MAX_FILE} bytes, found {path.stat().st_size}.")
        return _of_video(path) if head[4:8] == b"ftyp" else _of_animation(path)
    except OSError as error:
        raise PictureError(f"could not be read: {error.strerror or error}. Check the name and permissions.") from error
    except MemoryError as error:
        raise OutOfMemoryError("there is not enough memory to decode it. Scale it down or close programs.") from error


def generated_frames(stored: StoredFrames, recipe: Recipe) -> Pixels:
    """Return the frames that ``recipe`` describes, (num_frames, height, width, 3).

    Formats store equal frames in a row as one that is shown for as long, MP4 pads odd sides, and a clip that plays both
    ways holds its frames twice: all three are undone.

    Raises:
        PictureError: the file holds another clip than its recipe says.
    """
    backwards = max(recipe.num_frames - 2, 0) if recipe.ping_pong else 0
    shown = recipe.num_frames + backwards
    counts = [1] * len(stored.pixels)
    if len(stored.pixels) == 1:
        counts = [shown]
    elif len(stored.pixels) != shown:
        counts = [max(1, round(time * recipe.fps / 1000)) for time in stored.milliseconds]
    _check_room(shown, (recipe.width, recipe.height))
    height, width = stored.pixels.shape[1:3]
    padding = (width - recipe.width, height - recipe.height)
    if sum(counts) != shown or not all(0 <= excess <= 1 for excess in padding):
        raise PictureError(
            f"expected {shown} frames of {recipe.width}x{recipe.height} as its recipe says, found {sum(counts)} of "
            f"{width}x{height}. It was changed since; take the original, or list it in set.json."
        )
    return np.repeat(stored.pixels[:, : recipe.height, : recipe.width], counts, axis=0)[: recipe.num_frames]


def numbered_pngs(folder: Path) -> list[Path]:
    """Return the PNGs of ``folder`` whose names end in a number, in the order of these numbers."""
    found = [(int(match[1]), path) for path in folder.iterdir() if (match := _NUMBERED.fullmatch(path.name))]
    return [path for _, path in sorted(found)]


def _of_folder(folder: Path) -> StoredFrames:
    frames: list[Pixels] = []
    for path in numbered_pngs(folder):
        pixels = read_picture(path).pixels
        if frames and pixels.shape != frames[0].shape:
            raise PictureError(f"expected frames of one size, found another in {path.name!a}. Correct that frame.")
        frames.append(pixels)
        _check_room(len(frames), (pixels.shape[1], pixels.shape[0]))
    return _stored(frames, [0.0] * len(frames))


def _of_animation(path: Path) -> StoredFrames:
    frames: list[Pixels] = []
    milliseconds: list[float] = []
    with warnings.catch_warnings():
        # What Pillow warns about (sizes, odd chunks) is either checked here or harmless.
        warnings.simplefilter("ignore")
        try:
            with Image.open(path, formats=("GIF", "WEBP", "PNG")) as opened:
                for frame in ImageSequence.Iterator(opened):
                    _check_room(len(frames) + 1, frame.size)
                    frames.append(np.array(to_srgb(frame, bits=bits_per_sample(frame))[0], dtype=np.uint8))
                    # WebP knows how long a frame is shown only once it is decoded.
                    milliseconds.append(float(frame.info.get("duration", 0)))
        except (PictureError, MemoryError):
            raise
        except Exception as error:  # decoders raise a dozen kinds for damaged files, all meaning the same
            raise PictureError(
                "it is damaged, cut off, or not a GIF, WebP, APNG or MP4. Save it anew in one of these formats."
            ) from error
    return _stored(frames, milliseconds)


def _of_video(path: Path) -> StoredFrames:
    try:
        import av
    except ImportError as error:
        raise MissingExtraError("reading MP4 needs PyAV. Run: pip install 'pia-edge[video]'") from error
    frames: list[Pixels] = []
    try:
        # The demuxer is named so that a playlist with links in it is never taken for a video.
        with av.open(str(path), format="mp4", metadata_errors="replace") as container:
            for frame in container.decode(video=0):
                _check_room(len(frames) + 1, (frame.width, frame.height))
                frames.append(_converted(frame))
    except (ValueError, IndexError, av.FFmpegError) as error:
        raise PictureError("it is damaged, cut off, or holds no video. Save it anew.") from error
    return _stored(frames, [0.0] * len(frames))


def _converted(frame: Any) -> Pixels:
    pixels: Pixels = np.asarray(frame.to_ndarray(format="rgb24", interpolation=_EXACT_CONVERSION), dtype=np.uint8)
    return pixels


def _stored(frames: list[Pixels], milliseconds: list[float]) -> StoredFrames:
    if not frames:
        raise PictureError("expected at least one frame, found none. A folder needs PNGs named 0000.png, 0001.png, …")
    return StoredFrames(pixels=np.stack(frames), milliseconds=tuple(milliseconds))


def _check_room(num_frames: int, size: tuple[int, int]) -> None:
    if num_frames > MAX_FRAMES or num_frames * size[0] * size[1] > MAX_CLIP_PIXELS:
        raise PictureError(
            f"expected at most {MAX_FRAMES} frames and {MAX_CLIP_PIXELS} pixels in all, found {num_frames} frames or "
            f"more of {size[0]}x{size[1]}. Shorten or scale the clip."
        )
