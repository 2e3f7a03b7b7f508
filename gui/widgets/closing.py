"""What happens when a window is closed while a clip is being made."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from pia_edge.gui.model.jobs import JobQueue
from pia_edge.gui.widgets.progress_words import left_words


def may_close(jobs: JobQueue, window: QWidget) -> bool:
    """Return whether ``window`` may be closed now; the user is asked if a clip is being made in it.

    If they want to wait for the clip, no other is begun, and the window closes itself after it.
    """
    if jobs.here is None:
        return True
    box = QMessageBox(QMessageBox.Icon.Question, _tr("A clip is being made"), _question(jobs), parent=window)
    box.setInformativeText(
        _tr("Clips that wait stay in the queue, which goes on at the next start. What is stopped begins anew then.")
    )
    wait = box.addButton(_tr("&Wait for this clip, then close"), QMessageBox.ButtonRole.AcceptRole)
    now = box.addButton(_tr("&Stop and close"), QMessageBox.ButtonRole.DestructiveRole)
    stay = box.addButton(_tr("&Keep open"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(wait)
    box.setEscapeButton(stay)
    box.exec()
    chosen = box.clickedButton()
    box.deleteLater()
    # It may have been finished while the question was open.
    if chosen is now or (chosen is wait and jobs.here is None):
        return True
    if chosen is wait:
        _close_after(jobs, window)
    else:
        jobs.hold(False)
    return False


def _close_after(jobs: JobQueue, window: QWidget) -> None:
    jobs.hold(True)

    def close_if_done() -> None:
        if jobs.here is None:
            jobs.changed.disconnect(close_if_done)
            window.close()

    jobs.changed.connect(close_if_done)


def _question(jobs: JobQueue) -> str:
    left = left_words(jobs.course)
    asked = _tr("A clip is being made. What should become of it?")
    return asked if not left else _tr("A clip is being made, {left}. What should become of it?").format(left=left)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Closing", text)
