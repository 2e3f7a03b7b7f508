"""The picture panel, by mouse, keyboard, clipboard and drop."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from pia_edge.bundle import Bundle
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.widgets.picture_panel import PicturePanel
from pia_edge.request import Fit
from tests.gui.dropping import drop, enter, files, leave


@pytest.fixture
def panel(quick_desk: Desk, qtbot: QtBot) -> PicturePanel:
    made = PicturePanel(quick_desk)
    qtbot.addWidget(made)
    made.resize(420, 480)
    made.show()
    qtbot.waitUntil(lambda: quick_desk.limits.found is not None, timeout=20_000)
    return made


@pytest.fixture
def red(tmp_path: Path) -> Path:
    Image.new("RGB", (192, 128), "red").save(tmp_path / "red.png")
    return tmp_path / "red.png"


def wait(qtbot: QtBot, desk: Desk) -> None:
    qtbot.waitUntil(lambda: not desk.picture.busy and not desk.last_picture.busy, timeout=20_000)


def test_the_empty_panel_invites(panel: PicturePanel, qtbot: QtBot) -> None:
    assert panel.invitation.isVisible()
    assert not panel.shape_chooser.isVisible()
    with qtbot.waitSignal(panel.example_requested):
        QTest.mouseClick(panel.example_button, Qt.MouseButton.LeftButton)


def test_a_dropped_file_is_shown_and_described(panel: PicturePanel, quick_desk: Desk, qtbot: QtBot, red: Path) -> None:
    mime = files(red)
    assert enter(panel, mime)
    highlighted = [panel.canvas.highlighted]
    drop(panel, mime)
    assert [*highlighted, panel.canvas.highlighted] == [True, False]
    wait(qtbot, quick_desk)
    assert quick_desk.draft.state.picture == red
    notes = panel.notes.text().replace("\u00a0", " ")
    assert notes == "red.png, 192 × 128 pixels. Scaled from 192 × 128 to 128 × 80."
    described = panel.canvas.accessibleDescription().replace("\u00a0", " ")
    assert described == "red.png, 192 × 128 pixels, animated at 128 × 80"
    assert not panel.invitation.isVisible()
    middle = panel.canvas.rect().center()
    assert panel.canvas.grab().toImage().pixelColor(middle).name() == "#ff0000"


def test_leaving_with_a_picture_ends_the_highlight(panel: PicturePanel, red: Path) -> None:
    mime = files(red)
    enter(panel, mime)
    leave(panel)
    assert not panel.canvas.highlighted


def test_text_is_not_taken(panel: PicturePanel) -> None:
    mime = QMimeData()
    mime.setText("a boat")
    assert not enter(panel, mime)
    assert not panel.canvas.highlighted


def test_an_image_from_another_program_is_kept(panel: PicturePanel, quick_desk: Desk, qtbot: QtBot) -> None:
    image = QImage(64, 64, QImage.Format.Format_ARGB32)
    image.fill(0xFF0000FF)
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/blue.png")])
    mime.setImageData(image)
    drop(panel, mime)
    qtbot.waitUntil(lambda: quick_desk.picture.current, timeout=20_000)
    assert quick_desk.picture.path is not None
    assert quick_desk.picture.path.parent == quick_desk.places.pictures


def test_ctrl_v_pastes(panel: PicturePanel, quick_desk: Desk, qtbot: QtBot, red: Path) -> None:
    QGuiApplication.clipboard().setText(str(red))
    panel.open_button.setFocus()
    QTest.keyClick(panel.open_button, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    wait(qtbot, quick_desk)
    assert quick_desk.draft.state.picture == red


def test_an_empty_clipboard_gets_a_sentence(panel: PicturePanel) -> None:
    QGuiApplication.clipboard().setText("nothing of use")
    QTest.mouseClick(panel.paste_button, Qt.MouseButton.LeftButton)
    assert panel.problem.isVisible()
    assert "Copy a picture" in panel.problem.text()


def test_the_dialog_opens_a_file(panel: PicturePanel, quick_desk: Desk, qtbot: QtBot, red: Path) -> None:
    QTest.mouseClick(panel.open_button, Qt.MouseButton.LeftButton)
    (dialog,) = panel.findChildren(QFileDialog)
    assert "*.webp" in dialog.nameFilters()[0]
    dialog.fileSelected.emit(str(red))
    dialog.done(0)
    wait(qtbot, quick_desk)
    assert quick_desk.draft.state.picture == red
    qtbot.waitUntil(lambda: not panel.findChildren(QFileDialog))


def test_a_bad_file_is_explained_and_the_good_one_stays(
    panel: PicturePanel, quick_desk: Desk, qtbot: QtBot, red: Path, tmp_path: Path
) -> None:
    drop(panel, files(red))
    wait(qtbot, quick_desk)
    for content in (b"", b"text", red.read_bytes()[:60]):
        (tmp_path / "bad.png").write_bytes(content)
        drop(panel, files(tmp_path / "bad.png"))
        wait(qtbot, quick_desk)
        assert panel.problem.text().startswith(("bad.png", "Expected a picture, but bad.png"))
        assert panel.problem.isVisible()
        assert panel.notes.text().startswith("red.png")
    drop(panel, files(tmp_path))
    wait(qtbot, quick_desk)
    assert "is a folder" in panel.problem.text()
    assert quick_desk.picture.current
    drop(panel, files(red))
    wait(qtbot, quick_desk)
    assert not panel.problem.isVisible()


def test_shapes_are_chosen_by_key(panel: PicturePanel, quick_desk: Desk, qtbot: QtBot, red: Path) -> None:
    drop(panel, files(red))
    wait(qtbot, quick_desk)
    chooser = panel.shape_chooser
    assert not chooser.fit.isVisible()
    QTest.keyClick(chooser.shape, Qt.Key.Key_Down)
    assert (quick_desk.draft.state.size, quick_desk.draft.state.fit) == ((128, 128), Fit.CROP)
    QTest.keyClick(chooser.fit, Qt.Key.Key_Down)
    assert quick_desk.draft.state.fit is Fit.PAD
    wait(qtbot, quick_desk)
    assert "padded" in panel.notes.text()
    QTest.keyClick(chooser.shape, Qt.Key.Key_Home)
    assert (quick_desk.draft.state.size, quick_desk.draft.state.fit) == (None, Fit.ORIGINAL)


def test_a_size_from_elsewhere_is_shown(panel: PicturePanel, quick_desk: Desk) -> None:
    quick_desk.draft.change(size=(200, 104), fit=Fit.CROP)
    assert panel.shape_chooser.shape.currentText() == "200 × 104"
    assert panel.shape_chooser.fit.currentText() == "Cropped"


def test_removing(panel: PicturePanel, quick_desk: Desk, qtbot: QtBot, red: Path) -> None:
    drop(panel, files(red))
    wait(qtbot, quick_desk)
    QTest.mouseClick(panel.remove_button, Qt.MouseButton.LeftButton)
    assert quick_desk.draft.state.picture is None
    assert panel.invitation.isVisible()
    assert not panel.notes.isVisible()


def test_a_last_picture_is_offered_where_the_bundle_takes_one(
    panel: PicturePanel, quick_desk: Desk, qtbot: QtBot, red: Path, tiny: Bundle
) -> None:
    row = panel.last_picture
    drop(panel, files(red))
    wait(qtbot, quick_desk)
    sample = quick_desk.limits.found
    assert sample is not None
    assert row.isVisible() == sample.second_picture
    quick_desk.draft.change(bundle=str(tiny.path), size=(64, 48), fit=Fit.CROP)
    qtbot.waitUntil(row.isVisible, timeout=20_000)
    drop(row, files(red))
    wait(qtbot, quick_desk)
    assert quick_desk.draft.state.last_picture == red
    assert row.notes.text().startswith("red.png")
    QTest.mouseClick(row.remove_button, Qt.MouseButton.LeftButton)
    assert quick_desk.draft.state.last_picture is None
