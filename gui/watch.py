"""How long the window ever was deaf: the longest time in which its event loop did not come round."""

import time

from PySide6.QtCore import QObject, Qt, QTimer

_BEAT_MS = 5


class Watch(QObject):
    """Looks every five milliseconds, and notes the longest delay."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._longest = 0.0
        self._beat = QTimer(self)
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._beat.setInterval(_BEAT_MS)
        self._beat.timeout.connect(self._look)
        self._last = time.perf_counter()

    def start(self) -> None:
        """Begin anew."""
        self._longest = 0.0
        self._last = time.perf_counter()
        self._beat.start()

    def stop(self) -> float:
        """Look no more, and return the longest delay in milliseconds."""
        # What goes on at this moment counts too.
        self._look()
        self._beat.stop()
        return self._longest

    def _look(self) -> None:
        time_now = time.perf_counter()
        self._longest = max(self._longest, (time_now - self._last) * 1000 - _BEAT_MS)
        self._last = time_now
