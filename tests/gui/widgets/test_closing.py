"""Closing a window on a clip that is being made."""

from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from pia_edge.cancel import CancelToken
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.draft import DraftState
from pia_edge.gui.model.questions import Questions
from pia_edge.gui.model.queued_job import JobState
from pia_edge.gui.widgets.closing import may_close
from pia_edge.worker.model_questions import BundlesListed, ListBundles


class Window(QWidget):
    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.jobs = desk.jobs
        self.errands = desk.errands
        self.tested = False

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        event.setAccepted(self.tested or may_close(self.jobs, self, self.errands))


@pytest.fixture
def window(desk: Desk, script: Any, qtbot: QtBot) -> Window:
    assert not script.jobs
    one = Window(desk)
    qtbot.addWidget(one, before_close_func=lambda _: setattr(one, "tested", True))
    one.show()
    return one


def begin(desk: Desk, lake: DraftState, qtbot: QtBot) -> None:
    desk.jobs.add(lake)
    desk.jobs.add(lake)
    qtbot.waitUntil(lambda: desk.jobs.here is not None)


def answer(text: str | None, asked: list[str]) -> None:
    """Answer the question that comes by the button ``text``, or by Escape."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(f"{box.text()} {box.informativeText()}")
        if text is None:
            QTimer.singleShot(0, box.reject)
        else:
            (button,) = (each for each in box.buttons() if text in each.text())
            QTimer.singleShot(0, button.click)

    QTimer.singleShot(50, press)


def test_nothing_is_asked_when_nothing_runs(window: Window) -> None:
    assert window.close()


def test_keeping_the_window(window: Window, desk: Desk, lake: DraftState, qtbot: QtBot) -> None:
    begin(desk, lake, qtbot)
    asked: list[str] = []
    for key in ("Keep open", None):
        answer(key, asked)
        assert not window.close()
        assert window.isVisible()
    assert desk.jobs.rows[0].state is JobState.RUNNING
    assert not desk.jobs.held
    assert "stay in the queue, which goes on at the next start" in asked[0]


def test_stopping_and_closing(window: Window, desk: Desk, lake: DraftState, qtbot: QtBot) -> None:
    begin(desk, lake, qtbot)
    answer("Stop and close", [])
    assert window.close()
    desk.jobs.close()
    again = Desk(desk.places)
    assert [row.state for row in again.jobs.rows if row.state.ended] == [], "both are made at the next start"
    again.close()


def test_waiting_closes_after_the_clip(window: Window, desk: Desk, script: Any, lake: DraftState, qtbot: QtBot) -> None:
    begin(desk, lake, qtbot)
    answer("Wait", [])
    assert not window.close()
    assert desk.jobs.held
    script.go_on.set()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert [row.state for row in desk.jobs.rows] == [JobState.DONE, JobState.WAITING]


def test_waiting_and_then_staying(window: Window, desk: Desk, script: Any, lake: DraftState, qtbot: QtBot) -> None:
    begin(desk, lake, qtbot)
    for text in ("Wait", "Keep open"):
        answer(text, [])
        assert not window.close()
    script.go_on.set()
    qtbot.waitUntil(lambda: all(row.state is JobState.DONE for row in desk.jobs.rows))
    assert window.isVisible()


def test_the_question_belongs_to_the_window(window: Window, desk: Desk, lake: DraftState, qtbot: QtBot) -> None:
    begin(desk, lake, qtbot)
    found: list[bool] = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        found.append(box.parentWidget() is window and box.windowModality() is not Qt.WindowModality.NonModal)
        box.reject()

    QTimer.singleShot(50, look)
    assert not window.close()
    assert found == [True]


def test_an_export_is_not_ended_unasked(window: Window, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []
    monkeypatch.setattr(Questions, "ask", lambda *_, **__: CancelToken())
    desk.errands.give("Exporting anime", ListBundles(), BundlesListed, print, print, stopped=lambda: ended.append("a"))
    asked: list[str] = []
    answer("Keep open", asked)
    assert not window.close()
    assert ended == []
    assert asked[0].startswith("Exporting anime")
    answer("Stop and close", asked)
    assert window.close()
    desk.errands.stop()
    assert ended == ["a"]
