"""The picture of the draft: tried before it is taken, and followed when it is set from elsewhere."""

import shutil
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from pia_edge.gui.model.desk import Desk
from pia_edge.request import Fit


@pytest.fixture
def red(tmp_path: Path) -> Path:
    Image.new("RGB", (96, 64), "red").save(tmp_path / "red.png")
    return tmp_path / "red.png"


@pytest.fixture
def blue(tmp_path: Path) -> Path:
    Image.new("RGB", (64, 64), "blue").save(tmp_path / "blue.png")
    return tmp_path / "blue.png"


def settle(qtbot: QtBot, desk: Desk) -> None:
    qtbot.waitUntil(lambda: not desk.picture.busy and not desk.last_picture.busy, timeout=20_000)


def test_a_picture_that_can_be_read_becomes_the_drafts(quick_desk: Desk, qtbot: QtBot, red: Path) -> None:
    quick_desk.picture.choose(red)
    before = (quick_desk.picture.busy, quick_desk.draft.state.picture)
    settle(qtbot, quick_desk)
    assert before == (True, None)
    assert quick_desk.draft.state.picture == red
    assert quick_desk.picture.current
    assert quick_desk.picture.view is not None
    assert quick_desk.picture.view.size == (96, 64)
    assert quick_desk.picture.image.pixelColor(5, 5).name() == "#ff0000"


def test_what_is_no_picture_leaves_the_last_good_one(quick_desk: Desk, qtbot: QtBot, red: Path, tmp_path: Path) -> None:
    quick_desk.picture.choose(red)
    settle(qtbot, quick_desk)
    quick_desk.picture.choose(tmp_path / "gone.png")
    settle(qtbot, quick_desk)
    assert "No such file" in quick_desk.picture.problem
    assert str(tmp_path) not in quick_desk.picture.problem
    assert quick_desk.draft.state.picture == red
    assert quick_desk.picture.current
    quick_desk.picture.choose(red)
    settle(qtbot, quick_desk)
    assert quick_desk.picture.problem == ""


def test_it_follows_the_draft(quick_desk: Desk, qtbot: QtBot, red: Path, blue: Path) -> None:
    quick_desk.draft.change(picture=red)
    settle(qtbot, quick_desk)
    quick_desk.draft.change(picture=blue, size=(128, 64), fit=Fit.PAD)
    assert not quick_desk.picture.current
    settle(qtbot, quick_desk)
    view = quick_desk.picture.view
    assert view is not None
    assert (view.size, view.inner_box) == ((128, 64), (32, 0, 96, 64))
    quick_desk.draft.change(picture=None)
    assert quick_desk.picture.view is None
    assert quick_desk.picture.image.isNull()


def test_typing_a_prompt_asks_nothing(quick_desk: Desk, qtbot: QtBot, red: Path) -> None:
    quick_desk.picture.choose(red)
    settle(qtbot, quick_desk)
    quick_desk.draft.change(prompt="a boat", seed=3)
    assert not quick_desk.picture.busy


def test_a_size_that_does_not_suit_is_said_and_undone(quick_desk: Desk, qtbot: QtBot, red: Path) -> None:
    quick_desk.picture.choose(red)
    settle(qtbot, quick_desk)
    quick_desk.draft.change(size=(64, 128))
    settle(qtbot, quick_desk)
    assert "distorted" in quick_desk.picture.problem
    assert quick_desk.picture.view is not None, "it is still there to be seen"
    currents = [quick_desk.picture.current]
    quick_desk.draft.change(size=None)
    assert quick_desk.picture.problem == ""
    assert [*currents, quick_desk.picture.current] == [False, True]
    quick_desk.draft.change(size=(64, 128))
    settle(qtbot, quick_desk)
    assert "distorted" in quick_desk.picture.problem, "each time"


def test_a_picture_that_only_the_size_does_not_suit_is_taken(quick_desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    Image.new("RGB", (30, 30)).save(tmp_path / "small.png")
    quick_desk.picture.choose(tmp_path / "small.png")
    settle(qtbot, quick_desk)
    assert "between 64 and 256" in quick_desk.picture.problem
    assert quick_desk.draft.state.picture == tmp_path / "small.png"
    quick_desk.draft.change(size=(128, 128), fit=Fit.CROP)
    settle(qtbot, quick_desk)
    assert (quick_desk.picture.problem, quick_desk.picture.current) == ("", True)


def test_a_picture_that_is_too_narrow_is_taken_to_be_padded(quick_desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    Image.new("RGB", (300, 4)).save(tmp_path / "narrow.png")
    quick_desk.picture.choose(tmp_path / "narrow.png")
    settle(qtbot, quick_desk)
    assert "too narrow" in quick_desk.picture.problem
    quick_desk.draft.change(size=(128, 128), fit=Fit.PAD)
    settle(qtbot, quick_desk)
    assert quick_desk.picture.current


def test_changing_the_size_does_not_take_back_what_is_being_read(
    quick_desk: Desk, qtbot: QtBot, red: Path, blue: Path
) -> None:
    quick_desk.picture.choose(red)
    settle(qtbot, quick_desk)
    quick_desk.picture.choose(blue)
    quick_desk.draft.change(size=(128, 128), fit=Fit.CROP)
    settle(qtbot, quick_desk)
    assert quick_desk.draft.state.picture == blue
    assert quick_desk.picture.current


def test_removing_takes_back_what_is_being_read(quick_desk: Desk, qtbot: QtBot, red: Path) -> None:
    quick_desk.picture.choose(red)
    quick_desk.picture.remove()
    qtbot.wait(50)
    assert quick_desk.draft.state.picture is None
    assert not quick_desk.picture.busy


def test_pixels_are_kept_as_a_file(desk: Desk, qtbot: QtBot) -> None:
    image = QImage(80, 70, QImage.Format.Format_RGB32)
    image.fill(0xFF00FF10)
    mime = QMimeData()
    mime.setImageData(image)
    desk.picture.offer(mime)
    qtbot.waitUntil(lambda: desk.draft.state.picture is not None, timeout=20_000)
    (kept,) = desk.places.pictures.iterdir()
    assert desk.draft.state.picture == kept
    assert Image.open(kept).getpixel((79, 69)) == (0, 255, 16)
    assert list(desk.places.scratch.iterdir()) == []


def test_what_is_offered_while_pixels_are_being_kept_comes_first(quick_desk: Desk, qtbot: QtBot, red: Path) -> None:
    image = QImage(70, 70, QImage.Format.Format_RGB32)
    mime = QMimeData()
    mime.setImageData(image)
    quick_desk.picture.offer(mime)
    assert quick_desk.picture.busy
    quick_desk.draft.change(prompt="typed meanwhile", size=(128, 128), fit=Fit.CROP)
    assert quick_desk.picture.busy
    quick_desk.picture.choose(red)
    settle(qtbot, quick_desk)
    qtbot.waitUntil(lambda: quick_desk.places.pictures.is_dir() and any(quick_desk.places.pictures.iterdir()))
    qtbot.wait(50)
    assert quick_desk.draft.state.picture == red


@pytest.mark.parametrize("form", [QImage.Format.Format_RGB888, QImage.Format.Format_ARGB32_Premultiplied])
def test_pixels_of_any_form_keep_their_colour(quick_desk: Desk, qtbot: QtBot, form: QImage.Format) -> None:
    image = QImage(65, 64, form)
    image.fill(QColor(10, 200, 30, 255))
    mime = QMimeData()
    mime.setImageData(image)
    quick_desk.picture.offer(mime)
    qtbot.waitUntil(lambda: quick_desk.picture.current, timeout=20_000)
    assert quick_desk.picture.image.pixelColor(64 - 1, 63).getRgb() == (10, 200, 30, 255)


def test_pixels_for_which_there_is_no_room_get_a_sentence(quick_desk: Desk, qtbot: QtBot) -> None:
    shutil.rmtree(quick_desk.places.scratch, ignore_errors=True)
    quick_desk.places.scratch.write_text("a file where the folder should be")
    mime = QMimeData()
    mime.setData("image/png", b"\x89PNG")
    quick_desk.picture.offer(mime)
    qtbot.waitUntil(lambda: bool(quick_desk.picture.problem))
    assert "Could not write" in quick_desk.picture.problem


def test_a_damaged_png_is_not_kept(quick_desk: Desk, qtbot: QtBot) -> None:
    mime = QMimeData()
    mime.setData("image/png", b"\x89PNG\r\n\x1a\n")
    quick_desk.picture.offer(mime)
    qtbot.waitUntil(lambda: bool(quick_desk.picture.problem), timeout=20_000)
    assert quick_desk.picture.problem.startswith("What was pasted is damaged")
    assert not quick_desk.places.pictures.exists()
    assert list(quick_desk.places.scratch.iterdir()) == []


def test_a_last_picture_needs_a_first_one(quick_desk: Desk, red: Path) -> None:
    quick_desk.last_picture.choose(red)
    assert "first" in quick_desk.last_picture.problem
    assert quick_desk.draft.state.last_picture is None
