"""The wizard's last page: the work, how far it is, and what came of it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget, QWizardPage

from pia_edge.gui.model.errands import Errands
from pia_edge.gui.model.model_import import ModelImport, Phase
from pia_edge.gui.widgets.errand_bar import ErrandBar


class RunPage(QWizardPage):
    """Importing and exporting; finished once the bundle is in the store."""

    def __init__(self, work: ModelImport, errands: Errands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self.setFinalPage(True)
        self.words = QLabel(wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.errand = ErrandBar(errands)
        layout = QVBoxLayout(self)
        layout.addWidget(self.words)
        layout.addWidget(self.errand)
        layout.addStretch(1)
        work.changed.connect(self._show)
        self._show()

    def initializePage(self) -> None:  # noqa: N802 - Qt's name
        """Begin."""
        self._work.start()

    def cleanupPage(self) -> None:  # noqa: N802 - Qt's name
        """Going back stops the work."""
        self._work.stop()

    def isComplete(self) -> bool:  # noqa: N802 - Qt's name
        """Whether the bundle is made."""
        return self._work.phase is Phase.DONE

    def _show(self) -> None:
        work = self._work
        self.setTitle(
            {
                Phase.DONE: self.tr("The bundle is made"),
                Phase.FAILED: self.tr("The bundle could not be made"),
                Phase.CHOOSING: self.tr("It was stopped"),
            }.get(work.phase, self.tr("Making the bundle"))
        )
        self.words.setText(
            {
                Phase.WORKING: self.tr(
                    "This may take some minutes. Every module is compared with the original before the bundle is kept."
                ),
                Phase.DONE: self.tr("{name} is among your bundles, and in use.").format(name=work.made),
                Phase.FAILED: work.problem,
                Phase.CHOOSING: self.tr("What was finished is kept; go back and forth to go on."),
            }[work.phase]
        )
        self.completeChanged.emit()
