"""The gallery keeps every clip, finds it, and comes back from the files."""

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pia_edge.errors import OutputError, PiaError
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.draft import DraftState
from pia_edge.gui.model.gallery import Gallery
from pia_edge.gui.model.gallery_rows import CLIP_ROLE, MISSING_ROLE
from pia_edge.gui.model.gallery_store import GalleryClip
from pia_edge.gui.model.places import Places
from pia_edge.gui.model.trash import Trashed
from tests.clip.examples import make_recipe
from tests.gui.model.clips import NoTrash, save_clip


def add(desk: Desk, name: str, **changes: Any) -> Path:
    path = desk.places.clips / name
    made = save_clip(path, **changes)
    desk.gallery.add(path, made, DraftState(picture=path.with_name("boat.png"), prompt=made.recipe.prompt))
    return path


def shown(gallery: Gallery) -> list[str]:
    rows = gallery.rows
    return [rows.index(row).data(CLIP_ROLE).path.name for row in range(rows.rowCount())]


@pytest.fixture
def own_trash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "share").mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return tmp_path / "share" / "Trash"


def test_clips_stay_the_newest_first(desk: Desk) -> None:
    old, new = add(desk, "old.apng"), add(desk, "new.apng", prompt="Ein Boot")
    os.utime(old, (1000, 1000))
    desk.gallery.add(old, save_clip(old.with_name("again.apng")), DraftState())
    old.with_name("again.apng").unlink()
    assert shown(desk.gallery) == ["new.apng", "old.apng"]
    found = desk.gallery.find(new)
    assert found is not None
    assert found[0].seconds == 12.5
    assert found[1].prompt == "Ein Boot"
    desk.gallery.close()
    reopened = Gallery(desk.places, desk.questions)
    assert shown(reopened) == ["new.apng", "old.apng"]
    reopened.close()


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", 3),
        ("boat lake", 1),
        ("LAKE boat", 1),
        ("ecole", 1),
        ("ÉCOLE", 1),
        ("strasse", 1),
        ("boat school", 0),
        ("100%", 1),
        ("night", 1),
        ("harbour.png", 3),
    ],
)
def test_search_by_words_in_any_order(desk: Desk, search: str, found: int) -> None:
    add(desk, "a.apng", prompt="a boat on a Lake", prompts_at=((2, "night falls"),), picture_name="harbour.png")
    add(desk, "b.apng", prompt="l'école, 100% neige", picture_name="harbour.png")
    add(desk, "c.apng", prompt="die Straße", picture_name="harbour.png")
    desk.gallery.search(search)
    assert (desk.gallery.rows.rowCount(), desk.gallery.total) == (found, 3)


def test_a_thousand_clips_are_quick(desk: Desk) -> None:
    store, recipe = desk.gallery._store, make_recipe(prompt="a boat")
    store._connection.execute("BEGIN")
    for number in range(1000):
        prompt = "a boat" if number % 10 else "a bear"
        clip = GalleryClip(path=desk.places.clips / f"{number}.apng", prompt=prompt, made_at=number)
        store.add(clip, msgspec.structs.replace(recipe, prompt=prompt), replace=False)
    store._connection.execute("COMMIT")
    started = time.perf_counter()
    desk.gallery.search("BEAR")
    desk.gallery.search("")
    assert time.perf_counter() - started < 1
    assert desk.gallery.rows.rowCount() == 1000


def test_everything_comes_back_from_the_files(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    places = Places(tmp_path / "without a database")
    for number in range(3):
        save_clip(places.clips / f"{number}.apng", prompt=f"clip {number}")
    (places.clips / "stranger.gif").write_bytes(b"GIF89a")
    rebuilt = Gallery(places, desk.questions)
    rebuilt.look()
    qtbot.waitUntil(lambda: rebuilt.rows.rowCount() == 3, timeout=20_000)
    assert sorted(shown(rebuilt)) == ["0.apng", "1.apng", "2.apng"]
    found = rebuilt.find(places.clips / "1.apng")
    assert found is not None
    assert found[1].prompt == "clip 1"
    rebuilt.close()


def test_a_damaged_database_is_told_and_rebuilt(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    places = Places(tmp_path / "damaged")
    save_clip(places.clips / "a.apng")
    places.database.write_bytes(b"not a database, and long enough to be looked at" * 100)
    rebuilt = Gallery(places, desk.questions)
    assert rebuilt.note is not None
    assert "was damaged" in rebuilt.note
    rebuilt.look()
    qtbot.waitUntil(lambda: rebuilt.rows.rowCount() == 1, timeout=20_000)
    rebuilt.close()


def test_a_home_that_moved_keeps_its_gallery(desk: Desk, tmp_path: Path) -> None:
    add(desk, "a.apng")
    desk.gallery.close()
    desk.places.root.rename(tmp_path / "elsewhere")
    moved = Gallery(Places(tmp_path / "elsewhere"), desk.questions)
    index = moved.rows.index(0)
    assert index.data(CLIP_ROLE).path == tmp_path / "elsewhere" / "clips" / "a.apng"
    assert not index.data(MISSING_ROLE)
    moved.close()


def test_vanished_files_are_shown_as_such(desk: Desk) -> None:
    add(desk, "a.apng").unlink()
    desk.gallery.look()
    index = desk.gallery.rows.index(0)
    assert index.data(MISSING_ROLE)
    assert "the file is gone" in index.data(Qt.ItemDataRole.AccessibleTextRole)


def test_two_windows_see_each_other(desk: Desk) -> None:
    other = Gallery(desk.places, desk.questions)
    other.look()
    path = add(desk, "a.apng")
    other.look()
    assert shown(other) == ["a.apng"]
    desk.gallery.delete(path)
    other.look()
    assert shown(other) == []
    other.close()


def test_to_the_trash_and_back(desk: Desk, own_trash: Path) -> None:
    path = add(desk, "a.apng")
    before, found = path.read_bytes(), desk.gallery.find(path)
    trashed = desk.gallery.trash(path)
    assert trashed is not None
    assert (shown(desk.gallery), path.exists()) == ([], False)
    assert [file.name for file in (own_trash / "files").iterdir()] == ["a.apng"]
    assert found is not None
    desk.gallery.restore(trashed, *found)
    assert (shown(desk.gallery), path.read_bytes()) == (["a.apng"], before)
    assert list((own_trash / "info").iterdir()) == []
    with pytest.raises(OutputError, match="Look for it in the trash"):
        trashed.restore()


def test_a_disk_without_trash_keeps_the_clip(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = add(desk, "a.apng")

    monkeypatch.setattr("pia_edge.gui.model.trash.QFile", NoTrash)
    with pytest.raises(OutputError, match="this disk has none"):
        desk.gallery.trash(path)
    assert (shown(desk.gallery), path.exists()) == (["a.apng"], True)
    desk.gallery.delete(path)
    assert (shown(desk.gallery), path.exists()) == ([], False)


def test_a_clip_whose_file_is_gone_is_forgotten(desk: Desk) -> None:
    path = add(desk, "a.apng")
    path.unlink()
    assert desk.gallery.trash(path) is None
    assert shown(desk.gallery) == []
    with pytest.raises(OutputError):
        Trashed(path, None).restore()


def test_a_database_that_refuses_is_a_sentence_and_no_loss(desk: Desk, qtbot: QtBot) -> None:
    desk.gallery._store._connection.execute("PRAGMA query_only=ON")
    with qtbot.waitSignal(desk.gallery.failed) as failed:
        path = add(desk, "a.apng")
    assert isinstance(failed.args[0], PiaError)
    assert "cannot be read or written" in str(failed.args[0])
    desk.gallery._store._connection.execute("PRAGMA query_only=OFF")
    desk.gallery.look()
    qtbot.waitUntil(lambda: shown(desk.gallery) == [path.name], timeout=20_000)


def test_settings_come_back_with_the_picture_if_it_is_there(desk: Desk) -> None:
    path = add(desk, "a.apng", prompt="a boat", picture_name="boat.png", seed=2**63 - 1)
    state = desk.gallery.settings_of(path)
    assert state is not None
    assert (state.prompt, state.seed, state.picture) == ("a boat", 2**63 - 1, None)
    path.with_name("boat.png").write_bytes(b"")
    state = desk.gallery.settings_of(path)
    assert state is not None
    assert state.picture == path.with_name("boat.png")


def test_no_folder_for_the_database(tmp_path: Path, desk: Desk) -> None:
    (tmp_path / "file").write_text("")
    gallery = Gallery(Places(tmp_path / "file"), desk.questions)
    assert gallery.note is not None
    assert "expected a database" in gallery.note
    gallery.close()


def test_the_table_is_in_the_database(desk: Desk) -> None:
    add(desk, "a.apng", prompt="a boat")
    with sqlite3.connect(desk.places.database) as own:
        assert own.execute("SELECT path, prompt, seconds FROM clips").fetchall() == [(b"a.apng", "a boat", 12.5)]
    own.close()
