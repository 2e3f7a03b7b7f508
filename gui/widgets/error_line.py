"""An error as the user sees it: its sentence; what the worker said and a copy for a report on demand."""

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from pia_edge._version import __version__
from pia_edge.errors import PiaError


class ErrorLine(QFrame):
    """Hidden until an error is shown, and again once it is dismissed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.AlternateBase)
        self.setAccessibleName(self.tr("Error"))
        self._report = ""
        self.sentence = QLabel(wordWrap=True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.details = QPushButton(self.tr("De&tails"))
        self.details.setCheckable(True)
        self.details.setAccessibleName(self.tr("Details of the error"))
        self.copy = QPushButton(self.tr("&Copy"))
        self.copy.setAccessibleName(self.tr("Copy the error for a report"))
        self.dismiss = QPushButton(self.tr("D&ismiss"))
        self.dismiss.setAccessibleName(self.tr("Dismiss the error"))
        self.log = QPlainTextEdit(readOnly=True)
        self.log.setAccessibleName(self.tr("What the worker said"))
        self.log.setMaximumHeight(self.fontMetrics().lineSpacing() * 9)
        self._lay_out()
        self.details.toggled.connect(self.log.setVisible)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._report))
        self.dismiss.clicked.connect(self.hide)
        self.log.hide()
        self.hide()

    def show_error(self, error: PiaError, log: list[str]) -> None:
        """Show ``error``; ``log`` is what the worker said."""
        kind = type(error).__name__
        self._report = "\n".join([f"PIA Edge {__version__} on {sys.platform}", f"{kind}: {error}", *log])
        self.sentence.setText(str(error))
        self.log.setPlainText("\n".join([kind, *log]))
        self.details.setChecked(False)
        self.show()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch()
        for button in (self.details, self.copy, self.dismiss):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.addWidget(self.sentence)
        column.addLayout(buttons)
        column.addWidget(self.log)
