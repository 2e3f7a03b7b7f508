"""The prompts, typed."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.suggestions import MOTION_WORDS
from pia_edge.gui.widgets.prompt_panel import PromptPanel
from tests.gui.dropping import enter, files


@pytest.fixture
def panel(quick_desk: Desk, qtbot: QtBot) -> PromptPanel:
    made = PromptPanel(quick_desk)
    qtbot.addWidget(made)
    made.resize(420, 300)
    made.show()
    return made


def test_what_is_typed_is_the_drafts_and_is_counted(panel: PromptPanel, quick_desk: Desk, qtbot: QtBot) -> None:
    QTest.keyClicks(panel.prompt.edit, "a boat on the sea")
    assert quick_desk.draft.state.prompt == "a boat on the sea"
    qtbot.waitUntil(lambda: panel.prompt.count.text() == "5 of 75 tokens", timeout=20_000)
    assert panel.prompt.edit.unread == ""


def test_what_is_not_read_is_struck_out(panel: PromptPanel, quick_desk: Desk, qtbot: QtBot) -> None:
    # A character outside the basic plane counts twice in Qt and once in Python.
    quick_desk.draft.change(prompt="🌊 " + "sea " * 80 + "end 🌊")
    qtbot.waitUntil(lambda: panel.prompt.edit.unread != "", timeout=20_000)
    assert panel.prompt.edit.unread.endswith("sea end 🌊")
    (selection,) = panel.prompt.edit.extraSelections()
    assert selection.cursor.selectedText() == panel.prompt.edit.unread
    assert selection.format.fontStrikeOut()
    assert "75 are read" in panel.prompt.count.text()
    panel.prompt.edit.setPlainText("sea")
    qtbot.waitUntil(lambda: panel.prompt.count.text() == "1 of 75 tokens", timeout=20_000)
    assert panel.prompt.edit.extraSelections() == []


def test_ctrl_return_means_go(panel: PromptPanel, quick_desk: Desk, qtbot: QtBot) -> None:
    panel.prompt.edit.setPlainText("a boat")
    with qtbot.waitSignal(panel.animate_requested):
        QTest.keyClick(panel.prompt.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert quick_desk.draft.state.prompt == "a boat"


def test_what_is_set_from_elsewhere_can_be_undone(panel: PromptPanel, quick_desk: Desk) -> None:
    QTest.keyClicks(panel.prompt.edit, "mine")
    quick_desk.draft.change(prompt="that of an older clip")
    assert panel.prompt.edit.toPlainText() == "that of an older clip"
    QTest.keyClick(panel.prompt.edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert quick_desk.draft.state.prompt == "mine"


def test_words_for_movement_are_added_by_a_click(panel: PromptPanel, quick_desk: Desk) -> None:
    QTest.keyClicks(panel.prompt.edit, "a boat")
    panel.suggestions.linkActivated.emit("it snows")
    assert quick_desk.draft.state.prompt == "a boat, it snows"


def test_words_for_movement_are_one_stop_for_tab_and_several_for_arrows(panel: PromptPanel, quick_desk: Desk) -> None:
    panel.activateWindow()
    panel.prompt.edit.setFocus()
    QTest.keyClick(panel.prompt.edit, Qt.Key.Key_Tab)
    assert panel.suggestions.hasFocus()
    QTest.keyClick(panel.suggestions, Qt.Key.Key_Right)
    QTest.keyClick(panel.suggestions, Qt.Key.Key_Return)
    assert quick_desk.draft.state.prompt == MOTION_WORDS[1]
    panel.suggestions.setFocus()
    QTest.keyClick(panel.suggestions, Qt.Key.Key_Tab)
    assert panel.later.add.hasFocus()


def test_the_negative_prompt_is_folded_away(panel: PromptPanel, quick_desk: Desk) -> None:
    assert not panel.negative.isVisible()
    QTest.mouseClick(panel.fold.heading, Qt.MouseButton.LeftButton)
    assert panel.negative.isVisible()
    QTest.keyClicks(panel.negative.edit, "fog")
    assert quick_desk.draft.state.negative_prompt == "fog"
    panel.negative.edit.clear()
    assert quick_desk.draft.state.negative_prompt is None


def test_a_negative_prompt_from_elsewhere_is_not_hidden(panel: PromptPanel, quick_desk: Desk) -> None:
    quick_desk.draft.change(negative_prompt="fog")
    assert panel.negative.isVisible()


def test_a_picture_that_is_pasted_into_the_prompt_is_the_picture(
    panel: PromptPanel, quick_desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    Image.new("RGB", (64, 64)).save(tmp_path / "a.png")
    QGuiApplication.clipboard().setMimeData(files(tmp_path / "a.png"))
    QTest.keyClick(panel.prompt.edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: quick_desk.draft.state.picture == tmp_path / "a.png", timeout=20_000)
    assert panel.prompt.edit.toPlainText() == ""
    QGuiApplication.clipboard().setText("a boat")
    QTest.keyClick(panel.prompt.edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert quick_desk.draft.state.prompt == "a boat"


def test_a_dropped_file_does_not_become_text(panel: PromptPanel, tmp_path: Path) -> None:
    assert not enter(panel.prompt.edit.viewport(), files(tmp_path / "a.png"))


def test_text_that_cannot_be_taken_gets_a_sentence(panel: PromptPanel, quick_desk: Desk) -> None:
    panel.prompt.edit.setPlainText("a" * 9000)
    assert "at most 8192 characters" in panel.prompt.problem.text()
    panel.prompt.edit.setPlainText("a boat")
    assert panel.prompt.problem.text() == ""
    assert quick_desk.draft.state.prompt == "a boat"
