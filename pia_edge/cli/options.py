"""Values on the command line that are more than a word or a number."""

import math
import re
from pathlib import Path

import click

_UNITS = {"kb": 10**3, "mb": 10**6, "gb": 10**9}


class Size(click.ParamType[tuple[int, int]]):
    """WIDTHxHEIGHT in pixels."""

    name = "WIDTHxHEIGHT"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Return (width, height)."""
        width, separator, height = str(value).lower().partition("x")
        if not (separator and width.isdecimal() and height.isdecimal()):
            self.fail(f"expected a size such as 128x96, found {value!a}.", param, ctx)
        return int(width), int(height)


class NumBytes(click.ParamType[int]):
    """A size such as 900MB or 1.2GB, in powers of a thousand."""

    name = "SIZE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the bytes."""
        found = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?) ?(kb|mb|gb)", str(value).strip().lower())
        if found is None:
            self.fail(f"expected a size such as 900MB or 1.2GB, found {str(value)[:60]!a}.", param, ctx)
        return round(float(found[1]) * _UNITS[found[2]])


def interval_option(text: str) -> tuple[float, float]:
    """Return both ends of ``A..B``.

    Raises:
        click.BadParameter: it is not two numbers.
    """
    first, _, last = text.partition("..")
    try:
        return float(first), float(last)
    except ValueError:
        raise click.BadParameter(
            f"expected a range such as 0..0.7, found {text[:60]!a}.", param_hint="--guidance-interval"
        ) from None


def path_and_scale(text: str) -> tuple[Path, float]:
    """Return the file and the scale in ``PATH:SCALE``; the scale is 1 where none is given.

    Raises:
        click.BadParameter: the scale is no number.
    """
    path, scale = _split(text)
    if scale is None:
        return path, 1.0
    try:
        number = float(scale)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise click.BadParameter(f"expected a scale such as 0.8 after the colon, found {text[:200]!a}.")
    return path, number


def path_and_word(text: str) -> tuple[Path, str | None]:
    """Return the file and the word in ``PATH:WORD``; None where no word is given."""
    return _split(text)


def _split(text: str) -> tuple[Path, str | None]:
    """``text`` at its last colon, but for the colon of a Windows drive or of a file that is called so."""
    path, colon, last = text.rpartition(":")
    drive = len(path) == 1 and last[:1] in ("/", "\\")
    if not colon or not path or not last or drive or Path(text).exists():
        return Path(text), None
    return Path(path), last
