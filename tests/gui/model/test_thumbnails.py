"""Thumbnails come when they are asked for, the newest wish first, and never fill memory."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from pia_edge.gui.model import thumbnails
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.thumbnails import Thumbnails
from pia_edge.worker.clip_questions import FormatsListed, ListFormats
from tests.clip.examples import moving_scene
from tests.gui.model.clips import save_clip


def test_stills_and_strips_come(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    thumbs = Thumbnails(desk.questions, 40, desk)
    save_clip(tmp_path / "clip.apng", moving_scene(30, 64, 200))
    with qtbot.waitSignal(thumbs.ready, timeout=20_000) as ready:
        assert thumbs.still(tmp_path / "clip.apng") is None
    assert ready.args == [tmp_path / "clip.apng"]
    still = thumbs.still(tmp_path / "clip.apng")
    assert still is not None
    assert (still.width(), still.height()) == (40, 13)
    with qtbot.waitSignal(thumbs.ready, timeout=20_000):
        assert thumbs.strip(tmp_path / "clip.apng") is None
    strip = thumbs.strip(tmp_path / "clip.apng")
    assert strip is not None
    assert len(strip.images) == thumbnails.STRIP_FRAMES
    assert strip.milliseconds == (125.0,) * thumbnails.STRIP_FRAMES
    thumbs.forget(tmp_path / "clip.apng")
    with qtbot.waitSignal(thumbs.ready, timeout=20_000):
        assert thumbs.still(tmp_path / "clip.apng") is None


def test_what_cannot_be_read_is_asked_for_once(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    thumbs = Thumbnails(desk.questions, 40, desk)
    with qtbot.waitSignal(thumbs.ready, timeout=20_000):
        thumbs.still(tmp_path / "gone.apng")
    still = thumbs.still(tmp_path / "gone.apng")
    assert still is not None
    assert still.isNull()


def test_the_newest_wishes_come_first_and_old_ones_are_dropped(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    thumbs = Thumbnails(desk.questions, 40, desk)
    seen: list[str] = []
    thumbs.ready.connect(lambda path: seen.append(path.name))
    for number in range(thumbnails._WAITING + 20):
        thumbs.still(tmp_path / f"{number}.apng")
    qtbot.waitUntil(lambda: len(seen) == thumbnails._WAITING + 1, timeout=20_000)
    assert seen[:3] == ["0.apng", "119.apng", "118.apng"]
    assert "5.apng" not in seen


def test_answers_for_a_page_that_is_gone_are_not_heard(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    thumbs = Thumbnails(desk.questions, 40)
    told: list[Path] = []
    thumbs.ready.connect(told.append)
    thumbs.still(tmp_path / "a.apng")
    thumbs.strip(tmp_path / "a.apng")
    thumbs.deleteLater()
    heard: list[object] = []
    desk.questions.ask(ListFormats(), FormatsListed, heard.append)
    qtbot.waitUntil(lambda: bool(heard), timeout=20_000)
    assert told == [], "answers come in the order of the questions"
