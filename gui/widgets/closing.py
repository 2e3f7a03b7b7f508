"""What happens when a window is closed while a clip is being made."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from pia_edge.gui.model.jobs import JobQueue
from pia_edge.gui.widgets.progress_words import left_words


def may_close(jobs: JobQueue, window: QWidget) -> bool:
    """Return whether ``window`` may close now: for its ``closeEvent``.

    The user is asked if a clip is being made in it. Who wants to wait for the clip is answered no: no other clip is
    begun, and the window closes by itself after it.
    """
    asked = window.findChild(Closing, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return (asked or Closing(jobs, window)).may_close()


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

    def _close_if_done(self) -> None:
        if self._jobs.held and self._jobs.here is None and self._window.isVisible():
            self._window.close()

    def _question(self) -> str:
        left = left_words(self._jobs.course)
        if not left:
            return self.tr("A clip is being made. What should become of it?")
        return self.tr("A clip is being made, {left}. What should become of it?").format(left=left)
