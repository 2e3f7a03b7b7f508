"""Keyframes: values at some frames, and straight lines between them."""

import re
from collections.abc import Iterable, Mapping, Sequence

from pia_edge.checks import number, shown, whole
from pia_edge.errors import RequestError

MAX_KEYFRAMES = 1024

Position = int | str
"""Where a keyframe is: a frame, the first being 0, or a part of the clip such as ``"50%"``; ``"100%"`` is the last."""

Keyframes = tuple[tuple[Position, float], ...]

_PERCENTAGE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)%")


def check_position(name: str, position: object) -> Position:
    """Return where a keyframe is, a whole number or a percentage from 0 to 100.

    Raises:
        RequestError: it is neither.
    """
    if not isinstance(position, str):
        return whole(name, position, 0, MAX_KEYFRAMES - 1)
    found = _PERCENTAGE.fullmatch(position)
    if found is None or float(found[1]) > 100:
        raise RequestError(f"{name}: expected a frame such as 8 or a part such as 50%, found {shown(position)}.")
    return position


def check_pairs(name: str, pairs: object, value: str) -> list[tuple[Position, object]]:
    """Return ``pairs`` of a position and anything else, which messages call ``value``.

    Raises:
        RequestError: they are no pairs, or a position is none.
    """
    if isinstance(pairs, str | bytes) or not isinstance(pairs, Iterable):
        raise RequestError(f"{name}: expected pairs of a frame and {value}, found {shown(pairs)}.")
    checked: list[tuple[Position, object]] = []
    for index, pair in enumerate(pairs):
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise RequestError(f"{name}[{index}]: expected a frame and {value}, found {shown(pair)}.")
        checked.append((check_position(f"{name}[{index}] frame", pair[0]), pair[1]))
    return checked


def check_keyframes(name: str, keyframes: object) -> Keyframes:
    """Return affinities by position: pairs, or a mapping, of positions and numbers from 0 to 1.

    Raises:
        RequestError: they are not, or frames do not ascend.
    """
    if isinstance(keyframes, Mapping):
        keyframes = keyframes.items()
    checked = [
        (position, number(f"{name}[{index}] affinity", value, 0, 1))
        for index, (position, value) in enumerate(check_pairs(name, keyframes, "an affinity"))
    ]
    if not 0 < len(checked) <= MAX_KEYFRAMES:
        raise RequestError(f"{name}: expected 1 to {MAX_KEYFRAMES} keyframes, found {len(checked)}.")
    for is_part in (False, True):
        # Frames and parts of the clip can only be compared once its length is known.
        kind = [position for position, _ in checked if isinstance(position, str) == is_part]
        check_ascending(name, kind, [_number_of(position) for position in kind])
    return tuple(checked)


def check_ascending(name: str, positions: Sequence[Position], places: Sequence[float]) -> None:
    """Check that each of ``places``, which ``positions`` stand for, lies behind the one before it.

    Raises:
        RequestError: one does not.
    """
    for index in range(1, len(places)):
        if places[index] <= places[index - 1]:
            raise RequestError(
                f"{name}: expected keyframes in the order of the clip, found {positions[index]} after "
                f"{positions[index - 1]}. Sort them, and name each frame once."
            )


def places_in_clip(name: str, positions: Sequence[Position], num_frames: int) -> list[float]:
    """Return the frame of every position in a clip of ``num_frames``; a percentage may lie between two frames.

    Raises:
        RequestError: a frame is none of the clip, or the order is not that of the clip.
    """
    last = num_frames - 1
    for position in positions:
        if isinstance(position, int) and position > last:
            raise RequestError(
                f"{name}: expected frames of the clip, 0 to {last}, found {position}. Choose one of them, a part "
                "such as 50%, or more frames."
            )
    places = [
        _number_of(position) * last / 100 if isinstance(position, str) else float(position) for position in positions
    ]
    check_ascending(name, positions, places)
    return places


def parse_position(text: str) -> Position:
    """Return the position that ``text`` names: ``8`` or ``50%``.

    Raises:
        RequestError: it names none.
    """
    stripped = text.strip()
    return check_position(
        "keyframe", int(stripped) if stripped.isascii() and stripped.isdecimal() and len(stripped) < 10 else stripped
    )


def parse_keyframes(text: str) -> Keyframes:
    """Return the keyframes of ``0:1,8:0.5,100%:1``.

    Raises:
        RequestError: it is not of this form.
    """
    pairs = []
    for part in text.split(","):
        position, colon, value = part.partition(":")
        try:
            affinity = float(value) if colon else None
        except ValueError:
            affinity = None
        if affinity is None:
            raise RequestError(
                f"keyframes: expected frames and affinities such as 0:1,8:0.5,100%:1, found {shown(part)}. Write a "
                "frame or a part of the clip, a colon, and a number from 0 to 1."
            )
        pairs.append((parse_position(position), affinity))
    return check_keyframes("keyframes", pairs)


def _number_of(position: Position) -> float:
    return float(position.removesuffix("%")) if isinstance(position, str) else float(position)
