"""One sentence about what was just done, and the way back where there is one."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from pia_edge.gui.widgets.icons import icon
from pia_edge.gui.widgets.theme import Space


class NoticeBar(QFrame):
    """Hidden until there is something to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._undo_action: Callable[[], object] | None = None
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.undo = QPushButton(icon("undo"), self.tr("U&ndo"))
        self.undo.clicked.connect(self._undo)
        close = QToolButton()
        close.setIcon(icon("close"))
        close.setAutoRaise(True)
        close.setAccessibleName(self.tr("Close this notice"))
        close.setToolTip(close.accessibleName())
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.NORMAL, Space.TIGHT, Space.TIGHT, Space.TIGHT)
        row.addWidget(self.words, 1)
        row.addWidget(self.undo)
        row.addWidget(close)
        self.hide()

    def tell(self, text: str, undo: Callable[[], object] | None = None) -> None:
        """Say ``text``; ``undo`` is offered where it is given."""
        self.words.setText(text)
        self._undo_action = undo
        self.undo.setVisible(undo is not None)
        self.show()

    def _undo(self) -> None:
        undo, self._undo_action = self._undo_action, None
        self.hide()
        if undo is not None:
            undo()
