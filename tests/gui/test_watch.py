"""The measure of how long the window was deaf."""

import time

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from pia_edge.gui.watch import Watch


def test_a_loop_that_is_held_up_is_seen(qtbot: QtBot) -> None:
    watch = Watch()
    watch.start()
    QTimer.singleShot(20, lambda: time.sleep(0.2))
    qtbot.wait(300)
    assert 150 < watch.stop() < 1000
    watch.start()
    assert watch.stop() < 50, "each start begins anew"
