"""The list of bundles, and what the user does with it, over a real store and real workers."""

import shutil
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pia_edge.bundle import Bundle
from pia_edge.bundle.archive import pack
from pia_edge.bundle.store import Store
from pia_edge.errors import BundleError, PiaError
from pia_edge.gui.model.bundles import Bundles, Verdict
from pia_edge.gui.model.desk import Desk
from pia_edge.worker.model_questions import BundleSeen
from tests.bundle.small import small

SECONDS_20 = 20_000


@pytest.fixture
def bundles(desk: Desk, qtbot: QtBot) -> Bundles:
    with qtbot.waitSignal(desk.bundles.changed, timeout=SECONDS_20):
        desk.bundles.refresh()
    return desk.bundles


def names(bundles: Bundles) -> list[str]:
    return [item.name for item in bundles.items]


def test_a_packed_bundle_is_added_verified_used_and_removed(
    desk: Desk, bundles: Bundles, qtbot: QtBot, tmp_path: Path
) -> None:
    archive = tmp_path / "mine.pia.zip"
    pack(Bundle.open(small(tmp_path / "mine", name="mine")), archive, overwrite=False)
    told: list[str] = []
    bundles.told.connect(told.append)
    with qtbot.waitSignals([bundles.added, bundles.changed], timeout=SECONDS_20):
        bundles.add(archive)
    assert names(bundles) == ["sample", "mine"]
    bundles.verify("mine")
    qtbot.waitUntil(lambda: bundles.verdict("mine") is not None, timeout=SECONDS_20)
    sha256 = Store.open().path("mine")
    assert bundles.verdict("mine") == Verdict(Bundle.open(sha256).sha256, 5, None)
    bundles.use("mine")
    assert (desk.draft.state.bundle, bundles.used) == ("mine", "mine")
    with qtbot.waitSignal(bundles.changed, timeout=SECONDS_20):
        bundles.remove("mine")
    assert names(bundles) == ["sample"]
    assert (desk.draft.state.bundle, bundles.used) == (None, "sample")
    assert [sentence.split(" was ")[0] for sentence in told] == ["mine", "mine"]
    assert "are free again" in told[1]


def test_a_flipped_byte_is_found(bundles: Bundles, qtbot: QtBot, tmp_path: Path) -> None:
    added = Store.open().add(small(tmp_path / "mine", name="mine"), overwrite=False)
    with qtbot.waitSignal(bundles.changed, timeout=SECONDS_20):
        bundles.refresh()
    weights = added.path / "spatial.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    bundles.verify("mine")
    qtbot.waitUntil(lambda: bundles.verdict("mine") is not None, timeout=SECONDS_20)
    verdict = bundles.verdict("mine")
    assert verdict is not None
    assert "spatial.safetensors: its content has changed" in str(verdict.problem)


def test_what_is_no_bundle_is_said_and_nothing_is_added(bundles: Bundles, qtbot: QtBot, tmp_path: Path) -> None:
    foreign = tmp_path / "photos.zip"
    shutil.make_archive(str(foreign.with_suffix("")), "zip", small(tmp_path / "folder"))
    with qtbot.waitSignal(bundles.failed, timeout=SECONDS_20) as failed:
        bundles.add(foreign)
    error: PiaError = failed.args[0]
    assert isinstance(error, BundleError)
    assert "expected a bundle packed by pia-edge" in str(error)
    assert names(bundles) == ["sample"]


def test_a_name_that_is_taken_is_asked_about(bundles: Bundles, qtbot: QtBot, tmp_path: Path) -> None:
    Store.open().add(small(tmp_path / "old", name="anime"), overwrite=False)
    with qtbot.waitSignal(bundles.changed, timeout=SECONDS_20):
        bundles.refresh()
    with qtbot.waitSignal(bundles.told, timeout=SECONDS_20) as told:
        bundles.add(tmp_path / "old")
    assert told.args == ["This bundle is here already; it is called anime."]
    new = small(tmp_path / "new", name="anime", spatial=b"other")
    with qtbot.waitSignal(bundles.clashed, timeout=SECONDS_20) as clashed:
        bundles.add(new)
    seen: BundleSeen = clashed.args[0]
    assert bundles.may_replace(seen.name)
    assert not bundles.may_replace("sample")
    with qtbot.waitSignals([bundles.added, bundles.changed], timeout=SECONDS_20):
        bundles.add_as(seen.source, seen.free_name, overwrite=False)
    assert names(bundles) == ["sample", "anime", "anime-2"]
    with qtbot.waitSignals([bundles.added, bundles.changed], timeout=SECONDS_20):
        bundles.add_as(small(tmp_path / "newest", name="anime", spatial=b"newest"), "anime", overwrite=True)
    assert names(bundles) == ["sample", "anime", "anime-2"]


def test_what_others_do_in_the_store_is_seen(bundles: Bundles, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(bundles.changed, timeout=SECONDS_20):
        bundles.refresh()
        Store.open().add(small(tmp_path / "first", name="first"), overwrite=False)
        bundles.refresh()
    for name in ("second", "third"):
        with qtbot.waitSignal(bundles.changed, timeout=SECONDS_20):
            Store.open().add(small(tmp_path / name, name=name, spatial=name.encode()), overwrite=False)
    assert names(bundles) == ["sample", "first", "second", "third"]
    with qtbot.waitSignal(bundles.changed, timeout=SECONDS_20):
        Store.open().remove("second")
    assert names(bundles) == ["sample", "first", "third"]
