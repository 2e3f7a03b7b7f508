"""What was being composed is there again: at the next start, after a crash, and never in the way of one."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pia_edge import Motion
from pia_edge.gui.model.draft import Draft, DraftState
from pia_edge.gui.model.remembered_draft import RememberedDraft


def remembered(path: Path) -> tuple[Draft, RememberedDraft]:
    draft = Draft()
    return draft, RememberedDraft(path, draft)


def test_it_is_written_a_moment_after_the_last_change(qtbot: QtBot, picture_file: Path, tmp_path: Path) -> None:
    draft, memory = remembered(tmp_path / "home" / "draft.json")
    for length in range(1, 6):
        draft.change(prompt="a boat"[:length], picture=picture_file, motion=Motion(linear=(1, 0.5)), seed=2**62)
    assert not (tmp_path / "home" / "draft.json").exists()
    qtbot.waitUntil((tmp_path / "home" / "draft.json").is_file, timeout=5000)
    # No close: the program was killed.
    again, _ = remembered(tmp_path / "home" / "draft.json")
    assert again.state == draft.state
    assert memory.note is None


def test_what_is_new_is_written_at_the_end(qtbot: QtBot, tmp_path: Path) -> None:
    draft, memory = remembered(tmp_path / "draft.json")
    draft.change(prompt="a cat")
    memory.close()
    assert remembered(tmp_path / "draft.json")[0].state.prompt == "a cat"
    qtbot.wait(1)


def test_a_picture_that_is_gone_is_not_asked_for(tmp_path: Path) -> None:
    draft, memory = remembered(tmp_path / "draft.json")
    draft.change(prompt="a cat", picture=tmp_path / "gone.png")
    memory.close()
    state = remembered(tmp_path / "draft.json")[0].state
    assert (state.prompt, state.picture) == ("a cat", None)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"num_frames": -1}', b"\xff\xfe"])
def test_damage_is_told_and_in_nobodys_way(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "draft.json").write_bytes(content)
    draft, memory = remembered(tmp_path / "draft.json")
    assert draft.state == DraftState()
    assert memory.note is not None
    assert "could not be read" in memory.note
    assert (tmp_path / "draft.damaged-1.json").read_bytes() == content


def test_a_disk_that_refuses_is_told_once(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "home").write_bytes(b"a file where the folder should be")
    draft, memory = remembered(tmp_path / "home" / "draft.json")
    told: list[object] = []
    memory.failed.connect(told.append)
    for prompt in ("a", "b"):
        draft.change(prompt=prompt)
        memory.close()
    qtbot.wait(1)
    assert len(told) == 1
