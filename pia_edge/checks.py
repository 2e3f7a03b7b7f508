"""Whether a setting is of the right kind and range, and the one sentence that refuses it."""

import operator
from enum import StrEnum
from typing import SupportsFloat, TypeVar

import msgspec

from pia_edge.errors import RequestError

MAX_PROMPT_CHARACTERS = 8192

_Choice = TypeVar("_Choice", bound=StrEnum)


def put(struct: msgspec.Struct, name: str, value: object) -> None:
    """Give a frozen ``struct`` the checked ``value`` while it is being made."""
    msgspec.structs.force_setattr(struct, name, value)


def shown(value: object) -> str:
    """Return ``value`` for a message: ASCII, 60 characters at most."""
    try:
        text = ascii(value)
    except ValueError:  # Python refuses to print whole numbers of more than 4300 digits
        return "a number of thousands of digits"
    return text if len(text) <= 60 else f"{text[:57]}..."


def choice(name: str, value: object, choices: type[_Choice]) -> _Choice:
    """Return the member of ``choices`` that ``value`` names.

    Raises:
        RequestError: there is none.
    """
    try:
        return choices(str(value))
    except ValueError:
        raise RequestError(f"{name}: expected one of {', '.join(choices)}, found {shown(value)}.") from None


def flag(name: str, value: object) -> None:
    """Check that ``value`` is true or false.

    Raises:
        RequestError: it is neither.
    """
    if not isinstance(value, bool):
        raise RequestError(f"{name}: expected true or false, found {shown(value)}.")


def whole(name: str, value: object, low: int, high: int) -> int:
    """Return ``value``, of any integer type, as an int from ``low`` to ``high``.

    Raises:
        RequestError: it is none.
    """
    expected = f"{name}: expected a whole number from {low} to {high}, found {shown(value)}."
    if isinstance(value, bool):
        raise RequestError(expected)
    try:
        found = operator.index(value)  # type: ignore[arg-type]  # any integer type; the rest raises TypeError
    except TypeError:
        raise RequestError(expected) from None
    if not low <= found <= high:
        raise RequestError(expected)
    return found


def number(name: str, value: object, low: float, high: float) -> float:
    """Return ``value``, of any numeric type, as a float from ``low`` to ``high``.

    Raises:
        RequestError: it is none.
    """
    expected = f"{name}: expected a number from {low:g} to {high:g}, found {shown(value)}."
    if isinstance(value, bool | str) or not isinstance(value, SupportsFloat):
        raise RequestError(expected)
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        raise RequestError(expected) from None
    if not low <= found <= high:  # NaN fails this as well
        raise RequestError(expected)
    return found


def prompt(name: str, text: object) -> str:
    """Return ``text``, which is Unicode of a length that can be read.

    Raises:
        RequestError: it is not.
    """
    if not isinstance(text, str):
        raise RequestError(f"{name}: expected text, found {shown(text)}.")
    if len(text) > MAX_PROMPT_CHARACTERS:
        raise RequestError(
            f"{name}: expected at most {MAX_PROMPT_CHARACTERS} characters, found {len(text)}. Shorten it: "
            f"the text encoder reads about 75 words."
        )
    for position, character in enumerate(text):
        if character == "\0" or "\ud800" <= character <= "\udfff":
            kind = "a NUL character" if character == "\0" else "half of a surrogate pair"
            raise RequestError(f"{name}: expected Unicode text, found {kind} at character {position + 1}. Delete it.")
    return text
