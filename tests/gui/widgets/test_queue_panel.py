"""The queue as it is seen, moved and spoken."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView
from pytestqt.qtbot import QtBot

from pia_edge.errors import NumericError
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.draft import DraftState
from pia_edge.gui.model.queued_job import JobState
from pia_edge.gui.widgets.queue_panel import QueuePanel
from tests.gui.accessibility import faults

ALT, LEFT = Qt.KeyboardModifier.AltModifier, Qt.MouseButton.LeftButton


@pytest.fixture
def panel(desk: Desk, script: Any, qtbot: QtBot) -> QueuePanel:
    assert not script.jobs
    one = QueuePanel(desk)
    qtbot.addWidget(one)
    one.resize(560, 400)
    with qtbot.waitExposed(one):
        one.show()
    return one


@pytest.fixture
def four(panel: QueuePanel, desk: Desk, lake: DraftState) -> QueuePanel:
    """Four clips that wait."""
    desk.jobs.pause()
    for number in range(4):
        desk.jobs.add(msgspec.structs.replace(lake, prompt=f"clip {number}"))
    return panel


def prompts(panel: QueuePanel) -> list[str]:
    return [panel.rows.index(row).data() for row in range(panel.rows.rowCount())]


def choose(panel: QueuePanel, row: int) -> None:
    QTest.mouseClick(panel.view.viewport(), LEFT, pos=panel.view.visualRect(panel.rows.index(row)).center())


def button(panel: QueuePanel, text: str) -> QAbstractButton:
    (found,) = (each for each in panel.findChildren(QAbstractButton) if each.text().replace("&", "") == text)
    return found


def spoken(panel: QueuePanel, row: int) -> str:
    text: str = panel.rows.index(row).data(Qt.ItemDataRole.AccessibleTextRole)
    return text


def test_an_empty_queue_says_what_it_is_for(panel: QueuePanel) -> None:
    assert panel.empty.isVisible()
    assert not panel.view.isVisible()
    assert not panel.pause.isEnabled()
    assert not panel.note.isVisible()


def test_the_keyboard_moves_and_removes(four: QueuePanel, desk: Desk) -> None:
    choose(four, 2)
    QTest.keyClick(four.view, Qt.Key.Key_Up, ALT)
    QTest.keyClick(four.view, Qt.Key.Key_Up, ALT)
    QTest.keyClick(four.view, Qt.Key.Key_Up, ALT)
    assert prompts(four) == ["clip 2", "clip 0", "clip 1", "clip 3"]
    assert four.view.currentIndex().row() == 0, "the selection follows"
    QTest.keyClick(four.view, Qt.Key.Key_Down, ALT)
    assert prompts(four) == ["clip 0", "clip 2", "clip 1", "clip 3"]
    QTest.keyClick(four.view, Qt.Key.Key_Delete)
    assert prompts(four) == ["clip 0", "clip 1", "clip 3"] == [row.draft.prompt for row in desk.jobs.rows]


def test_the_buttons_do_what_they_say(four: QueuePanel, desk: Desk) -> None:
    choose(four, 0)
    assert not button(four, "Move up").isEnabled()
    assert not button(four, "Try again").isEnabled()
    QTest.mouseClick(button(four, "Move down"), LEFT)
    assert prompts(four)[:2] == ["clip 1", "clip 0"]
    QTest.mouseClick(button(four, "Stop"), LEFT)
    assert desk.jobs.rows[1].state is JobState.STOPPED
    assert not button(four, "Stop").isEnabled()
    QTest.mouseClick(button(four, "Try again"), LEFT)
    assert [row.draft.prompt for row in desk.jobs.rows] == ["clip 1", "clip 2", "clip 3", "clip 0"]
    assert desk.jobs.waiting == 4
    QTest.mouseClick(button(four, "Remove"), LEFT)
    assert desk.jobs.waiting == 3


def test_what_a_view_moves_is_moved_in_the_queue(four: QueuePanel) -> None:
    # The platform without a display knows no dragging; this is what Qt's list asks for when something is dropped.
    root = QModelIndex()
    assert four.view.dragDropMode() is QAbstractItemView.DragDropMode.InternalMove
    assert four.rows.moveRow(root, 3, root, 1)
    assert prompts(four) == ["clip 0", "clip 3", "clip 1", "clip 2"]
    assert four.rows.moveRow(root, 0, root, 4)
    assert prompts(four) == ["clip 3", "clip 1", "clip 2", "clip 0"]
    assert not four.rows.moveRow(root, 1, root, 2), "it stands there already"
    assert not four.rows.moveRow(root, 9, root, 0)


def test_pausing_and_going_on(four: QueuePanel, desk: Desk, script: Any, qtbot: QtBot) -> None:
    assert four.summary.text() == "4 waiting, paused"
    assert spoken(four, 0) == "clip 0. Paused. lake.png · seed 7."
    QTest.mouseClick(four.pause, LEFT)
    qtbot.waitUntil(lambda: desk.jobs.here is not None and desk.jobs.course is not None)
    assert four.summary.text() == "3 waiting"
    qtbot.waitUntil(lambda: "Running, " in spoken(four, 0))
    QTest.mouseClick(four.pause, LEFT)
    assert four.summary.text() == "3 waiting, paused after this clip"
    script.go_on.set()
    qtbot.waitUntil(lambda: four.summary.text() == "3 waiting, paused")
    assert spoken(four, 0).startswith("clip 0. Done in 0.")
    QTest.mouseClick(four.clear, LEFT)
    assert prompts(four) == ["clip 1", "clip 2", "clip 3"]
    assert not four.clear.isEnabled()


def test_a_job_that_failed_says_why(panel: QueuePanel, desk: Desk, script: Any, lake: DraftState, qtbot: QtBot) -> None:
    script.outcome = NumericError("unet: expected numbers, found NaN.")
    script.go_on.set()
    desk.jobs.add(lake)
    qtbot.waitUntil(lambda: "Failed: unet: expected numbers, found NaN." in spoken(panel, 0))


def test_a_finished_clip_is_played_and_its_settings_used(
    panel: QueuePanel, desk: Desk, script: Any, lake: DraftState, qtbot: QtBot
) -> None:
    script.go_on.set()
    desk.jobs.add(lake)
    qtbot.waitUntil(lambda: desk.jobs.rows[0].state is JobState.DONE)
    choose(panel, 0)
    with qtbot.waitSignal(panel.open_requested) as opened:
        QTest.keyClick(panel.view, Qt.Key.Key_Return)
    assert opened.args == [desk.jobs.rows[0].output]
    actions = {action.text(): action for action in panel.menu().actions()}
    assert list(actions) == ["Play", "Use these settings", "Try again", "Remove"]
    with qtbot.waitSignal(panel.settings_requested) as wanted:
        actions["Use these settings"].trigger()
    assert wanted.args == [lake]


def test_clips_of_last_time_are_told_of(desk: Desk, script: Any, lake: DraftState, qtbot: QtBot) -> None:
    assert not script.jobs
    desk.jobs.pause()
    desk.jobs.add(lake)
    desk.jobs.close()
    again = Desk(desk.places)
    try:
        panel = QueuePanel(again)
        qtbot.addWidget(panel)
        panel.show()
        assert panel.note.isVisible()
        assert panel.note.text() == "One clip waits, and the queue is paused."
        again.jobs.remove(again.jobs.rows[0])
        assert not panel.note.isVisible()
    finally:
        again.close()


def test_what_begins_is_brought_into_view(panel: QueuePanel, desk: Desk, lake: DraftState, qtbot: QtBot) -> None:
    desk.jobs.pause()
    rows = [desk.jobs.add(lake) for _ in range(30)]
    for row in rows[:20]:
        desk.jobs.stop(row)
    desk.jobs.resume()
    qtbot.waitUntil(lambda: desk.jobs.here is not None)
    begun = panel.view.visualRect(panel.rows.index(20))
    assert panel.view.viewport().rect().contains(begun)


def test_every_control_has_a_name_and_is_reached_by_keyboard(four: QueuePanel) -> None:
    choose(four, 1)
    assert faults(four) == []


@pytest.mark.parametrize("name", [b"caf\xe9.png".decode(errors="surrogateescape"), "日本 <b>.png"])
def test_any_name_and_prompt_is_drawn(name: str, panel: QueuePanel, desk: Desk, lake: DraftState) -> None:
    desk.jobs.pause()
    prompt = "<b>bold</b>\n" + "long " * 300
    desk.jobs.add(msgspec.structs.replace(lake, picture=Path(name), prompt=prompt))
    assert not panel.grab().isNull()
    assert "<b>bold</b>" in spoken(panel, 0)
