"""The window as a whole: every page, a clip from the first click to the gallery, and a user without a plan."""

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from pia_edge import sample
from pia_edge.bundle import Bundle
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.queued_job import JobState
from pia_edge.gui.unforeseen import told_of_unforeseen
from pia_edge.gui.widgets.main_window import MainWindow
from tests.gui.accessibility import faults_of_all_pages
from tests.gui.monkey import Monkey


@pytest.fixture
def window(desk: Desk, qtbot: QtBot) -> Iterator[MainWindow]:
    one = MainWindow(desk)
    qtbot.addWidget(one)
    with qtbot.waitExposed(one):
        one.show()
    yield one
    one.hide()


def use(desk: Desk, bundle: Bundle, picture: Path) -> None:
    """Compose the quickest clip there is."""
    desk.draft.change(
        picture=picture, prompt="a cat", num_frames=2, num_inference_steps=1, bundle=str(bundle.path), backend="cpu"
    )


def test_a_new_user_is_welcomed_once(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    assert window.animate.welcome.isVisible()
    QTest.mouseClick(window.animate.welcome.begin, Qt.MouseButton.LeftButton)
    assert not window.animate.welcome.isVisible()
    assert window.animate.picture.isVisible()
    again = MainWindow(desk)
    qtbot.addWidget(again)
    again.show()
    assert not again.animate.welcome.isVisible()
    again.hide()


def test_one_click_animates_the_example(window: MainWindow, desk: Desk) -> None:
    QTest.mouseClick(window.animate.welcome.animate, Qt.MouseButton.LeftButton)
    assert desk.draft.state.picture == sample.picture()
    (row,) = desk.jobs.rows
    assert row.draft.prompt == sample.PROMPT
    desk.jobs.stop(row)


def test_a_clip_from_the_click_to_the_gallery(
    window: MainWindow, desk: Desk, qtbot: QtBot, tiny_onnx: Bundle, picture_file: Path
) -> None:
    QTest.mouseClick(window.animate.welcome.begin, Qt.MouseButton.LeftButton)
    use(desk, tiny_onnx, picture_file)
    with qtbot.waitSignal(desk.jobs.finished, timeout=60_000):
        QTest.mouseClick(window.animate.run.animate, Qt.MouseButton.LeftButton)
    (row,) = desk.jobs.rows
    assert row.state is JobState.DONE
    qtbot.waitUntil(lambda: window.animate.player.path == row.output, timeout=10_000)
    assert row.output is not None
    assert desk.gallery.find(row.output) is not None
    desk.draft.change(prompt="a dog", seed=5)
    window.gallery.settings_requested.emit(row.draft)
    assert desk.draft.state == row.draft


def test_what_was_there_comes_back_after_a_clip_that_was_stopped(
    window: MainWindow, desk: Desk, qtbot: QtBot, tiny_onnx: Bundle, picture_file: Path
) -> None:
    window.animate.welcome.dismissed.emit()
    use(desk, tiny_onnx, picture_file)
    with qtbot.waitSignal(desk.jobs.finished, timeout=60_000):
        QTest.mouseClick(window.animate.run.animate, Qt.MouseButton.LeftButton)
    first = desk.jobs.rows[0].output
    qtbot.waitUntil(lambda: window.animate.player.path == first, timeout=10_000)
    desk.draft.change(num_inference_steps=500)
    with qtbot.waitSignal(
        desk.jobs.progressed, timeout=60_000, check_params_cb=lambda _, done: done.preview is not None
    ):
        QTest.mouseClick(window.animate.run.animate, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.animate.player.path is None, timeout=10_000)
    QTest.mouseClick(window.animate.run.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.animate.player.path == first, timeout=10_000)


def test_pages_are_turned_by_the_menu(window: MainWindow) -> None:
    (view,) = (action.menu() for action in window.menuBar().actions() if action.text() == "&View")
    for number, action in enumerate(view.actions()):  # type: ignore[attr-defined]
        action.trigger()
        assert window.pages.currentIndex() == number


def test_what_nobody_foresaw_is_told(window: MainWindow, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    traces: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda *told: traces.append(told))
    with told_of_unforeseen(window.tell_unforeseen, desk.log.note):
        sys.excepthook(ZeroDivisionError, ZeroDivisionError("by zero"), None)
    assert len(traces) == 1, "the trace is still written where a terminal is"
    assert "ZeroDivisionError" in window.statusBar().currentMessage()
    assert "defect" in window.statusBar().currentMessage()
    assert any("ZeroDivisionError: by zero" in entry.text for entry in desk.log.since(0))


def test_every_control_has_a_name_and_is_reached_by_keys(window: MainWindow, desk: Desk, picture_file: Path) -> None:
    desk.preferences.change(welcomed=True)
    window.animate.welcome.dismissed.emit()
    desk.draft.change(picture=picture_file, prompt="a cat")
    found = faults_of_all_pages(window)
    assert not found, "\n".join(found)


def test_a_user_without_a_plan(
    window: MainWindow, desk: Desk, qtbot: QtBot, tiny_onnx: Bundle, picture_file: Path, tmp_path: Path
) -> None:
    window.animate.welcome.dismissed.emit()
    use(desk, tiny_onnx, picture_file)
    folder = tmp_path / "offers"
    folder.mkdir()
    (folder / "picture.png").write_bytes(picture_file.read_bytes())
    (folder / "no picture.jpg").write_bytes(b"no picture")
    monkey = Monkey(window, folder, seed=7)
    monkey.play(200)
    assert len(monkey.done) >= 200
    for row in desk.jobs.rows:
        if not row.state.ended:
            desk.jobs.stop(row)
    qtbot.waitUntil(lambda: desk.jobs.current is None, timeout=30_000)
    gc.collect()
