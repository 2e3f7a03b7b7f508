"""The gallery's page, by mouse and keyboard."""

import time
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.draft import DraftState
from pia_edge.gui.model.gallery_store import GalleryClip
from pia_edge.gui.widgets.gallery_page import GalleryPage
from tests.clip.examples import make_recipe, moving_scene
from tests.gui.accessibility import faults
from tests.gui.model.clips import NoTrash, save_clip

PROMPTS = ("a boat on a lake", "snow falls", "night falls over the sea")


@pytest.fixture
def page(desk: Desk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GalleryPage:
    """The page with three clips, of which the last one is the newest."""
    (tmp_path / "share").mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    for number, prompt in enumerate(PROMPTS):
        made = save_clip(desk.places.clips / f"{number}.apng", moving_scene(), prompt=prompt, picture_name="boat.png")
        desk.gallery.add(made.path, made, DraftState(picture=tmp_path / "boat.png"))
    one = GalleryPage(desk)
    qtbot.addWidget(one)
    one.resize(1000, 600)
    with qtbot.waitExposed(one):
        one.show()
    return one


def place_of(page: GalleryPage, row: int) -> QPoint:
    return page.grid.visualRect(page._gallery.rows.index(row)).center()


def click(page: GalleryPage, row: int) -> None:
    QTest.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=place_of(page, row))


def press(button: QPushButton) -> None:
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def drop(page: GalleryPage, offer: QMimeData) -> None:
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), copy, offer, left, none)
    QApplication.sendEvent(page, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(page, QDropEvent(QPointF(5, 5), copy, offer, left, none))


def said(page: GalleryPage) -> dict[str, str]:
    labels = page.details.words.findChildren(QLabel)
    return {label.accessibleName(): label.text() for label in labels if label.accessibleName()}


def test_typing_searches(page: GalleryPage) -> None:
    QTest.keyClick(page.grid, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(page.search, "FALLS sea")
    assert page.count.text() == "1 of 3"
    page.search.clear()
    assert page.count.text() == "3 clips"


def test_a_clip_in_words_and_its_settings(page: GalleryPage, qtbot: QtBot) -> None:
    click(page, 2)
    assert page.details.title.text() == "0.apng"
    assert said(page)["Prompt"] == "a boat on a lake"
    assert said(page)["Took"] == "12 s"
    with qtbot.waitSignal(page.settings_requested) as asked:
        press(page.details.use)
    assert asked.args[0].prompt == "a boat on a lake"
    assert asked.args[0].picture is None
    assert "boat.png was not found" in page.notice.words.text()


def test_keys_choose_and_open(page: GalleryPage, qtbot: QtBot) -> None:
    page.grid.setFocus()
    click(page, 0)
    QTest.keyClick(page.grid, Qt.Key.Key_Right)
    assert said(page)["Prompt"] == "snow falls"
    with qtbot.waitSignal(page.open_requested) as asked:
        QTest.keyClick(page.grid, Qt.Key.Key_Return)
    assert asked.args[0].name == "1.apng"
    with qtbot.waitSignal(page.open_requested) as asked:
        press(page.details.watch)
    assert asked.args[0].name == "1.apng"


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_what_is_pointed_at_moves(page: GalleryPage, qtbot: QtBot, by: str) -> None:
    if by == "mouse":
        QTest.mouseMove(page.grid.viewport(), place_of(page, 0) + QPoint(5, 5))
        QTest.mouseMove(page.grid.viewport(), place_of(page, 0))
    else:
        page.grid.setFocus()
        page.grid.setCurrentIndex(page._gallery.rows.index(0))
    frames: set[int] = set()

    def moved() -> bool:
        moving = page.grid._delegate.moving
        if moving is not None:
            assert moving[0].name == "2.apng"
            frames.add(moving[1].cacheKey())
        return len(frames) > 2

    qtbot.waitUntil(moved, timeout=20_000)
    page.hide()
    assert not page.grid._timer.isActive()


def test_to_the_trash_and_back(page: GalleryPage, desk: Desk) -> None:
    click(page, 0)
    QTest.keyClick(page.grid, Qt.Key.Key_Delete)
    assert not (desk.places.clips / "2.apng").exists()
    assert page.count.text() == "2 clips"
    assert said(page)["Prompt"] == "snow falls"
    assert page.notice.words.text() == "2.apng is in the trash."
    press(page.notice.undo)
    assert (desk.places.clips / "2.apng").is_file()
    assert page.count.text() == "3 clips"
    assert said(page)["Prompt"] == "night falls over the sea"


def test_clips_are_dragged_out_as_files(page: GalleryPage, desk: Desk) -> None:
    offered = page._gallery.rows.mimeData([page._gallery.rows.index(1)])
    assert [url.toLocalFile() for url in offered.urls()] == [str(desk.places.clips / "1.apng")]
    assert page.grid.dragEnabled()
    assert not page.grid.viewport().acceptDrops()


def test_where_there_is_no_trash_one_is_asked(page: GalleryPage, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pia_edge.gui.model.trash.QFile", NoTrash)
    click(page, 0)
    press(page.details.delete)
    question = next(each for each in page.findChildren(QMessageBox) if each.isVisible())
    assert "this disk has none" in question.text()
    QTest.mouseClick(question.button(QMessageBox.StandardButton.Cancel), Qt.MouseButton.LeftButton)
    assert (desk.places.clips / "2.apng").is_file()
    press(page.details.delete)
    question = next(each for each in page.findChildren(QMessageBox) if each.isVisible())
    press(next(each for each in question.findChildren(QPushButton) if each.text() == "&Delete for good"))
    assert not (desk.places.clips / "2.apng").exists()
    assert page.count.text() == "2 clips"


def test_a_vanished_clip_can_be_remade_but_not_watched(page: GalleryPage, desk: Desk) -> None:
    click(page, 0)
    (desk.places.clips / "2.apng").unlink()
    desk.gallery.look()
    assert said(page)["Prompt"] == "night falls over the sea"
    assert not page.details.watch.isEnabled()
    assert page.details.use.isEnabled()
    assert page.details.delete.text() == "&Remove from the gallery"
    press(page.details.delete)
    assert page.count.text() == "2 clips"


def test_nothing_can_be_done_with_nothing(page: GalleryPage) -> None:
    click(page, 0)
    page.search.setText("no such word")
    assert page.grid._message == "No clip has all of these words."
    assert not any(button.isEnabled() for button in page.details._buttons())
    assert said(page) == {}


def test_a_clip_made_elsewhere_by_drop(page: GalleryPage, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "boat.png").write_bytes(b"")
    save_clip(tmp_path / "theirs.webp", prompt="<b>theirs</b>", picture_name="boat.png")
    offer = QMimeData()
    offer.setUrls([QUrl.fromLocalFile(str(tmp_path / "theirs.webp"))])
    drop(page, offer)
    qtbot.waitUntil(lambda: page.details.title.text() == "theirs.webp", timeout=20_000)
    assert said(page)["Prompt"] == "<b>theirs</b>"
    assert not page.details.delete.isEnabled()
    with qtbot.waitSignal(page.settings_requested) as asked:
        press(page.details.use)
    assert asked.args[0].picture == tmp_path / "boat.png"
    page.open_elsewhere(tmp_path / "boat.png")
    qtbot.waitUntil(lambda: "No recipe found" in page.notice.words.text(), timeout=20_000)


def test_saving_from_the_gallery(page: GalleryPage, tmp_path: Path, qtbot: QtBot) -> None:
    click(page, 0)
    dialog = page._save()
    dialog._saving.folder = tmp_path
    with qtbot.waitSignal(dialog.saved, timeout=20_000):
        dialog._save()
    assert (tmp_path / "2.gif").is_file()
    assert "Saved as" in page.notice.words.text()


def test_two_thousand_clips_scroll_smoothly(page: GalleryPage, desk: Desk, qtbot: QtBot) -> None:
    store, recipe = desk.gallery._store, make_recipe(prompt="many sails")
    store._connection.execute("BEGIN")
    for number in range(2000):
        store.add(
            GalleryClip(path=desk.places.clips / f"many{number}.apng", prompt="many sails", made_at=number),
            recipe,
            replace=False,
        )
    store._connection.execute("COMMIT")
    desk.gallery.search("sails")
    assert page.count.text() == "2000 of 2003"
    bar = page.grid.verticalScrollBar()
    qtbot.wait(50)
    started = time.perf_counter()
    for part in range(20):
        bar.setValue(bar.maximum() * part // 20)
        page.grid.viewport().repaint()
    assert (time.perf_counter() - started) / 20 < 0.05


def test_everything_has_a_name_and_is_reached(page: GalleryPage) -> None:
    click(page, 0)
    page.notice.tell("gone", lambda: None)
    assert faults(page) == []
