"""Says that a clip is done to somebody who is looking elsewhere."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QStyle, QSystemTrayIcon, QWidget

from pia_edge.errors import PiaError
from pia_edge.gui.model.jobs import JobQueue
from pia_edge.gui.model.queued_job import QueuedJob
from pia_edge.gui.widgets.time_words import exact
from pia_edge.job import Made

_LETTERS = 80
_SHOWN = 8000
"""Milliseconds; most systems decide for themselves."""


class Notifier(QObject):
    """Shows a message of the system where there are such, and asks for attention in any case."""

    def __init__(self, jobs: JobQueue, window: QWidget, wanted: Callable[[], bool] = lambda: True) -> None:
        """Follow ``jobs``.

        Args:
            jobs: what is told of.
            window: nothing is said while it is the active one; a click on the message brings it to the front.
            wanted: asked each time whether the user wants to be told.
        """
        super().__init__(window)
        self._window, self._wanted = window, wanted
        self._tray: QSystemTrayIcon | None = None
        jobs.finished.connect(self._tell_made)
        jobs.failed.connect(self._tell_failed)

    def _tell_made(self, row: QueuedJob, made: Made) -> None:
        self._tell(self.tr("Your clip is done"), f"{_short(row.draft.prompt)} ({exact(made.seconds)})")

    def _tell_failed(self, row: QueuedJob, error: PiaError) -> None:
        self._tell(self.tr("A clip could not be made"), f"{_short(row.draft.prompt)}: {error}")

    def _tell(self, title: str, text: str) -> None:
        if self._window.isActiveWindow() or not self._wanted():
            return
        QApplication.alert(self._window)
        if QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
            self._message(title, text)

    def _message(self, title: str, text: str) -> None:
        if self._tray is None:
            self._tray = QSystemTrayIcon(self._icon(), self)
            self._tray.setToolTip(QApplication.applicationDisplayName())
            self._tray.messageClicked.connect(self._come_forward)
            self._tray.activated.connect(self._come_forward)
        self._tray.show()
        self._tray.showMessage(title, text, self._icon(), _SHOWN)

    def _icon(self) -> QIcon:
        icon = self._window.windowIcon()
        return icon if not icon.isNull() else self._window.style().standardIcon(QStyle.StandardPixmap.SP_MediaPlay)

    def _come_forward(self) -> None:
        if self._tray is not None:
            self._tray.hide()
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()


def _short(prompt: str) -> str:
    text = " ".join(prompt.split())
    return text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1]}…"
