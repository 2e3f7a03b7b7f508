"""Questions about pictures: what of one will be animated, and keeping one that was pasted."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pia_edge.cancel import CancelToken
from pia_edge.errors import PictureError, RequestError
from pia_edge.files import explained, write_atomically
from pia_edge.request import AnimationRequest
from pia_edge.worker.picture_questions import KeepPicture, PictureKept, PictureViewed, ViewPicture

if TYPE_CHECKING:
    from pia_edge.image import FittedPicture, Picture
    from pia_edge.image.fit import Pixels

_LARGEST_SHOWN = 1536
"""Pixels of the longer side; more would be a message of over 10 MB, and no window shows more in this place."""


def view_picture(question: ViewPicture, token: CancelToken) -> PictureViewed:
    """Return the picture as :func:`pia_edge.settings.settle` fits it, which is what the pipeline animates.

    Raises:
        PictureError: it cannot be read.
        BundleError: there is no such bundle.
        RequestError: it can, but does not suit the size or the bundle.
    """
    from pia_edge.bundle.find import find_bundle
    from pia_edge.bundle.opening import read_manifest
    from pia_edge.settings import settle

    manifest, _ = read_manifest(find_bundle(question.bundle))
    shown = _read(question.path)
    token.check()
    first = None if question.first is None else _read(question.first)
    token.check()
    # The prompt decides nothing of the picture, but a request has one.
    request = AnimationRequest(prompt="-", fit=question.fit, size=question.size, num_frames=question.num_frames)
    try:
        settings = settle(manifest, first or shown, request, None if first is None else shown)
    except PictureError as error:
        # One that is too narrow suits another fit: not the file is at fault, but what was chosen.
        raise RequestError(str(error)) from error
    return _viewed(shown, settings.last_picture or settings.picture, settings.num_frames)


def keep_picture(question: KeepPicture) -> PictureKept:
    """Keep a picture as PNG, named by the hash of its content; one that is there already is not written again.

    Raises:
        PictureError: it is no picture that can be read, or too large.
        OutputError: the folder cannot be written.
    """
    if question.size is None:
        content = _png_file(question.source)
    else:
        content = _png_of(question.source, question.size, opaque=question.opaque)
    path = question.folder / f"{hashlib.sha256(content).hexdigest()[:32]}.png"
    if not path.exists():
        with explained(path):
            question.folder.mkdir(parents=True, exist_ok=True)

        def write(file: BinaryIO) -> None:
            file.write(content)

        # Overwriting is harmless: whoever was quicker wrote the same.
        write_atomically(path, write, overwrite=True)
    return PictureKept(path)


def _viewed(picture: "Picture", fitted: "FittedPicture", num_frames: int) -> PictureViewed:
    height, width = fitted.pixels.shape[:2]
    pixels = _reduced(fitted.pixels)
    return PictureViewed(
        pixels=pixels.tobytes(),
        shown_size=(pixels.shape[1], pixels.shape[0]),
        size=(width, height),
        source_size=(picture.pixels.shape[1], picture.pixels.shape[0]),
        inner_box=fitted.inner_box,
        num_frames=num_frames,
        notes=(*picture.notes, *fitted.notes),
    )


def _reduced(pixels: "Pixels") -> "Pixels":
    import numpy as np
    from PIL import Image

    if max(pixels.shape[:2]) <= _LARGEST_SHOWN:
        return pixels
    image = Image.fromarray(pixels)
    image.thumbnail((_LARGEST_SHOWN, _LARGEST_SHOWN))
    return np.asarray(image)


def _read(path: Path) -> "Picture":
    try:
        found = path.stat()
        return _read_once(path, found.st_mtime_ns, found.st_size, found.st_ino)
    except (OSError, ValueError):
        from pia_edge.image import read_picture

        return read_picture(path)  # says what is wrong in a sentence


# Trying another crop reads neither the picture nor the last picture again; a file that has changed is another one.
@lru_cache(maxsize=2)
def _read_once(path: Path, _changed: int, _size: int, _inode: int) -> "Picture":
    from pia_edge.image import read_picture

    return read_picture(path)


def _png_file(source: Path) -> bytes:
    from pia_edge.image import read_picture

    if (found := read_picture(source).format) != "PNG":
        raise PictureError(f"Expected a PNG among what was pasted, found {found}. Copy the picture again.")
    return source.read_bytes()


def _png_of(source: Path, size: tuple[int, int], *, opaque: bool) -> bytes:
    import io

    from PIL import Image

    from pia_edge.image import MAX_PIXELS, MAX_SIDE

    width, height = size
    if max(size) > MAX_SIDE or width * height > MAX_PIXELS:
        raise PictureError(
            f"The picture is too large: expected at most {MAX_SIDE} pixels a side and {MAX_PIXELS} in all, found "
            f"{width}x{height}. Scale it down first."
        )
    pixels = source.read_bytes()
    if len(pixels) != width * height * 4 or not pixels:
        raise PictureError(f"Expected {width}x{height} pixels, found {len(pixels)} bytes. Copy the picture again.")
    mode, order = ("RGB", "BGRX") if opaque else ("RGBA", "BGRA")
    image = Image.frombytes(mode, size, pixels, "raw", order)
    encoded = io.BytesIO()
    # Level 1: whoever pastes waits for it, and the file is twice as large at most.
    image.save(encoded, "PNG", compress_level=1)
    return encoded.getvalue()
