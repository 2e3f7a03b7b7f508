"""Ctrl-C in a terminal and SIGTERM end the window, as they end any program."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication


@contextmanager
def ended_by_signals(application: QApplication) -> Iterator[None]:
    """End ``application`` with 130 or 143, without asking, when a signal says so."""
    if sys.platform == "win32":  # has no such signals
        yield
        return
    # Python hears of a signal when it next runs, which it does not while Qt waits: a byte in a pipe wakes it up.
    heard, told = os.pipe()
    os.set_blocking(told, False)
    waker = signal.set_wakeup_fd(told, warn_on_full_buffer=False)

    def end(number: int, _frame: FrameType | None) -> None:
        # In the loop: before it runs, there is nothing that could end.
        QTimer.singleShot(0, lambda: application.exit(128 + number))

    handlers = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    notifier = QSocketNotifier(heard, QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: os.read(heard, 64))
    try:
        yield
    finally:
        notifier.setEnabled(False)
        signal.set_wakeup_fd(waker)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        os.close(heard)
        os.close(told)
