"""A sentence that says what is wrong, in the place where it is."""

import re

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStyle, QWidget

from pia_edge.gui.widgets.fit_width import fit_width
from pia_edge.gui.widgets.icons import icon

_UNBROKEN = re.compile(r"(\S{24})(?=\S)")


class ProblemLine(QWidget):
    """A sign and a sentence; takes no room while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = QLabel()
        self._sentence = QLabel()
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        fit_width(self._sentence)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._sentence, 1)
        self._draw_sign()
        self.hide()

    def text(self) -> str:
        """Return the sentence; empty if nothing is wrong."""
        return self.accessibleName()

    def say(self, sentence: str) -> None:
        """Show ``sentence``; nothing hides the line."""
        if sentence == self.text():
            return
        self.setAccessibleName(sentence)
        self._sentence.setAccessibleName(sentence)
        # Names of files are long words, at which a line would otherwise not break.
        self._sentence.setText(_UNBROKEN.sub("\\1\u200b", sentence))
        self.setVisible(bool(sentence))
        if sentence:
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the sign anew in another style."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self._draw_sign()

    def _draw_sign(self) -> None:
        side = self.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize)
        self._sign.setPixmap(icon("warning").pixmap(QSize(side, side), self.devicePixelRatioF()))
