"""The recipe: everything a clip was made from, and how it is embedded in each format and read back."""

import hashlib
import re
import stat
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any
from xml.sax.saxutils import escape, unescape

import msgspec
import numpy as np
import numpy.typing as npt
from PIL import Image

from pia_edge.errors import MissingExtraError, PiaError, PictureError, RequestError
from pia_edge.request import MAX_SEED, Fit, Motion

SCHEMA_VERSION = 1
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

Sha256 = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")]
Count = Annotated[int, msgspec.Meta(ge=1)]


class Recipe(msgspec.Struct, frozen=True, kw_only=True, tag_field="format", tag="pia-edge recipe"):
    """What a clip was made from; equal recipes on equal devices give equal frames.

    `affinity` holds one value per frame, `width` and `height` are in pixels (`size_given` says
    whether they were asked for or follow from the picture), `fps` in frames per second. The
    sha256 values are hexadecimal, of the bundle's manifest and (see `sha256_of_pixels`) of the picture and
    the frames; empty where unknown. `picture_name` is the picture's file name without its folder. `versions` maps the names of programs and libraries to their versions.
    """

    schema_version: int = SCHEMA_VERSION
    prompt: str
    negative_prompt: str = ""
    seed: Annotated[int, msgspec.Meta(ge=0, le=MAX_SEED)]
    motion: Motion
    affinity: tuple[float, ...]
    condition_frame: Annotated[int, msgspec.Meta(ge=0)] = 0
    num_frames: Count
    width: Count
    height: Count
    size_given: bool = False
    fit: Fit = Fit.ORIGINAL
    num_inference_steps: Count
    guidance_scale: float
    fps: Annotated[float, msgspec.Meta(gt=0)]
    scheduler: str
    bundle_name: str
    bundle_sha256: Sha256 = ""
    backend: str
    device: str = ""
    precision: str = ""
    picture_name: str = ""
    picture_sha256: Sha256 = ""
    frames_sha256: Sha256 = ""
    versions: dict[str, str] = {}

    def to_json(self) -> str:
        """The recipe as one line of JSON, which `from_json` reads back equal.

        Raises:
            RequestError: a value has no JSON form (not finite, text that is not Unicode) or is not allowed.
        """
        try:
            text = msgspec.json.encode(self).decode()
            if msgspec.json.decode(text, type=Recipe) == self:
                return text
            reason = "a value does not survive being written"
        except (ValueError, PiaError) as error:
            reason = str(error)
        raise RequestError(f"The recipe cannot be written: {reason}. Correct this setting.")


class _Header(msgspec.Struct):
    schema_version: int


def from_json(text: str | bytes) -> Recipe:
    """The recipe that `Recipe.to_json` wrote; fields unknown to this version are ignored.

    Raises:
        PictureError: not a recipe, damaged, or written by a newer version.
    """
    try:
        version = msgspec.json.decode(text, type=_Header).schema_version
        if version > SCHEMA_VERSION:
            raise PictureError(
                f"The recipe has schema version {version}, this program reads up to {SCHEMA_VERSION}. Update pia-edge."
            )
        return msgspec.json.decode(text, type=Recipe)
    except (ValueError, RequestError, RecursionError) as error:
        # A message of msgspec quotes the path of the field, never its content.
        raise PictureError(f"Damaged recipe: {str(error)[:200]}. The clip itself may be whole.") from error


def sha256_of_pixels(pixels: npt.NDArray[np.uint8]) -> str:
    """Hash of an array's shape, type and values, in hexadecimal: equal for equal pixels on every machine."""
    digest = hashlib.sha256(f"{pixels.dtype.str} {pixels.shape}".encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


def to_xmp(text: str) -> bytes:
    """An XMP packet with `text` as its recipe, for WebP."""
    return _XMP.format(escape(text)).encode()


def read_recipe(path: Path) -> Recipe:
    """The recipe embedded in a GIF, WebP, APNG or MP4, or in the first frame of a folder of PNGs.

    Only headers and text are read, no picture is decoded, and nothing found in them is executed.

    Raises:
        PictureError: no such file, not one of these formats, no recipe in it, or a damaged one.
        MissingExtraError: an MP4, and PyAV is not installed.
    """
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
