"""Equal files of different bundles are kept once, and no bundle ever depends on another."""

import errno
from pathlib import Path

import pytest

from pia_edge.bundle import MANIFEST, Bundle
from pia_edge.bundle.blobs import Blobs
from pia_edge.bundle.store import Store
from pia_edge.errors import BundleError
from tests.bundle.small import TEMPORAL, blobs, contents, nothing_left, refusing, small


def blob_of(store: Store, name: str, file: str) -> Path:
    sha256 = Bundle.open(store.path(name)).manifest.files[file].sha256
    return store.root / "blobs" / sha256[:2] / sha256


def bytes_on_disk(folder: Path) -> int:
    found = {path.stat().st_ino: path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    return sum(found.values())


def test_equal_files_are_kept_once(store: Store, one: Path, two: Path) -> None:
    alone = store.add(one, "first", overwrite=False)
    before = bytes_on_disk(store.root)
    other = store.add(two, "second", overwrite=False)
    for name in ("temporal.safetensors", "vocab.json", "card/preview.png"):
        assert (alone.path / name).samefile(other.path / name)
    assert not (alone.path / "spatial.safetensors").samefile(other.path / "spatial.safetensors")
    assert not (alone.path / MANIFEST).samefile(other.path / MANIFEST)
    grown = sum((other.path / name).stat().st_size for name in ("spatial.safetensors", MANIFEST))
    assert bytes_on_disk(store.root) == before + grown
    usage = store.usage("second")
    assert usage.size == bytes_on_disk(other.path)
    assert usage.own == grown


def test_removing_one_leaves_the_other_as_it_was(store: Store, one: Path, two: Path) -> None:
    store.add(one, "first", overwrite=False)
    store.add(two, "second", overwrite=False)
    own = store.usage("first").own
    before = bytes_on_disk(store.root)
    assert store.remove("first") == own
    assert bytes_on_disk(store.root) == before - own
    assert contents(Bundle.open(store.path("second")).path) == contents(two)
    whole = store.usage("second")
    assert whole.own == whole.size
    assert store.remove("second") == whole.size
    assert nothing_left(store)
    assert list((store.root / "blobs").iterdir()) == []


def test_a_file_that_a_bundle_holds_twice_counts_once(store: Store, tmp_path: Path) -> None:
    folder = small(tmp_path / "twice", spatial=TEMPORAL, temporal=TEMPORAL)
    added = store.add(folder, "twice", overwrite=False)
    assert (added.path / "spatial.safetensors").samefile(added.path / "temporal.safetensors")
    usage = store.usage("twice")
    assert usage.size == usage.own < sum(len(content) for content in contents(folder).values())
    store.add(folder, "again", overwrite=False)
    assert store.usage("twice").own == (added.path / MANIFEST).stat().st_size


@pytest.mark.parametrize("damage", [b"", TEMPORAL, b"x"], ids=["empty", "other content", "one byte"])
def test_a_damaged_blob_is_replaced_and_never_spread(damage: bytes, store: Store, one: Path, two: Path) -> None:
    store.add(one, "first", overwrite=False)
    blob = blob_of(store, "first", "temporal.safetensors")
    blob.write_bytes((damage + blob.read_bytes()[len(damage) :]) if damage else b"")
    store.add(two, "second", overwrite=False)
    assert contents(Bundle.open(store.path("second")).path) == contents(two)
    with pytest.raises(BundleError, match=r"temporal\.safetensors"):
        Bundle.open(store.path("first"))
    store.add(one, "third", overwrite=False)
    assert (store.path("third") / "temporal.safetensors").samefile(store.path("second") / "temporal.safetensors")
    store.add(one, "first", overwrite=True)
    assert {Bundle.open(store.path(name)).path.name for name in store.names()} == {"first", "second", "third"}


def test_a_blob_that_changes_after_it_was_read_is_read_again(
    store: Store, one: Path, two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(one, "first", overwrite=False)
    blob = blob_of(store, "first", "temporal.safetensors")
    intact = Blobs.intact

    def then_damage(*arguments: object) -> object:
        found = intact(*arguments)  # type: ignore[arg-type]
        blob.write_bytes(blob.read_bytes()[::-1])
        return found

    monkeypatch.setattr(Blobs, "intact", then_damage)
    store.add(two, "second", overwrite=False)
    assert Bundle.open(store.path("second")).manifest == Bundle.open(two).manifest


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP, errno.EXDEV, errno.EMLINK, errno.EINVAL])
def test_without_hard_links_every_bundle_keeps_its_own_files(
    number: int, store: Store, one: Path, two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "hardlink_to", refusing(number))
    store.add(one, "first", overwrite=False)
    store.add(two, "second", overwrite=False)
    assert contents(store.path("first")) == contents(one)
    assert blobs(store) == []
    usage = store.usage("first")
    assert usage.own == usage.size
    assert store.remove("first") == usage.size
    assert contents(Bundle.open(store.path("second")).path) == contents(two)


def test_links_that_are_used_up_leave_a_bundle_with_its_own_file(
    store: Store, one: Path, two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(one, "first", overwrite=False)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "hardlink_to", refusing(errno.EMLINK))
        store.add(two, "second", overwrite=False)
    assert contents(Bundle.open(store.path("second")).path) == contents(two)
    assert store.usage("second").own == store.usage("second").size
    store.remove("first")
    assert contents(Bundle.open(store.path("second")).path) == contents(two)


def test_a_blob_without_a_bundle_is_collected_at_the_next_change(store: Store, one: Path, two: Path) -> None:
    store.add(one, "first", overwrite=False)
    lost = store.root / "blobs" / "ab" / ("ab" * 32)
    lost.parent.mkdir()
    lost.write_bytes(TEMPORAL)
    foreign = store.root / "blobs" / "ab" / "readme"
    foreign.touch()
    store.add(two, "second", overwrite=False)
    assert not lost.exists()
    assert foreign.exists()
