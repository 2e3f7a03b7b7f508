"""How a clip departs from its condition image: `Motion`, validated and fit for JSON."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

import msgspec

from pia_edge.checks import choice, flag, number, put, shown
from pia_edge.errors import RequestError
from pia_edge.keyframes import Keyframes, Position, check_keyframes, places_in_clip


class Level(StrEnum):
    """How much moves: the paper's small, moderate and large motion."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class DrivingClip(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The clip whose affinity was copied: its file name without the folder, and the sha256 of its frames as read."""

    name: str
    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class Motion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the clip departs from the condition image: a named motion, or affinity given directly.

    A named motion is a `level`, optionally as `loop` (the clip returns to the condition image) or as
    `style_transfer` (the whole clip departs from it). `curve` (one affinity per frame), `linear` (those of
    the first and the last frame) or `keyframes` (those of some frames, straight lines between them and level
    beyond them) replace the named motion. Affinity lies in [0, 1]; 1 is the condition image.

    `stretch` lets a curve have any number of values: it is stretched over the clip by straight lines between them.
    `copied_from` says which clip a curve was measured on; it changes nothing. `original_rows` takes the
    paper's table as it is, without fitting a loop to the number of frames.

    Raises:
        RequestError: two choices exclude each other, or a value is outside its range.
    """

    level: Level = Level.MEDIUM
    loop: bool = False
    style_transfer: bool = False
    curve: tuple[float, ...] | None = None
    linear: tuple[float, float] | None = None
    keyframes: tuple[tuple[Position, float], ...] | None = None
    stretch: bool = False
    copied_from: DrivingClip | None = None
    original_rows: bool = False

    def __post_init__(self) -> None:
        put(self, "level", choice("motion level", self.level, Level))
        for name in ("loop", "style_transfer", "stretch", "original_rows"):
            flag(f"motion {name}", getattr(self, name))
        if self.curve is not None:
            put(self, "curve", _affinities("motion curve", self.curve))
        if self.linear is not None:
            put(self, "linear", _affinities("linear motion", self.linear, count=2))
        if self.keyframes is not None:
            put(self, "keyframes", check_keyframes("motion keyframes", self.keyframes))
        self._check_exclusive()

    @property
    def named(self) -> bool:
        """Whether the affinity is that of a level, and not given directly."""
        return self.curve is None and self.linear is None and self.keyframes is None

    def _check_exclusive(self) -> None:
        if self.loop and self.style_transfer:
            raise RequestError(
                "A motion is either a loop or a style transfer, but both were asked for. Choose one of them."
            )
        given = [name for name in ("curve", "linear", "keyframes") if getattr(self, name) is not None]
        if len(given) > 1:
            words = {"curve": "a curve", "linear": "a linear range", "keyframes": "keyframes"}
            raise RequestError(
                f"A motion has either {' or '.join(words[name] for name in given)}, but got both. Remove one."
            )
        if self.curve is None and (self.stretch or self.copied_from is not None):
            raise RequestError("A motion is stretched or copied where it has a curve, and found none. Give the curve.")
        if not given:
            return
        named = [name for name in ("loop", "style_transfer", "original_rows") if getattr(self, name)]
        if self.level is not Level.MEDIUM:
            named.insert(0, "level")
        if named:
            raise RequestError(
                f"A motion with {given[0]!r} states the affinity itself, so {', '.join(named)} would have no "
                f"effect. Remove either {given[0]!r} or {', '.join(named)}."
            )


def motion_of(values: object) -> Motion:
    """Return the motion that a list in JSON stands for: numbers are a curve, pairs or an object are keyframes.

    Raises:
        RequestError: it is neither.
    """
    if isinstance(values, dict):
        return Motion(keyframes=_from_object(values))
    if not isinstance(values, list):
        raise RequestError(f"affinity: expected a list of numbers, or keyframes, found {shown(values)}.")
    if values and all(isinstance(value, list | tuple) for value in values):
        return Motion(keyframes=check_keyframes("motion keyframes", values))
    return Motion(curve=_affinities("motion curve", values))


def check_frames(motion: Motion, num_frames: int, condition_frame: int) -> None:
    """Check what can only be known with the number of frames.

    Raises:
        RequestError: the condition frame or a keyframe is not one of the frames, or the curve has another length.
    """
    if num_frames < 1:
        raise RequestError(f"num_frames: expected at least 1, found {num_frames}.")
    if not 0 <= condition_frame < num_frames:
        raise RequestError(
            f"condition_frame: expected a frame of the clip, 0 to {num_frames - 1}, found {condition_frame}. "
            f"Choose one of them, or more frames."
        )
    if motion.curve is not None and not motion.stretch and len(motion.curve) != num_frames:
        raise RequestError(
            f"motion curve: expected one affinity per frame, {num_frames}, found {len(motion.curve)}. "
            f"Give {num_frames} values, or ask for {len(motion.curve)} frames."
        )
    if motion.keyframes is not None:
        places_in_clip("motion keyframes", [position for position, _ in motion.keyframes], num_frames)


def _from_object(values: dict[object, object]) -> Keyframes:
    """Keys of JSON objects are text, those of frames too."""
    pairs = [
        (int(key) if isinstance(key, str) and key.isascii() and key.isdecimal() and len(key) < 10 else key, value)
        for key, value in values.items()
    ]
    return check_keyframes("motion keyframes", pairs)


def _affinities(name: str, values: object, count: int | None = None) -> tuple[float, ...]:
    kind = "affinities" if count is None else f"{count} affinities"
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise RequestError(f"{name}: expected {kind} from 0 to 1, found {shown(values)}.")
    affinities = tuple(number(f"{name}[{index}]", value, 0, 1) for index, value in enumerate(values))
    if len(affinities) != (count or max(1, len(affinities))):
        raise RequestError(f"{name}: expected {kind} from 0 to 1, found {len(affinities)} values.")
    return affinities
