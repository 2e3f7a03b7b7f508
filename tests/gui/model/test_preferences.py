"""What the user has set: kept, read again, and never in the way of a start."""

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pia_edge.errors import OutputError
from pia_edge.gui.model.preferences import Choices, Preferences, Scheme


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "preferences.json"


def test_a_choice_is_kept_and_the_rest_is_the_defaults(file: Path, qtbot: QtBot) -> None:
    preferences = Preferences(file)
    assert preferences.choices == Choices()
    assert not file.exists()
    with qtbot.waitSignal(preferences.changed) as heard:
        preferences.change(scheme=Scheme.DARK, memory_limit=6 * 2**30)
    assert heard.args == [Choices(), preferences.choices]
    assert json.loads(file.read_text()) == {"scheme": "dark", "memory_limit": 6 * 2**30}
    assert Preferences(file).choices == Choices(scheme=Scheme.DARK, memory_limit=6 * 2**30)


def test_choosing_the_same_says_and_writes_nothing(file: Path, qtbot: QtBot) -> None:
    preferences = Preferences(file)
    with qtbot.assertNotEmitted(preferences.changed):
        preferences.change(scheme=Scheme.SYSTEM)
    assert not file.exists()


@pytest.mark.parametrize("content", ["{", "[]", '{"scheme": "green"}', '{"memory_limit": "much"}', "\0", ""])
def test_a_damaged_file_is_moved_aside(file: Path, content: str) -> None:
    file.parent.mkdir()
    file.with_name("preferences.damaged-1.json").write_text("an older one")
    file.write_text(content)
    preferences = Preferences(file)
    assert preferences.choices == Choices()
    assert preferences.note is not None
    assert "preferences.damaged-2.json" in preferences.note
    assert file.with_name("preferences.damaged-2.json").read_text() == content
    assert file.with_name("preferences.damaged-1.json").read_text() == "an older one"
    preferences.change(notify=False)
    again = Preferences(file)
    assert again.note is None
    assert not again.choices.notify


def test_what_a_newer_version_wrote_stays(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('{"scheme": "dark", "sound": {"volume": 3}}')
    preferences = Preferences(file)
    assert preferences.note is None
    preferences.change(scheme=Scheme.LIGHT)
    assert json.loads(file.read_text()) == {"sound": {"volume": 3}, "scheme": "light"}


def test_a_choice_that_cannot_be_written_is_in_force_all_the_same(file: Path, qtbot: QtBot) -> None:
    file.parent.write_text("a file where a folder is expected")
    preferences = Preferences(file)
    with qtbot.waitSignal(preferences.failed) as heard:
        preferences.change(notify=False)
    (error,) = heard.args
    assert isinstance(error, OutputError)
    assert not preferences.choices.notify
