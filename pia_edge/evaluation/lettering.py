"""Text on contact sheets: its styles, and breaking it into lines."""

import unicodedata
from enum import Enum

from PIL import ImageDraw, ImageFont

_INK, _SOFT, _FAINT = "#1a1a1a", "#4a4a4a", "#767676"
"""The faintest has a contrast of 4.5 to 1 on white, the least that WCAG 2 takes for readable."""
# What the font has under another name.
_ALIKE = str.maketrans({"–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "ß": "ss", "ø": "o", "Ø": "O"})


class Style(Enum):
    """Size in pixels, height of a line, colour."""

    TITLE = (26, 34, _INK)
    QUIET = (14, 20, _FAINT)
    NAME = (16, 22, _INK)
    PROMPT = (14, 19, _SOFT)
    QUIET_FIGURE = (13, 20, _FAINT)
    FIGURE = (13, 20, _INK)
    CAPTION = (12, 18, _FAINT)

    @property
    def line_height(self) -> int:
        """From the top of a line to that of the next, in pixels."""
        return self.value[1]


class Lettering:
    """Pillow's own font, which is there on every system.

    It has little beyond ASCII: accents are left out, and other letters are boxes.
    """

    def __init__(self) -> None:
        self._fonts = {style: ImageFont.load_default(style.value[0]) for style in Style}

    def write(
        self, pen: ImageDraw.ImageDraw, place: tuple[int, int], text: str, style: Style, *, right: bool = False
    ) -> None:
        """Write one line whose upper left corner is ``place``, or its upper right one."""
        pen.text(place, _drawable(text), style.value[2], self._fonts[style], anchor="ra" if right else "la")

    def width(self, text: str, style: Style) -> float:
        """Return the width of a line in pixels."""
        return self._fonts[style].getlength(_drawable(text))


def _drawable(text: str) -> str:
    # The ellipsis is in the font, and would come apart into three full stops.
    parts = (part.translate(_ALIKE) for part in text.split("…"))
    return "…".join("".join(filter(_stands_alone, unicodedata.normalize("NFKD", part))) for part in parts)


def _stands_alone(letter: str) -> bool:
    return not unicodedata.combining(letter)


def wrapped(text: str, lettering: Lettering, style: Style, width: int, *, lines: int | None = None) -> list[str]:
    """Return ``text`` in lines of at most ``width`` pixels; of more than ``lines`` the last one ends in an ellipsis.

    Lines end between words; a word that is longer than a line is broken.
    """
    found = [""]
    for word in text.split():
        joined = f"{found[-1]} {word}".lstrip()
        if lettering.width(joined, style) <= width:
            found[-1] = joined
            continue
        if found[-1]:
            found.append("")
        for letter in word:
            if lettering.width(found[-1] + letter, style) > width:
                found.append("")
            found[-1] += letter
        if lines is not None and len(found) > lines:
            break
    if lines is None or len(found) <= lines:
        return found
    last = found[lines - 1]
    while last and lettering.width(last + "…", style) > width:
        last = last[:-1]
    return [*found[: lines - 1], last.rstrip() + "…"]
