"""The wizard that makes bundles: of models that people have, and of reference bundles."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget, QWizard

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.model_import import ModelImport
from pia_edge.gui.widgets.wizard_files_page import FilesPage
from pia_edge.gui.widgets.wizard_look_page import LookPage
from pia_edge.gui.widgets.wizard_run_page import RunPage
from pia_edge.gui.widgets.wizard_start_page import StartPage
from pia_edge.gui.widgets.wizard_target_page import TargetPage

_START, _FILES, _LOOK, _TARGET, _RUN = range(5)


class ModelWizard(QWizard):
    """From files to a bundle in the store that is in use."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Import and export"))
        # The others of Qt's styles bring colours of their own, which a dark palette does not change.
        self.setWizardStyle(QWizard.WizardStyle.ClassicStyle)
        self.setOption(QWizard.WizardOption.NoBackButtonOnStartPage)
        self.work = ModelImport(desk.questions, desk.errands, desk.bundles, self)
        self.start, self.files = StartPage(self.work), FilesPage(self.work)
        self.look, self.target = LookPage(self.work), TargetPage(self.work)
        self.run = RunPage(self.work, desk.errands)
        for number, page in (
            (_START, self.start),
            (_FILES, self.files),
            (_LOOK, self.look),
            (_TARGET, self.target),
            (_RUN, self.run),
        ):
            self.setPage(number, page)
        self.resize(680, 480)
        self.rejected.connect(self.work.stop)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Look whether models can be imported here."""
        super().showEvent(event)
        self.work.find_extra()

    def nextId(self) -> int:  # noqa: N802 - Qt's name
        """A reference bundle needs no files."""
        if self.currentId() == _START and self.work.wish.reference is not None:
            return _TARGET
        return super().nextId()
