"""Saving: sizes as they become known, files as they are asked for, and errors after which one may try again."""

from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from pia_edge.clip import ClipFormat
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.saving import Saving
from tests.gui.model.clips import save_clip


@pytest.fixture
def saving(desk: Desk, tmp_path: Path) -> Saving:
    made = save_clip(tmp_path / "clip.apng")
    one = Saving(desk.questions, desk.preferences, made.path, recipe=made.recipe, fps=8, parent=desk)
    one.folder = tmp_path / "out"
    one.folder.mkdir()
    return one


def test_sizes_come_one_after_the_other_and_are_those_of_the_files(saving: Saving, qtbot: QtBot) -> None:
    pytest.importorskip("av")
    saving.choose(fps=10.0, ping_pong=True)
    qtbot.waitUntil(lambda: all(saving.size(each) is not None for each in ClipFormat), timeout=60_000)
    for clip_format in ClipFormat:
        saving.choose(clip_format=clip_format)
        with qtbot.waitSignal(saving.saved, timeout=20_000) as saved:
            saving.save(overwrite=False)
        path, size = saved.args
        assert path == saving.target
        assert size == saving.size(clip_format)
    with Image.open(saving.folder / "clip.gif") as gif:
        assert getattr(gif, "n_frames", 1) == 6


def test_an_error_leaves_everything_to_be_tried_again(saving: Saving, qtbot: QtBot) -> None:
    (saving.folder / "clip.gif").write_text("mine")
    with qtbot.waitSignal(saving.failed, timeout=20_000) as failed:
        saving.save(overwrite=False)
    assert "exists already" in str(failed.args[0])
    assert not saving.busy
    with qtbot.waitSignal(saving.saved, timeout=20_000):
        saving.save(overwrite=True)


def test_names_stay_in_their_folder(saving: Saving, qtbot: QtBot) -> None:
    for name in ("", "  ", "a/b", "../clip"):
        saving.name = name
        with qtbot.waitSignal(saving.failed, timeout=1000) as failed:
            saving.save(overwrite=False)
        assert "Expected a name" in str(failed.args[0])


def test_the_folder_is_remembered(saving: Saving, desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    saving.choose(clip_format=ClipFormat.WEBP)
    with qtbot.waitSignal(saving.saved, timeout=20_000):
        saving.save(overwrite=False)
    again = Saving(desk.questions, desk.preferences, tmp_path / "clip.apng", recipe=None, fps=8, parent=desk)
    assert (again.folder, again.format) == (tmp_path / "out", ClipFormat.WEBP)
    again.stop()


def test_what_plays_both_ways_says_so(desk: Desk, tmp_path: Path) -> None:
    for words, made in (
        ("both ways", save_clip(tmp_path / "both.apng", ping_pong=True)),
        ("loop", save_clip(tmp_path / "loop.apng", without_last=True)),
    ):
        saving = Saving(desk.questions, desk.preferences, made.path, recipe=made.recipe, fps=8, parent=desk)
        assert words in saving.why_no_ping_pong
        saving.choose(ping_pong=True)
        assert not saving.ping_pong
        saving.stop()
