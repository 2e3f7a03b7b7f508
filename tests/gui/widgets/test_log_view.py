"""The log as it is read and copied."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from pia_edge import __version__
from pia_edge.errors import PictureError
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.widgets.log_view import LogView


@pytest.fixture
def view(desk: Desk, qtbot: QtBot) -> LogView:
    desk.draft.change(picture=Path("/home/anna/boat.png"), prompt="a boat on the sea")
    desk.log.describe("openvino", "CPU and GPU")
    desk.log.error(PictureError("/home/anna/boat.png: expected a picture for 'a boat on the sea', found text."))
    one = LogView(desk)
    qtbot.addWidget(one)
    with qtbot.waitExposed(one):
        one.show()
    return one


def test_what_is_copied_is_what_is_seen_and_holds_nothing_private(view: LogView, qtbot: QtBot) -> None:
    QTest.mouseClick(view.copy, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied == view.text.toPlainText()
    assert f"PIA Edge {__version__}, Python " in copied
    assert "Qt 6." in copied
    assert "openvino: CPU and GPU" in copied
    assert "PictureError: [path]: expected a picture for '[prompt]', found text." in copied
    assert "boat" not in copied
    assert "anna" not in copied
    with qtbot.waitSignal(view.everything.toggled):
        QTest.keyClick(view, Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)
    QTest.mouseClick(view.copy, Qt.MouseButton.LeftButton)
    assert "/home/anna/boat.png: expected a picture for 'a boat on the sea'" in QGuiApplication.clipboard().text()


def test_it_grows_while_it_is_seen(view: LogView, desk: Desk, qtbot: QtBot) -> None:
    desk.log.worker("clips")("compiling the unet")
    qtbot.waitUntil(lambda: view.text.toPlainText().endswith("worker [clips] compiling the unet"), timeout=2000)
    assert view.text.toPlainText().count("PictureError") == 1
    view.hide()
    assert not any(timer.isActive() for timer in view.findChildren(QTimer) if not timer.isSingleShot())
    desk.log.note("later")
    view.show()
    assert view.text.toPlainText().endswith("note   later")


def test_a_prompt_that_was_given_up_stays_private(view: LogView, desk: Desk) -> None:
    desk.draft.change(prompt="nothing of the kind")
    QTest.mouseClick(view.copy, Qt.MouseButton.LeftButton)
    assert "a boat on the sea" not in QGuiApplication.clipboard().text()
