"""One backend: whether it can be taken, why not, and a test of it."""

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QGroupBox, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from pia_edge.gui.model.backend_words import backend_in_words, backend_purpose
from pia_edge.gui.model.devices import Devices
from pia_edge.gui.widgets.icons import icon
from pia_edge.worker.model_questions import BackendState

_REPORT_LINES = 16


class BackendBox(QGroupBox):
    """A backend of :class:`Devices`."""

    def __init__(self, devices: Devices, backend: str, parent: QWidget | None = None) -> None:
        super().__init__(backend_in_words(backend), parent)
        self._devices = devices
        self._backend = backend
        self.state, self.verdict = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.purpose = QLabel(backend_purpose(backend), wordWrap=True)
        self.test = QPushButton(icon("check"), self.tr("Self-test"))
        self.test.setAccessibleName(self.tr("Test {backend}").format(backend=backend_in_words(backend)))
        self.test.clicked.connect(lambda: devices.test(backend))
        self.copy = QPushButton(icon("copy"), self.tr("Copy report"))
        self.copy.setAccessibleName(self.tr("Copy the report on {backend}").format(backend=backend_in_words(backend)))
        self.report = QPlainTextEdit(readOnly=True)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.report.toPlainText()))
        self.report.setAccessibleName(self.tr("Report of the self-test"))
        self.report.setTabChangesFocus(True)
        self.report.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.report.setFixedHeight(self.report.fontMetrics().lineSpacing() * _REPORT_LINES + 16)
        row = QHBoxLayout()
        words = QVBoxLayout()
        words.addWidget(self.state)
        words.addWidget(self.purpose)
        row.addLayout(words, 1)
        row.addWidget(self.test)
        below = QHBoxLayout()
        below.addWidget(self.verdict, 1)
        below.addWidget(self.copy)
        layout = QVBoxLayout(self)
        layout.addLayout(row)
        layout.addLayout(below)
        layout.addWidget(self.report)

    def show_state(self, state: BackendState, *, taken: bool, busy: bool) -> None:
        """Show what is known of the backend.

        Args:
            state: its devices and its reason.
            taken: whether it is the automatic choice.
            busy: whether other long work is being done, so that no test can begin.
        """
        self.state.setText(self._in_words(state, taken=taken))
        font = self.font()
        font.setBold(state.refused is None)
        self.state.setFont(font)
        self.test.setEnabled(state.refused is None and not busy)
        result = self._devices.result(self._backend)
        for widget in (self.verdict, self.copy, self.report):
            widget.setVisible(result is not None)
        if self._devices.testing == self._backend:
            self.verdict.setText(self.tr("It is being tested…"))
            self.verdict.show()
        elif result is not None:
            good, bad = self.tr("It computes what it should."), self.tr("It failed; the report says where.")
            self.verdict.setText(good if result.passed else bad)
        if result is not None and self.report.toPlainText() != result.report:
            self.report.setPlainText(result.report)

    def _in_words(self, state: BackendState, *, taken: bool) -> str:
        if state.refused is not None:
            return self.tr("Not for this bundle here: {reason}.").format(reason=state.refused)
        devices = ", ".join(state.devices)
        if taken:
            return self.tr("Taken automatically. Devices: {devices}").format(devices=devices)
        return self.tr("Ready. Devices: {devices}").format(devices=devices)
