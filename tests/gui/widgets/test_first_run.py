"""What a new user sees: once, and one click animates the example."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from pia_edge import sample
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.widgets.first_run import FirstRun


def test_one_click_animates_the_example(desk: Desk, qtbot: QtBot) -> None:
    assert FirstRun.due(desk)
    welcome = FirstRun(desk)
    qtbot.addWidget(welcome)
    with qtbot.waitExposed(welcome):
        welcome.show()
    with qtbot.waitSignal(welcome.animate_requested):
        QTest.mouseClick(welcome.animate, Qt.MouseButton.LeftButton)
    assert desk.draft.state.picture == sample.picture()
    assert desk.draft.state.picture.is_file()
    assert desk.draft.state.prompt == "a boat on the sea, night falls"
    assert welcome.isHidden()
    assert not FirstRun.due(desk)


def test_whoever_knows_what_to_do_is_not_asked_again(desk: Desk, qtbot: QtBot) -> None:
    welcome = FirstRun(desk)
    qtbot.addWidget(welcome)
    with qtbot.waitExposed(welcome):
        welcome.show()
    with qtbot.waitSignal(welcome.dismissed), qtbot.assertNotEmitted(welcome.animate_requested):
        QTest.keyClick(welcome, Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier)
    assert desk.draft.state.picture is None
    assert not FirstRun.due(desk)


def test_whoever_has_made_clips_is_not_new(desk: Desk) -> None:
    desk.places.clips.mkdir(parents=True)
    assert FirstRun.due(desk)
    (desk.places.clips / "boat.apng").touch()
    assert not FirstRun.due(desk)


def test_it_promises_what_the_program_keeps(desk: Desk, qtbot: QtBot) -> None:
    welcome = FirstRun(desk)
    qtbot.addWidget(welcome)
    said = " ".join(label.text() for label in welcome.findChildren(QLabel))
    assert "nothing is downloaded, and nothing leaves it" in said
