"""Contact sheets: a row per clip with its condition image, five of its frames, its prompt and its figures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from pia_edge.evaluation.figures import explanations_of, figures_of, heading_of
from pia_edge.evaluation.lettering import Lettering, Style, wrapped
from pia_edge.evaluation.report import Alignment, ClipReport, Evaluation, Measures

ROWS_PER_SHEET = 8
SHOWN_FRAMES = 5

Pixels = npt.NDArray[np.uint8]

_MARGIN = 48
_THUMBNAIL = 176
"""The longer side of every picture, in pixels."""
_GAP, _WIDE_GAP = 10, 32
_TEXT_WIDTH = 400
_ROW_PADDING = 24
_CAPTION = 24
_PROMPT_LINES = 3
_GRID_GAP = 32
_PAPER, _RULE = "#ffffff", "#dcdcdc"
_PICTURES = _THUMBNAIL + _WIDE_GAP + SHOWN_FRAMES * _THUMBNAIL + (SHOWN_FRAMES - 1) * _GAP
_TEXT_LEFT = _MARGIN + _PICTURES + _WIDE_GAP
_WIDTH = _TEXT_LEFT + _TEXT_WIDTH + _MARGIN
_COLUMN = 940
"""Lines much longer than this are hard to follow."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Row:
    """A clip on the sheet: what was found, and pictures with their captions, the condition image first."""

    report: ClipReport
    pictures: tuple[Image.Image, ...]
    captions: tuple[str, ...]


def row_of(report: ClipReport, condition_image: Pixels, frames: Pixels) -> Row:
    """Return a clip's row, its pictures already small: of many clips they stay in memory."""
    chosen = np.unique(np.linspace(0, len(frames) - 1, SHOWN_FRAMES).round().astype(int))
    given = "condition image" if report.condition_image else "condition frame"
    names = [f"frame {index}" + (" (condition)" if index == report.condition_frame else "") for index in chosen]
    return Row(
        report=report,
        pictures=tuple(_thumbnail(pixels) for pixels in (condition_image, *frames[chosen])),
        captions=(given, *names),
    )


def draw_sheets(evaluation: Evaluation, rows: Sequence[Row]) -> list[Image.Image]:
    """Return the sheets, of at most eight rows each; the last one ends with the means."""
    groups = [rows[first : first + ROWS_PER_SHEET] for first in range(0, len(rows), ROWS_PER_SHEET)]
    return [_Sheet(evaluation, group, number, len(groups)).draw() for number, group in enumerate(groups, start=1)]


class _Sheet:
    def __init__(self, evaluation: Evaluation, rows: Sequence[Row], number: int, count: int) -> None:
        self._evaluation = evaluation
        self._rows = rows
        self._pages = f"sheet {number} of {count}" if count > 1 else ""
        self._last = number == count
        self._lettering = Lettering()

    def draw(self) -> Image.Image:
        # First upon a canvas of no height, which tells how high the sheet is.
        height = self._drawn_on(Image.new("RGB", (_WIDTH, 1)))
        sheet = Image.new("RGB", (_WIDTH, height), _PAPER)
        self._drawn_on(sheet)
        return sheet

    def _drawn_on(self, sheet: Image.Image) -> int:
        """Draw everything and return where the sheet ends."""
        self._sheet, self._pen = sheet, ImageDraw.Draw(sheet)
        top = self._head(_MARGIN)
        for row in self._rows:
            top = self._row(row, self._ruled(top))
        top = self._ruled(top)
        means = self._means(top) if self._last and self._evaluation.mean.clips > 1 else top
        return max(means, self._explanations(top)) + _MARGIN

    def _ruled(self, top: int) -> int:
        self._pen.line([(_MARGIN, top), (_WIDTH - _MARGIN, top)], fill=_RULE)
        return top + _ROW_PADDING

    def _write(self, place: tuple[int, int], text: str, style: Style, *, right: bool = False) -> None:
        self._lettering.write(self._pen, place, text, style, right=right)

    def _head(self, top: int) -> int:
        title, subtitle = heading_of(self._evaluation)
        self._write((_WIDTH - _MARGIN, top + 8), self._pages, Style.QUIET, right=True)
        for text, style in ((title, Style.TITLE), (subtitle, Style.QUIET)):
            for line in wrapped(text, self._lettering, style, _PICTURES, lines=1):
                self._write((_MARGIN, top), line, style)
            top += style.line_height + 4
        return top - 4 + _ROW_PADDING

    def _row(self, row: Row, top: int) -> int:
        left = _MARGIN
        for index, (picture, caption) in enumerate(zip(row.pictures, row.captions, strict=True)):
            self._sheet.paste(picture, (left, top))
            self._write((left, top + picture.height + 6), caption, Style.CAPTION)
            left += _THUMBNAIL + (_GAP if index else _WIDE_GAP)
        bottom = top + max(picture.height for picture in row.pictures) + _CAPTION
        return max(bottom, self._text(row.report, top)) + _ROW_PADDING

    def _text(self, report: ClipReport, top: int) -> int:
        top -= 3  # the letters, not their line, are level with the pictures
        for line in wrapped(report.file, self._lettering, Style.NAME, _TEXT_WIDTH, lines=1):
            self._write((_TEXT_LEFT, top), line, Style.NAME)
        top += Style.NAME.line_height + 2
        for line in wrapped(report.prompt, self._lettering, Style.PROMPT, _TEXT_WIDTH, lines=_PROMPT_LINES):
            self._write((_TEXT_LEFT, top), line, Style.PROMPT)
            top += Style.PROMPT.line_height
        return self._grid(report.measures, report.alignment, top + 12)

    def _grid(self, measures: Measures, alignment: Alignment | None, top: int) -> int:
        """Draw the figures in two columns, names to the left and numbers to the right of each."""
        figures = figures_of(measures, alignment)
        rows = -(-len(figures) // 2)
        column = (_TEXT_WIDTH - _GRID_GAP) // 2
        for index, (name, value) in enumerate(figures):
            left = _TEXT_LEFT + index // rows * (column + _GRID_GAP)
            line = top + index % rows * Style.FIGURE.line_height
            self._write((left, line), name, Style.QUIET_FIGURE)
            self._write((left + column, line), value, Style.FIGURE, right=True)
        return top + rows * Style.FIGURE.line_height

    def _means(self, top: int) -> int:
        mean = self._evaluation.mean
        self._write((_TEXT_LEFT, top - 3), f"Mean of {mean.clips} clips", Style.NAME)
        return self._grid(mean.measures, mean.alignment, top + Style.NAME.line_height + 5)

    def _explanations(self, top: int) -> int:
        for text in explanations_of(self._evaluation):
            for line in wrapped(text, self._lettering, Style.CAPTION, _COLUMN):
                self._write((_MARGIN, top), line, Style.CAPTION)
                top += Style.CAPTION.line_height
            top += _GAP // 2
        return top


def _thumbnail(pixels: Pixels) -> Image.Image:
    height, width = pixels.shape[:2]
    scale = _THUMBNAIL / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS)
