"""Presets: how much moves, and how strongly, kept in a JSON file.

::

    {"motion": {"level": "large", "loop": true}, "fps": 12, "guidance_scale": 6.5}

``motion`` holds the fields of `Motion`; ``fps`` and ``guidance_scale`` may be left out. The recipe of a clip is a
preset too: ``pia-edge info CLIP --json > FILE`` saves it.
"""

from pathlib import Path

import msgspec

from pia_edge.checks import number
from pia_edge.clip.recipe import from_json
from pia_edge.errors import PictureError, RequestError
from pia_edge.motion import Motion
from pia_edge.request import MAX_FPS, MAX_GUIDANCE_SCALE

_MAX_BYTES = 2**20
_RECIPE = "pia-edge recipe"


class Preset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a preset decides; None leaves the choice open.

    Raises:
        RequestError: a value is outside its range.
    """

    motion: Motion
    fps: float | None = None
    guidance_scale: float | None = None

    def __post_init__(self) -> None:
        if self.fps is not None:
            number("fps", self.fps, 0.1, MAX_FPS)
        if self.guidance_scale is not None:
            number("guidance_scale", self.guidance_scale, 0, MAX_GUIDANCE_SCALE)


class _Kind(msgspec.Struct):
    format: str = ""


def read_preset(path: Path | str) -> Preset:
    """Return the preset in a JSON file, which may also hold a recipe.

    Raises:
        RequestError: it cannot be read, or is neither.
    """
    text = read_small_json(path)
    try:
        if msgspec.json.decode(text, type=_Kind).format == _RECIPE:
            recipe = from_json(text)
            return Preset(motion=recipe.motion, fps=recipe.fps, guidance_scale=recipe.guidance_scale)
        return msgspec.json.decode(text, type=Preset)
    except (msgspec.MsgspecError, RequestError, PictureError, RecursionError) as error:
        raise RequestError(f"{path}: expected a preset or a recipe in JSON: {str(error)[:300]}") from error


def read_small_json(path: Path | str) -> bytes:
    """Return the bytes of a settings file, 1 MiB at most.

    Raises:
        RequestError: there is none that can be read, or it is larger.
    """
    try:
        with Path(path).open("rb") as file:
            text = file.read(_MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise RequestError(f"Could not read {path}: {reason}. Check the name and its permissions.") from error
    if len(text) > _MAX_BYTES:
        raise RequestError(f"{path}: expected at most {_MAX_BYTES} bytes of JSON, found more. Choose another file.")
    return text
