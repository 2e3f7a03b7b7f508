"""What the player shows: every frame as it is, and nothing left behind."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from pia_edge.clip import Animation
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.opened_clip import OpenedClip, Shown
from tests.gui.model.clips import FRAMES, HEIGHT, WIDTH, save_clip


@pytest.fixture
def opened(desk: Desk) -> OpenedClip:
    return OpenedClip(desk.places, desk.questions, desk)


def pixels_of(image: QImage) -> "np.typing.NDArray[np.uint8]":
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(bytes(rgb.constBits()), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return rows[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3)


def wait_for(opened: OpenedClip, shown: Shown, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: opened.shown is shown, timeout=20_000)


def test_frames_are_those_of_the_clip(opened: OpenedClip, tmp_path: Path, qtbot: QtBot) -> None:
    save_clip(tmp_path / "clip.apng", FRAMES[[0, 1, 1, 2]], condition_frame=3, fps=10.0)
    opened.open(tmp_path / "clip.apng")
    assert opened.shown is Shown.OPENING
    wait_for(opened, Shown.CLIP, qtbot)
    frames = opened.frames
    assert frames is not None
    assert frames.milliseconds == (100.0,) * 4
    for index, expected in enumerate([0, 1, 1, 2]):
        np.testing.assert_array_equal(pixels_of(frames.image(index)), FRAMES[expected])
    assert opened.fps == 10
    still = opened.still()
    assert still is not None
    np.testing.assert_array_equal(pixels_of(still), FRAMES[2])


def test_the_picture_beside_the_clip_is_what_it_is_compared_with(
    opened: OpenedClip, tmp_path: Path, qtbot: QtBot
) -> None:
    Image.new("RGB", (WIDTH, HEIGHT), (1, 2, 3)).save(tmp_path / "boat.png")
    save_clip(tmp_path / "clip.apng", picture_name="boat.png")
    opened.open(tmp_path / "clip.apng")
    wait_for(opened, Shown.CLIP, qtbot)
    still = opened.still()
    assert opened.picture == tmp_path / "boat.png"
    assert still is not None
    assert (pixels_of(still) == (1, 2, 3)).all()


def test_a_clip_of_others_plays_at_its_own_times(opened: OpenedClip, tmp_path: Path, qtbot: QtBot) -> None:
    first, *others = [Image.fromarray(frame) for frame in FRAMES]
    first.save(tmp_path / "a.gif", save_all=True, append_images=others, duration=[20, 400, 50, 30])
    opened.open(tmp_path / "a.gif")
    wait_for(opened, Shown.CLIP, qtbot)
    assert opened.frames is not None
    assert opened.frames.milliseconds == (20.0, 400.0, 50.0, 30.0)
    assert (opened.recipe, opened.still()) == (None, None)
    assert opened.fps == pytest.approx(8)


def test_nothing_stays_in_the_scratch_folder(opened: OpenedClip, desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    for name in ("a.apng", "b.apng"):
        save_clip(tmp_path / name)
    opened.open(tmp_path / "a.apng")
    opened.open(tmp_path / "b.apng")
    wait_for(opened, Shown.CLIP, qtbot)
    assert opened.path == tmp_path / "b.apng"
    opened.clear()
    assert (opened.shown, opened.frames) == (Shown.NOTHING, None)
    assert list(desk.places.scratch.iterdir()) == []


def test_what_cannot_be_opened_is_a_sentence(opened: OpenedClip, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "clip.apng").write_bytes(b"no clip")
    opened.open(tmp_path / "clip.apng")
    wait_for(opened, Shown.ERROR, qtbot)
    assert "damaged" in opened.error
    opened.open(tmp_path / "gone.apng")
    wait_for(opened, Shown.ERROR, qtbot)
    assert "No such file" in opened.error


def test_a_preview_takes_the_place_of_a_clip(opened: OpenedClip, tmp_path: Path, qtbot: QtBot) -> None:
    opened.open(Animation(frames=FRAMES, fps=8).save(tmp_path / "clip.apng"))
    wait_for(opened, Shown.CLIP, qtbot)
    preview = FRAMES[:, ::4, ::4]
    opened.show_preview(preview, 5)
    assert opened.shown is Shown.PREVIEW
    assert opened.frames is not None
    assert opened.frames.milliseconds == (200.0,) * 4
    np.testing.assert_array_equal(pixels_of(opened.frames.image(2)), preview[2])
    assert opened.path is None
