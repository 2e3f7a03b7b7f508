"""One prompt that acts from a later frame on."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from pia_edge.errors import RequestError
from pia_edge.gui.widgets.icons import icon
from pia_edge.keyframes import Position, check_position

translate = QCoreApplication.translate


class LaterPromptRow(QWidget):
    """Where it begins, such as ``50%`` or frame 9 of the window's frames, which count from 1, and its words."""

    edited = Signal()
    removed = Signal()

    def __init__(self, position: Position, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.where = QLineEdit(_shown(position))
        self.where.setAccessibleName(self.tr("Acts from"))
        self.where.setToolTip(self.tr("A part of the clip such as 50%, or the number of a frame"))
        self.where.setFixedWidth(self.fontMetrics().horizontalAdvance("100% ") + 24)
        self.words = QLineEdit(text)
        self.words.setCursorPosition(0)
        self.words.setAccessibleName(self.tr("Prompt of later frames"))
        self.words.setPlaceholderText(self.tr("What is seen then"))
        self.remove = QToolButton(autoRaise=True)
        self.remove.setIcon(icon("remove"))
        self.remove.setToolTip(self.tr("Remove this prompt"))
        self.remove.setAccessibleName(self.tr("Remove this prompt"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(QLabel(self.tr("from")))
        row.addWidget(self.where)
        row.addWidget(self.words, 1)
        row.addWidget(self.remove)
        self.where.editingFinished.connect(self.edited)
        self.words.textEdited.connect(self.edited)
        self.remove.clicked.connect(self.removed)

    def pair(self) -> tuple[Position, str] | None:
        """Return the position and the words; None while there are no words.

        Raises:
            RequestError: the position is none.
        """
        if not self.words.text().strip():
            return None
        return _position(self.where.text()), self.words.text()


def _shown(position: Position) -> str:
    return str(position + 1) if isinstance(position, int) else position


def _position(text: str) -> Position:
    said = text.replace(" ", "").replace("\N{NO-BREAK SPACE}", "").replace(",", ".")
    whole = said.isascii() and said.isdecimal() and len(said) < 10
    try:
        return check_position("frame", int(said) - 1 if whole else said)
    except RequestError:
        expected = translate("LaterPromptRow", "Expected a part of the clip such as 50%, or a frame; found “{0}”.")
        raise RequestError(expected.format(text[:40])) from None
