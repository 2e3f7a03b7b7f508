"""A number that may be left open."""

import math

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget


class OptionalNumber(QLineEdit):
    """Empty, its placeholder says what is chosen then. Whole numbers of any size are exact.

    Up and Down step as in a box for numbers. What is no number is left for the user to mend, and refused.
    """

    chosen = Signal(object)
    """An int or float, or None if it was left empty."""
    refused = Signal(str)
    """What is typed is no number."""

    def __init__(self, name: str, *, whole: bool, step: float = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = whole
        self._step = step
        self._shown: float | None = None
        self._taken: float | None = None
        self.setAccessibleName(name)
        self.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self.editingFinished.connect(self._take)

    @property
    def value(self) -> float | None:
        """The number that is typed; None if it is empty or none."""
        return self._number(self.text())

    def show_value(self, value: float | None) -> None:
        """Show another value than before; None shows the placeholder. What is being typed stays otherwise."""
        if value != self._shown:
            self.setText("" if value is None else self._text(value))
            self._shown = self._taken = value

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Step up and down."""
        steps = {Qt.Key.Key_Up: self._step, Qt.Key.Key_Down: -self._step}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        value = self._number(self.text() or self.placeholderText())
        if value is not None:
            self.setText(self._text(max(0, value + step)))
            self._take()

    def _take(self) -> None:
        text = self.text().strip()
        value = self._number(text)
        if text and value is None:
            self.refused.emit(self.tr("Expected a number, found “{0}”.").format(text[:40]))
        elif value != self._taken:
            self._taken = value
            self.chosen.emit(value)

    def _text(self, value: float) -> str:
        return str(value) if self._whole else f"{value:.6g}"

    def _number(self, text: str) -> float | None:
        text = text.strip()
        if self._whole:
            return int(text) if text.isascii() and text.isdecimal() and len(text) <= 20 else None
        value, fits = QLocale.c().toDouble(text.replace(",", "."))
        return value if fits and math.isfinite(value) else None
