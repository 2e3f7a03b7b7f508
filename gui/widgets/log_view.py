"""What happened, shown exactly as it would be copied for a bug report."""

from PySide6.QtCore import QLocale, QTimer, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication, QHideEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.private_texts import prompts_of
from pia_edge.gui.model.report import Report
from pia_edge.gui.widgets.icons import icon
from pia_edge.gui.widgets.quiet import quiet
from pia_edge.gui.widgets.theme import Space

_LOOK = 250
"""Milliseconds between two looks at the log, while it is seen."""
_THANKS = 4000


class LogView(QWidget):
    """The report of ``desk.log``, as it grows."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._report: Report | None = None
        self._next = 0
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(self.tr("Log"))
        # Tab moves on to the next control.
        self.text.setTabChangesFocus(True)
        self.everything = QCheckBox(self.tr("With &prompts and file names"))
        self.everything.toggled.connect(self._write)
        self.copy = QPushButton(icon("copy"), self.tr("&Copy for a bug report"))
        self.copy.clicked.connect(self._copy)
        self._said = quiet("")
        self._said.setAccessibleName(self.tr("What was copied"))
        self._lay_out()
        self._look = QTimer(self)
        self._look.setInterval(_LOOK)
        self._look.timeout.connect(self._add)
        self._thanks = QTimer(self)
        self._thanks.setSingleShot(True)
        self._thanks.timeout.connect(self._said.clear)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(Space.WIDE)
        row.addWidget(self.everything)
        row.addWidget(self._said, 1)
        row.addWidget(self.copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.WIDE, Space.WIDE, Space.WIDE, Space.WIDE)
        layout.setSpacing(Space.NORMAL)
        layout.addWidget(
            quiet(self.tr("This is what is copied. It stays on this computer until you paste it somewhere."))
        )
        layout.addWidget(self.text, 1)
        layout.addLayout(row)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Look at the log for as long as it is seen."""
        super().showEvent(event)
        self._write()
        self._look.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Look no more."""
        super().hideEvent(event)
        self._look.stop()

    def _write(self) -> None:
        """Write the report anew."""
        prompts = prompts_of(self._desk.draft.state)
        self._report = Report(self._desk.log, prompts, everything=self.everything.isChecked())
        self._next = 0
        self.text.setPlainText("\n".join(self._report.head(self._window())))
        self._add()

    def _add(self) -> None:
        if self._report is None:
            return
        entries = self._desk.log.since(self._next)
        for entry in entries:
            self.text.appendPlainText(self._report.line(entry))
        if entries:
            self._next = entries[-1].number + 1

    def _window(self) -> list[str]:
        """What only the window knows."""
        dark = self.palette().color(QPalette.ColorRole.Window).lightness() < 128
        return [
            f"Qt {qVersion()} on {QGuiApplication.platformName()}, scale {self.devicePixelRatioF():g}, "
            f"{'dark' if dark else 'light'}, {QLocale().name()}"
        ]

    def _copy(self) -> None:
        # What was typed since then is no business of the report's either.
        self._write()
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self._said.setText(self.tr("Copied."))
        self._thanks.start(_THANKS)
