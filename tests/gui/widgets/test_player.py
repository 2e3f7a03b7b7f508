"""The player, by mouse and keyboard."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDrag, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.widgets.player import Player
from tests.gui.accessibility import faults
from tests.gui.model.clips import FRAMES, HEIGHT, WIDTH, save_clip


@pytest.fixture
def player(desk: Desk, qtbot: QtBot) -> Iterator[Player]:
    one = Player(desk)
    qtbot.addWidget(one)
    one.resize(500, 500)
    with qtbot.waitExposed(one):
        one.show()
    yield one
    one.clear()


@pytest.fixture
def playing(player: Player, tmp_path: Path, qtbot: QtBot) -> Player:
    """The player with a clip of 4 frames, at the first one, paused."""
    Image.new("RGB", (WIDTH, HEIGHT), (255, 0, 0)).save(tmp_path / "boat.png")
    save_clip(tmp_path / "clip.apng", picture_name="boat.png", fps=20.0)
    with qtbot.waitSignal(player.opened, timeout=20_000):
        player.open(tmp_path / "clip.apng")
    player.transport.play.click()
    QTest.keyClick(player.canvas, Qt.Key.Key_Home)
    return player


def seen(player: Player) -> str:
    return player.transport.position.text().split(" ·")[0]


def colour_at(player: Player, point: QPoint) -> tuple[int, int, int]:
    colour = player.canvas.grab().toImage().pixelColor(point)
    return colour.red(), colour.green(), colour.blue()


def test_it_plays_at_the_clips_own_pace(playing: Player, qtbot: QtBot) -> None:
    shown: list[str] = []
    playing._playback.moved.connect(lambda: shown.append(seen(playing)))
    QTest.keyClick(playing.canvas, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(shown) >= 5, timeout=3000)
    assert shown[:5] == [f"Frame {number} of 4" for number in (2, 3, 4, 1, 2)]
    playing.hide()
    count = len(shown)
    qtbot.wait(120)
    assert len(shown) == count


def test_keys(playing: Player) -> None:
    keys = [
        (Qt.Key.Key_Period, 2),
        (Qt.Key.Key_Right, 3),
        (Qt.Key.Key_Comma, 2),
        (Qt.Key.Key_Left, 1),
        (Qt.Key.Key_Left, 4),
        (Qt.Key.Key_Home, 1),
        (Qt.Key.Key_End, 4),
    ]
    for key, frame in keys:
        QTest.keyClick(playing.canvas, key)
        assert seen(playing) == f"Frame {frame} of 4"
    QTest.keyClick(playing.canvas, Qt.Key.Key_Space)
    assert playing.transport.play.accessibleName() == "Pause (Space)"
    QTest.keyClick(playing.canvas, Qt.Key.Key_Space)
    assert playing.transport.play.accessibleName() == "Play (Space)"


def test_the_slider_scrubs(playing: Player) -> None:
    playing.transport.play.click()
    playing.transport.slider.setFocus()
    QTest.keyClick(playing.transport.slider, Qt.Key.Key_End)
    assert seen(playing) == "Frame 4 of 4"
    assert playing.transport.play.accessibleName() == "Play (Space)"
    QTest.keyClick(playing.transport.speed, Qt.Key.Key_Down)
    assert playing._playback.speed == 2
    QTest.mouseClick(playing.transport.loop, Qt.MouseButton.LeftButton)
    assert not playing._playback.looping


def test_small_clips_are_shown_in_whole_pixels(playing: Player) -> None:
    playing.smooth.trigger()
    rect = playing.canvas.image_rect()
    assert rect.width() % WIDTH == 0
    assert rect.height() % HEIGHT == 0
    scale = int(rect.width()) // WIDTH
    for x, y in ((0, 0), (3, 7), (WIDTH - 1, HEIGHT - 1)):
        corner = rect.topLeft().toPoint() + QPoint(x * scale, y * scale)
        assert colour_at(playing, corner + QPoint(1, 1)) == tuple(FRAMES[0, y, x])
        assert colour_at(playing, corner + QPoint(scale - 2, scale - 2)) == tuple(FRAMES[0, y, x])


def test_the_curtain_is_between_picture_and_clip(playing: Player) -> None:
    QTest.keyClick(playing.canvas, Qt.Key.Key_C)
    assert playing.curtain.isVisible()
    rect = playing.canvas.image_rect().toRect()
    middle = rect.center().y() + 30
    assert colour_at(playing, QPoint(rect.left() + 20, middle)) == (255, 0, 0)
    assert colour_at(playing, QPoint(rect.right() - 20, middle)) != (255, 0, 0)
    QTest.mousePress(playing.canvas, Qt.MouseButton.LeftButton, pos=QPoint(rect.center().x(), middle))
    QTest.mouseMove(playing.canvas, QPoint(rect.left(), middle))
    QTest.mouseRelease(playing.canvas, Qt.MouseButton.LeftButton, pos=QPoint(rect.left(), middle))
    assert playing.curtain.part == 0
    assert colour_at(playing, QPoint(rect.left() + 20, middle)) != (255, 0, 0)
    QTest.keyClick(playing.curtain.slider, Qt.Key.Key_End)
    assert colour_at(playing, QPoint(rect.right() - 30, middle)) == (255, 0, 0)
    QTest.keyClick(playing.canvas, Qt.Key.Key_C)
    assert not playing.curtain.isVisible()


def test_copied_frames_are_exact(playing: Player) -> None:
    QTest.keyClick(playing.canvas, Qt.Key.Key_Period)
    QTest.keyClick(playing.canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().image().convertToFormat(QImage.Format.Format_RGB888)
    assert (copied.width(), copied.height()) == (WIDTH, HEIGHT)
    for x, y in ((0, 0), (5, 9), (WIDTH - 1, HEIGHT - 1)):
        assert copied.pixel(x, y) & 0xFFFFFF == int.from_bytes(FRAMES[1, y, x].tobytes(), "big")
    assert "Frame 2" in playing.notice.text()


def test_the_clip_leaves_the_window_as_a_file(playing: Player, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    QTest.keyClick(
        playing.canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    clipboard = QGuiApplication.clipboard().mimeData()
    assert [Path(url.toLocalFile()) for url in clipboard.urls()] == [tmp_path / "clip.apng"]
    dragged: list[tuple[str, bool]] = []

    def drop(drag: QDrag, _actions: Qt.DropAction) -> Qt.DropAction:
        dragged.append((drag.mimeData().urls()[0].toLocalFile(), drag.pixmap().isNull()))
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", drop)
    middle = playing.canvas.rect().center()
    QTest.mousePress(playing.canvas, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(playing.canvas, middle + QPoint(2, 0))
    assert dragged == []
    QTest.mouseMove(playing.canvas, middle + QPoint(40, 0))
    assert dragged == [(str(tmp_path / "clip.apng"), False)]


def test_a_preview_plays_until_the_clip_is_there(playing: Player, desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    preview = np.full((6, 4, 8, 3), 128, np.uint8)
    playing.show_preview(preview)
    assert seen(playing) == "Frame 1 of 4"
    desk.jobs.started.emit(SimpleNamespace(draft=desk.draft.state))
    for _ in range(3):
        playing.show_preview(preview)
    assert seen(playing) == "Frame 1 of 6"
    assert not playing.save.isEnabled()
    assert playing.path is None
    with qtbot.waitSignal(playing.opened, timeout=20_000):
        playing.open(tmp_path / "clip.apng")
    playing.show_preview(preview)
    assert playing.save.isEnabled()


def test_nothing_and_errors_are_sentences(player: Player, tmp_path: Path, qtbot: QtBot) -> None:
    assert player.canvas.accessibleDescription() == "Your clip is played here."
    assert not player.transport.isEnabled()
    assert player.save_as() is None
    QTest.keyClick(player.canvas, Qt.Key.Key_Space)
    player.open(tmp_path / "gone.apng")
    qtbot.waitUntil(lambda: "gone.apng" in player.canvas.accessibleDescription(), timeout=20_000)
    player.clear()
    assert player.canvas.accessibleDescription() == "Your clip is played here."


def test_saving_says_where(playing: Player, tmp_path: Path, qtbot: QtBot) -> None:
    QTest.keyClick(playing.canvas, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    dialog = next(child for child in playing.children() if child.objectName() == "save clip")
    dialog._saving.folder = tmp_path  # type: ignore[attr-defined]
    with qtbot.waitSignal(dialog.saved, timeout=20_000):  # type: ignore[attr-defined]
        dialog._save()  # type: ignore[attr-defined]
    notice = playing.findChildren(QLabel)
    assert any("Saved as clip.gif" in label.text() for label in notice)
    assert (tmp_path / "clip.gif").is_file()


def test_everything_has_a_name_and_is_reached(playing: Player) -> None:
    playing.compare.trigger()
    assert faults(playing) == []
