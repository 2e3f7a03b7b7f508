"""The wizard's page that says what each file is, before anything is written."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QCheckBox, QLabel, QPlainTextEdit, QProgressBar, QVBoxLayout, QWidget, QWizardPage

from pia_edge.gui.model.byte_words import bytes_in_words
from pia_edge.gui.model.model_import import ModelImport


class LookPage(QWizardPage):
    """The importer's dry run; pickles are read only with consent."""

    def __init__(self, work: ModelImport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self.setTitle(self.tr("What the files are"))
        self.words = QLabel(wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.busy = QProgressBar(textVisible=False)
        self.busy.setRange(0, 0)
        self.busy.setAccessibleName(self.tr("The files are being looked at"))
        self.consent = QCheckBox(self.tr("I know where these files &came from; read their numbers"))
        self.lines = QPlainTextEdit(readOnly=True)
        self.lines.setAccessibleName(self.tr("What each file is"))
        self.lines.setTabChangesFocus(True)
        self.lines.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        layout = QVBoxLayout(self)
        layout.addWidget(self.words)
        layout.addWidget(self.busy)
        layout.addWidget(self.consent)
        layout.addWidget(self.lines, 1)
        layout.addStretch(0)
        self.consent.toggled.connect(self._agree)
        work.changed.connect(self._show)

    def initializePage(self) -> None:  # noqa: N802 - Qt's name
        """Look at the files as they are now."""
        self._work.look()

    def cleanupPage(self) -> None:  # noqa: N802 - Qt's name
        """Another look comes with other files, and consent is for these alone."""
        self._work.stop()
        self.consent.setChecked(False)
        self._work.change_models(allow_pickle=False)

    def isComplete(self) -> bool:  # noqa: N802 - Qt's name
        """Whether all files are known to fit."""
        return self._work.plan is not None and not self._work.looking

    def _agree(self, agreed: bool) -> None:
        if agreed:
            self._work.change_models(allow_pickle=True)
            self._work.look()

    def _show(self) -> None:
        work = self._work
        self.busy.setVisible(work.looking)
        self.consent.setVisible(work.needs_consent or work.wish.models.allow_pickle)
        self.consent.setEnabled(work.needs_consent)
        self.lines.setVisible(work.plan is not None)
        if work.plan is not None:
            self.lines.setPlainText("\n".join(work.plan.lines))
        self.words.setText(self._sentence())
        self.completeChanged.emit()

    def _sentence(self) -> str:
        work = self._work
        if work.looking:
            return self.tr("The files are being looked at…")
        if work.needs_consent:
            return self.tr(
                "Among the files is a pickle (.ckpt, .pt or .bin), a format that can hide programs. The same model as "
                ".safetensors is the better choice. If there is none and you trust where the file came from, PIA Edge "
                "can read the numbers in it; nothing in it is run."
            )
        if work.plan is not None:
            return self.tr("All files fit together. The bundle will take {size}.").format(
                size=bytes_in_words(work.plan.size)
            )
        return work.problem or self.tr("Nothing was looked at.")
