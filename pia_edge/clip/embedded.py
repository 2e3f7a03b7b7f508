"""Where each format holds the recipe, and reading it back."""

import re
import stat
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, unescape

from pia_edge.clip.recipe import Recipe, from_json
from pia_edge.errors import MissingExtraError, PictureError

TEXT_KEY = "pia-edge"
"""Keyword of the PNG text chunk; GIF comments, XMP and MP4 tags hold the JSON text without a keyword."""

_MARK = '"pia-edge recipe"'
_MAX_TEXT = 1_000_000
_MAX_FILE = 2 * 1024**3
_XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:pia="urn:pia-edge"><pia:recipe>{}</pia:recipe></rdf:Description></rdf:RDF></x:xmpmeta>'
    '<?xpacket end="w"?>'
)
_XMP_RECIPE = re.compile(r"<pia:recipe>([^<]*)")


def to_xmp(text: str) -> bytes:
    """An XMP packet with `text` as its recipe, for WebP."""
    return _XMP.format(escape(text)).encode()


def read_recipe(path: Path | str) -> Recipe:
    """The recipe embedded in a GIF, WebP, APNG or MP4, or in the first frame of a folder of PNGs.

    Only headers and text are read, no picture is decoded, and nothing found in them is executed.

    Raises:
        PictureError: no such file, not one of these formats, no recipe in it, or a damaged one.
        MissingExtraError: an MP4, and PyAV is not installed.
    """
    path = Path(path)
    try:
        if path.is_dir():
            path = next(iter(sorted(path.glob("*.png"))), path)
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > _MAX_FILE:
            raise _no_recipe(path)
        with path.open("rb") as file:
            head = file.read(16)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PictureError(f"Could not read {path}: {reason}. Check the name and its permissions.") from error
    read: Callable[[Path], list[str]] = _texts_of_video if head[4:8] == b"ftyp" else _texts_of_picture
    for text in read(path):
        if _MARK not in text[:_MAX_TEXT]:
            continue
        if len(text) > _MAX_TEXT:
            raise PictureError(f"Damaged recipe in {path}: it is longer than {_MAX_TEXT} characters.")
        return from_json(text)
    raise _no_recipe(path)


def _no_recipe(path: Path) -> PictureError:
    return PictureError(
        f"No recipe found in {path}. Only a GIF, WebP, APNG, MP4 or folder of PNGs that pia-edge wrote has one, "
        f"and programs that edit or shrink pictures remove it."
    )


def _texts_of_picture(path: Path) -> list[str]:
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=("GIF", "WEBP", "PNG")) as picture:
                info: dict[Any, Any] = dict(picture.info)
    except Exception as error:  # Pillow raises a dozen kinds for hostile headers, none of them worth telling apart
        raise _no_recipe(path) from error
    texts = [_decoded(info.get(TEXT_KEY)), _decoded(info.get("comment"))]
    in_xmp = _XMP_RECIPE.search(_decoded(info.get("xmp"))[: 2 * _MAX_TEXT])
    return [*texts, unescape(in_xmp[1])] if in_xmp else texts


def _texts_of_video(path: Path) -> list[str]:
    try:
        import av
    except ImportError as error:
        raise MissingExtraError(
            "Reading a recipe from MP4 needs PyAV. Install it with: pip install 'pia-edge[video]'"
        ) from error
    try:
        # The demuxer is named so that a playlist with links in it is never taken for a video.
        with av.open(str(path), format="mp4", metadata_errors="replace") as container:
            return [str(container.metadata.get("comment", ""))]
    except (OSError, ValueError, MemoryError, av.FFmpegError) as error:
        raise _no_recipe(path) from error


def _decoded(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")
