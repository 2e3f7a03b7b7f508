"""Pictures in: open one, check it, and bring its pixels upright and to sRGB."""

import logging
import stat
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, UnidentifiedImageError

from pia_edge.errors import OutOfMemoryError, PictureError
from pia_edge.image.colour import bits_per_sample, to_srgb
from pia_edge.image.foreign import name_of_foreign_format

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF", "AVIF")
MAX_PIXELS = 64 * 1024**2
MAX_SIDE = 16_384
MAX_FILE = 1024**3

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings each EXIF orientation upright (EXIF 2.32, tag 0x0112)."""

Pixels = npt.NDArray[np.uint8]

# Pillow logs the broken tags of a TIFF; without any handler, Python would print them to the terminal.
logging.getLogger("PIL").addHandler(logging.NullHandler())


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """A picture as `pixels` uint8 sRGB (height, width, 3); `notes` says what was changed to get there."""

    pixels: Pixels
    path: Path
    format: str
    notes: tuple[str, ...] = ()


def read_picture(path: Path | str) -> Picture:
    """The picture in a file: upright, in sRGB, without transparency, and of an animation the first frame.

    The format is told by the content, not the name. The size is checked before anything is decoded: at most
    64 megapixels (`MAX_PIXELS`), 16,384 pixels a side, and 1 GiB of file.

    Raises:
        PictureError: no such file, not a picture of `FORMATS`, damaged, or too large.
        OutOfMemoryError: there is no memory to decode it.
    """
    path = Path(path)
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise PictureError(f"Expected a picture, but {path} is a folder. Choose a file in it.")
        if not stat.S_ISREG(found.st_mode):
            raise PictureError(f"Expected a picture, but {path} is a device or pipe. Choose a file.")
        if not 0 < found.st_size <= MAX_FILE:
            problem = "is empty (0 bytes)" if found.st_size == 0 else f"is larger than {MAX_FILE} bytes"
            raise PictureError(f"Expected a picture, but {path} {problem}. Choose another file.")
        with path.open("rb") as file:
            return _read(file, path)
    except OSError as error:
        raise PictureError(f"Could not read {path}: {error.strerror}. Check the name and permissions.") from error
    except ValueError as error:
        raise PictureError(f"Could not read {str(path)!a}: {error}. Correct the name.") from error
    except MemoryError as error:
        raise OutOfMemoryError(f"Not enough memory to decode {path}. Scale it down or close programs.") from error


def _read(file: BinaryIO, path: Path) -> Picture:
    head = file.read(512)
    file.seek(0)
    with warnings.catch_warnings():
        # What Pillow warns about (size, odd EXIF, cut-off tags) is either checked here or harmless.
        warnings.simplefilter("ignore")
        try:
            with Image.open(file, formats=FORMATS) as opened:
                _check_size(opened.size, path)
                return _decode(opened, path)
        except (PictureError, MemoryError):
            raise
        except Image.DecompressionBombError as error:
            raise PictureError(f"{path} is too large to open safely: {error} Scale it down first.") from error
        except Exception as error:  # decoders raise a dozen kinds for damaged files, all meaning the same
            foreign = name_of_foreign_format(head)
            if foreign is not None:
                raise PictureError(
                    f"{path} is {foreign}, not a picture this program reads. Convert it to JPEG or PNG."
                ) from error
            detail = "" if isinstance(error, UnidentifiedImageError) else f" ({str(error)[:120]})"
            raise PictureError(
                f"{path} is damaged, cut off, or not a {', '.join(FORMATS)} picture{detail}. Open it in a picture "
                f"editor and save it as PNG."
            ) from error


def _check_size(size: tuple[int, int], path: Path) -> None:
    width, height = size
    if max(size) > MAX_SIDE or width * height > MAX_PIXELS:
        raise PictureError(
            f"{path} is too large: expected at most {MAX_SIDE} pixels a side and {MAX_PIXELS} in all, found "
            f"{width}x{height}. Scale it down first."
        )


def _decode(opened: Image.Image, path: Path) -> Picture:
    notes: list[str] = []
    bits = bits_per_sample(opened)
    # Pillow turns TIFF upright while loading, and knows the EXIF of some PNGs only afterwards.
    orientation = _orientation(opened)
    opened.load()
    orientation = max(orientation, _orientation(opened))
    image, colour_notes = to_srgb(opened, bits=bits)
    if (turn := _TURNS.get(_orientation(opened))) is not None:
        image = image.transpose(turn)
    if orientation > 1:
        notes.append(f"turned upright (EXIF orientation {orientation})")
    notes += colour_notes
    _check_size(image.size, path)
    pixels = np.array(image, dtype=np.uint8)
    if opened.format != "MPO" and _has_more_frames(opened):
        notes.append("took the first of several frames")
    # A multi-picture file of a phone is a JPEG with a second picture (depth, gain) behind it.
    picture_format = "JPEG" if opened.format == "MPO" else str(opened.format)
    return Picture(pixels=pixels, path=path, format=picture_format, notes=tuple(notes))


def _orientation(opened: Image.Image) -> int:
    try:
        value = opened.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # damaged EXIF raises many kinds, and is no reason to refuse whole pixels
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _has_more_frames(opened: Image.Image) -> bool:
    try:
        return bool(getattr(opened, "is_animated", False))
    except Exception:  # GIF decodes its second frame to answer, which may be damaged
        return True
