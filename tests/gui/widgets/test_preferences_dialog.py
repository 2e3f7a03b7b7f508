"""Preferences by mouse and keyboard."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog
from pytestqt.qtbot import QtBot

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.preferences import Choices, Scheme
from pia_edge.gui.widgets.preferences_dialog import PreferencesDialog, default_save_folder


@pytest.fixture
def dialog(desk: Desk, qtbot: QtBot) -> PreferencesDialog:
    one = PreferencesDialog(desk)
    qtbot.addWidget(one)
    with qtbot.waitExposed(one):
        one.show()
    return one


def test_it_shows_what_is_in_force(dialog: PreferencesDialog, desk: Desk) -> None:
    assert dialog.language.currentText() == "As the system"
    assert dialog.folder.text() == default_save_folder()
    assert not dialog.limit.isEnabled()
    desk.preferences.change(language="de", scheme=Scheme.DARK, memory_limit=3 * 2**30, notify=False, save_folder="/x")
    assert dialog.language.currentText() == "Deutsch"
    assert dialog.scheme.currentText() == "Dark"
    assert (dialog.limited.isChecked(), dialog.limit.value()) == (True, 3.0)
    assert not dialog.notify.isChecked()
    assert dialog.folder.text() == "/x"


def test_language_and_scheme_by_keyboard(dialog: PreferencesDialog, desk: Desk) -> None:
    dialog.language.setFocus()
    QTest.keyClick(dialog.language, Qt.Key.Key_D)
    assert desk.preferences.choices == Choices(language="de")
    QTest.keyClick(dialog.language, Qt.Key.Key_Home)
    assert desk.preferences.choices == Choices()
    dialog.scheme.setFocus()
    QTest.keyClick(dialog.scheme, Qt.Key.Key_Down)
    assert desk.preferences.choices == Choices(scheme=Scheme.LIGHT)


def test_a_limit_of_memory(dialog: PreferencesDialog, desk: Desk) -> None:
    QTest.mouseClick(dialog.limited, Qt.MouseButton.LeftButton, pos=dialog.limited.rect().center())
    assert desk.preferences.choices.memory_limit == 8 * 2**30
    dialog.limit.setFocus()
    dialog.limit.selectAll()
    QTest.keyClicks(dialog.limit, "2.5")
    QTest.keyClick(dialog.limit, Qt.Key.Key_Tab)
    assert desk.preferences.choices.memory_limit == 5 * 2**29
    QTest.mouseClick(dialog.limited, Qt.MouseButton.LeftButton, pos=dialog.limited.rect().center())
    assert desk.preferences.choices.memory_limit is None


def test_a_folder(dialog: PreferencesDialog, desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for answer, expected in (("", None), (str(tmp_path), str(tmp_path))):
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, answer=answer: answer)
        QTest.mouseClick(dialog.choose, Qt.MouseButton.LeftButton)
        assert desk.preferences.choices.save_folder == expected
    assert dialog.folder.text() == str(tmp_path)


def test_notifications_and_closing(dialog: PreferencesDialog, desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.preferences.changed):
        QTest.keyClick(dialog, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    assert not desk.preferences.choices.notify
    (buttons,) = dialog.findChildren(QDialogButtonBox)
    QTest.mouseClick(buttons.button(QDialogButtonBox.StandardButton.Close), Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
