"""What happens when a window is closed while a clip is being made."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from pia_edge.gui.model.errands import Errands
from pia_edge.gui.model.jobs import JobQueue
from pia_edge.gui.widgets.progress_words import left_words


def may_close(jobs: JobQueue, window: QWidget, errands: Errands | None = None) -> bool:
    """Return whether ``window`` may close now: for its ``closeEvent``.

    The user is asked if a clip is being made in it, or an errand done. Who wants to wait for the clip is answered no:
    no other clip is begun, and the window closes by itself after it.
    """
    asked = window.findChild(Closing, options=Qt.FindChildOption.FindDirectChildrenOnly)
    closing = asked or Closing(jobs, window)
    return (errands is None or closing.may_end(errands)) and closing.may_close()


class Closing(QObject):
    """Asks before a window closes on a clip that is being made in it, and closes it after that clip."""

    def __init__(self, jobs: JobQueue, window: QWidget) -> None:
        super().__init__(window)
        self._jobs, self._window = jobs, window
        jobs.changed.connect(self._close_if_done)

    def may_close(self) -> bool:
        """Return whether the window may close now; see :func:`may_close`."""
        jobs = self._jobs
        if jobs.here is None:
            return True
        box = QMessageBox(QMessageBox.Icon.Question, self.tr("A clip is being made"), self._question())
        box.setParent(self._window, box.windowFlags())
        box.setInformativeText(
            self.tr("Clips that wait stay in the queue, which goes on at the next start. So does what is stopped.")
        )
        wait = box.addButton(self.tr("&Wait for this clip, then close"), QMessageBox.ButtonRole.AcceptRole)
        stop = box.addButton(self.tr("&Stop and close"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(self.tr("&Keep open"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(wait)
        box.setEscapeButton(stay)
        box.exec()
        chosen = box.clickedButton()
        box.deleteLater()
        jobs.hold(chosen is wait)
        # The clip may have ended while the question was open.
        return chosen is stop or (chosen is wait and jobs.here is None)

    def may_end(self, errands: Errands) -> bool:
        """Return whether long work beside clips, such as an export, may end with the window; the user is asked."""
        if errands.current is None:
            return True
        box = QMessageBox(QMessageBox.Icon.Question, self.tr("Something is being done"), errands.current.title)
        box.setParent(self._window, box.windowFlags())
        box.setInformativeText(self.tr("It ends with the window. What an export has finished is kept."))
        stop = box.addButton(self.tr("&Stop and close"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(self.tr("&Keep open"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.exec()
        chosen = box.clickedButton()
        box.deleteLater()
        return chosen is stop or errands.current is None

    def _close_if_done(self) -> None:
        if self._jobs.held and self._jobs.here is None and self._window.isVisible():
            self._window.close()

    def _question(self) -> str:
        left = left_words(self._jobs.course)
        if not left:
            return self.tr("A clip is being made. What should become of it?")
        return self.tr("A clip is being made, {left}. What should become of it?").format(left=left)
