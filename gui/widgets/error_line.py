"""An error as the user sees it: its sentence; what the worker said and a copy for a report on demand."""

import sys
from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from pia_edge._version import __version__
from pia_edge.errors import PiaError
from pia_edge.gui.model.redaction import redacted
from pia_edge.gui.widgets.icons import icon
from pia_edge.gui.widgets.problem_line import ProblemLine


class ErrorLine(QFrame):
    """Hidden until an error is shown, and again once it is dismissed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.AlternateBase)
        self.setAccessibleName(self.tr("Error"))
        self._report = ""
        self.sentence = ProblemLine()
        self.details = self._button("info", self.tr("Show what the worker said"))
        self.details.setCheckable(True)
        self.copy = self._button("copy", self.tr("Copy the error for a report"))
        self.dismiss = self._button("close", self.tr("Dismiss the error"))
        self.log = QPlainTextEdit(readOnly=True)
        self.log.setAccessibleName(self.tr("What the worker said"))
        self.log.setMaximumHeight(self.fontMetrics().lineSpacing() * 9)
        self._lay_out()
        self.details.toggled.connect(self.log.setVisible)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._report))
        self.dismiss.clicked.connect(self.hide)
        self.log.hide()
        self.hide()

    def show_error(self, error: PiaError, log: Sequence[str] = (), private: Iterable[str] = ()) -> None:
        """Show ``error``.

        Args:
            error: whose sentence is shown.
            log: what the worker said.
            private: texts that a copy does not hold.
        """
        kind = type(error).__name__
        report = "\n".join([f"PIA Edge {__version__} on {sys.platform}", f"{kind}: {error}", *log])
        self._report = redacted(report, private)
        self.sentence.say(str(error))
        self.log.setPlainText("\n".join([kind, *log]))
        self.details.setChecked(False)
        self.show()

    def _button(self, sign: str, name: str) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setIcon(icon(sign))
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.sentence, 1)
        for button in (self.details, self.copy, self.dismiss):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.addLayout(row)
        column.addWidget(self.log)
