"""The dialog that saves: choices, sizes, and what goes wrong, which is said while it stays open."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from pia_edge.clip import ClipFormat, read_recipe
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.widgets.save_dialog import SaveDialog
from tests.gui.accessibility import faults
from tests.gui.model.clips import save_clip


@pytest.fixture
def dialog(desk: Desk, tmp_path: Path, qtbot: QtBot) -> SaveDialog:
    made = save_clip(tmp_path / "clip.apng")
    (tmp_path / "out").mkdir()
    desk.preferences.change(save_folder=str(tmp_path / "out"), save_format="webp")
    one = SaveDialog(desk, made.path, recipe=made.recipe, fps=8)
    qtbot.addWidget(one)
    one.open()
    qtbot.waitUntil(lambda: one.isVisible() and one.formats.sizes[ClipFormat.WEBP].text() != "…", timeout=20_000)
    return one


def press_save(dialog: SaveDialog) -> None:
    QTest.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Save), Qt.MouseButton.LeftButton)


def test_format_rate_and_way_are_those_of_the_file(dialog: SaveDialog, tmp_path: Path, qtbot: QtBot) -> None:
    assert dialog.formats.buttons[ClipFormat.WEBP].isChecked()
    QTest.mouseClick(dialog.formats.buttons[ClipFormat.GIF], Qt.MouseButton.LeftButton)
    dialog.fps.selectAll()
    QTest.keyClicks(dialog.fps, "10")
    dialog.ping_pong.setFocus()
    QTest.keyClick(dialog.ping_pong, Qt.Key.Key_Space)
    dialog.name.selectAll()
    QTest.keyClicks(dialog.name, "my boat")
    with qtbot.waitSignal(dialog.saved, timeout=20_000) as saved:
        press_save(dialog)
    path, size = saved.args
    assert path == tmp_path / "out" / "my boat.gif"
    assert size == path.stat().st_size
    with Image.open(path) as gif:
        assert getattr(gif, "n_frames", 1) == 6
        assert gif.info["duration"] == 100
    assert read_recipe(path).ping_pong
    assert not dialog.isVisible()


def test_the_size_that_is_shown_is_exact(dialog: SaveDialog, tmp_path: Path, qtbot: QtBot) -> None:
    label = dialog.formats.sizes[ClipFormat.WEBP]
    with qtbot.waitSignal(dialog.saved, timeout=20_000):
        press_save(dialog)
    size = (tmp_path / "out" / "clip.webp").stat().st_size
    assert label.toolTip().replace(",", "") == f"{size} bytes"


def test_nothing_is_replaced_unasked(dialog: SaveDialog, tmp_path: Path, qtbot: QtBot) -> None:
    target = tmp_path / "out" / "clip.webp"
    target.write_text("mine")
    press_save(dialog)
    question = next(each for each in dialog.findChildren(QMessageBox) if each.isVisible())
    assert "clip.webp exists already" in question.text()
    QTest.mouseClick(question.button(QMessageBox.StandardButton.Cancel), Qt.MouseButton.LeftButton)
    assert target.read_text() == "mine"
    assert dialog.isVisible()
    press_save(dialog)
    question = next(each for each in dialog.findChildren(QMessageBox) if each.isVisible())
    replace = next(button for button in question.findChildren(QPushButton) if button.text() == "&Replace")
    with qtbot.waitSignal(dialog.saved, timeout=20_000):
        QTest.mouseClick(replace, Qt.MouseButton.LeftButton)
    assert target.stat().st_size > 4


def test_a_disk_that_refuses_is_a_sentence(dialog: SaveDialog, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "out").rmdir()
    press_save(dialog)
    qtbot.waitUntil(dialog.problem.isVisible, timeout=20_000)
    assert "There is no such folder" in dialog.problem.text()
    (tmp_path / "out").mkdir()
    with qtbot.waitSignal(dialog.saved, timeout=20_000):
        press_save(dialog)


def test_rates_that_a_format_cannot_play(dialog: SaveDialog, qtbot: QtBot) -> None:
    QTest.mouseClick(dialog.formats.buttons[ClipFormat.GIF], Qt.MouseButton.LeftButton)
    dialog.fps.setValue(100)
    label = dialog.formats.sizes[ClipFormat.GIF]
    qtbot.waitUntil(lambda: label.text() == "not possible", timeout=20_000)
    assert "0.1 to 50 frames per second" in label.toolTip()


def test_what_is_missing_is_grey_and_says_how_to_get_it(dialog: SaveDialog) -> None:
    dialog._saving.missing = {ClipFormat.MP4: "Install it with: pip install 'pia-edge[video]'"}
    dialog._show()
    assert not dialog.formats.buttons[ClipFormat.MP4].isEnabled()
    assert "pip install" in dialog.formats._words[ClipFormat.MP4].text()


def test_escape_takes_everything_back(dialog: SaveDialog, tmp_path: Path) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert list((tmp_path / "out").iterdir()) == []


def test_everything_has_a_name_and_is_reached(dialog: SaveDialog) -> None:
    assert faults(dialog) == []
