"""Messages to somebody who looks elsewhere."""

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from pia_edge.errors import NumericError
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.draft import DraftState
from pia_edge.gui.widgets.notifier import Notifier


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What the system was asked to show."""
    found: list[tuple[str, ...]] = []
    monkeypatch.setattr(QApplication, "alert", lambda *_: found.append(("alert",)))
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", lambda: True)
    monkeypatch.setattr(QSystemTrayIcon, "show", lambda _: None)
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _, title, text, *__: found.append((title, text)))
    return found


def test_a_window_in_the_background_tells(
    desk: Desk, script: Any, lake: DraftState, told: list[tuple[str, ...]], qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    Notifier(desk.jobs, window)
    script.go_on.set()
    desk.jobs.add(lake)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == [("alert",), ("Your clip is done", "a boat on the lake (12 s)")]
    script.outcome = NumericError("unet: expected numbers, found NaN.")
    desk.jobs.add(lake)
    qtbot.waitUntil(lambda: len(told) == 4)
    assert told[-1] == ("A clip could not be made", "a boat on the lake: unet: expected numbers, found NaN.")


def test_nothing_is_said_to_who_looks_or_does_not_want_it(
    desk: Desk, script: Any, lake: DraftState, told: list[tuple[str, ...]], qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    wanted = [False, True]
    Notifier(desk.jobs, window, lambda: wanted[0])
    script.go_on.set()
    for active in (False, True):
        wanted[0] = active
        if active:
            window.show()
            window.activateWindow()
            qtbot.waitUntil(window.isActiveWindow)
        with qtbot.waitSignal(desk.jobs.finished):
            desk.jobs.add(lake)
    assert told == []
