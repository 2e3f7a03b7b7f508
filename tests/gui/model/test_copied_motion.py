"""Motion copied from a driving clip."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QUrl
from pytestqt.qtbot import QtBot

from pia_edge.gui.model.desk import Desk


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    frames = [Image.new("RGB", (16, 16), (30 * index, 0, 0)) for index in range(6)]
    frames[0].save(tmp_path / "redder.webp", save_all=True, append_images=frames[1:], duration=100, lossless=True)
    return tmp_path / "redder.webp"


def test_the_motion_of_a_dropped_clip_is_taken(quick_desk: Desk, qtbot: QtBot, clip: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org"), QUrl.fromLocalFile(str(clip))])
    quick_desk.draft.change(num_frames=12)
    quick_desk.copied_motion.offer(mime)
    assert quick_desk.copied_motion.reading == "redder.webp"
    qtbot.waitUntil(lambda: not quick_desk.copied_motion.reading, timeout=20_000)
    assert quick_desk.copied_motion.clip == "redder.webp"
    assert len(quick_desk.motion_curve.values) == 12
    quick_desk.motion_curve.set_value(2, 0.2)
    assert quick_desk.copied_motion.clip == "", "what is drawn is that clip's no more"


def test_what_is_no_clip_gets_a_sentence_and_changes_nothing(quick_desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("notes")
    before = quick_desk.draft.state
    quick_desk.copied_motion.copy(tmp_path / "notes.txt")
    qtbot.waitUntil(lambda: bool(quick_desk.copied_motion.problem), timeout=20_000)
    assert quick_desk.copied_motion.problem.startswith("notes.txt: ")
    assert quick_desk.draft.state == before
    quick_desk.draft.change(fps=12)
    assert quick_desk.copied_motion.problem == ""


def test_a_drop_without_a_file_gets_a_sentence(quick_desk: Desk) -> None:
    quick_desk.copied_motion.offer(QMimeData())
    assert "GIF, WebP, APNG, MP4" in quick_desk.copied_motion.problem
