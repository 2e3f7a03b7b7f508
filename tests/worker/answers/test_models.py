"""What a worker says of bundles, and what it does with them."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pia_edge.bundle import MANIFEST, Bundle
from pia_edge.bundle.archive import pack
from pia_edge.bundle.store import Store
from pia_edge.cancel import CancelToken
from pia_edge.cli import main
from pia_edge.errors import BundleError, Cancelled, OutputError
from pia_edge.progress import Progress, Stage
from pia_edge.worker import messages
from pia_edge.worker.answering import Listener, answer
from pia_edge.worker.model_questions import (
    AddBundle,
    BundleAdded,
    BundleRemoved,
    BundleSeen,
    BundlesListed,
    BundleVerified,
    ListBundles,
    LookAtBundle,
    RemoveBundle,
    VerifyBundle,
)
from tests.bundle.small import small

LARGE = bytes(5_000_000)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("PIA_EDGE_HOME", str(tmp_path / "home"))
    return Store.open()


def nobody() -> Listener:
    return Listener(lambda _progress: None, CancelToken())


def listed() -> BundlesListed:
    reply = answer(ListBundles(), nobody())
    assert isinstance(reply, BundlesListed)
    return reply


def seen(source: Path) -> BundleSeen:
    reply = answer(LookAtBundle(source), nobody())
    assert isinstance(reply, BundleSeen)
    return reply


def test_the_list_is_that_of_the_command_line(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("first", "second"):
        store.add(small(tmp_path / name, name=name, spatial=name.encode()), overwrite=False)
    broken = store.add(small(tmp_path / "third", name="third"), overwrite=False)
    (broken.path / MANIFEST).unlink()
    (broken.path / MANIFEST).write_bytes(b'{"schema_version": 1')
    assert main(["bundles", "list", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    items = listed().bundles
    assert [item.name for item in items] == [row["name"] for row in rows] == ["sample", "first", "second", "third"]
    assert [item.ships for item in items] == [True, False, False, False]
    assert [(item.size, item.size - item.own) for item in items[1:3]] == [
        (row["size"], row["shared"]) for row in rows[1:3]
    ]
    assert items[1].own < items[1].size, "its temporal layers are those of the other"
    assert items[3].manifest is None
    assert items[3].problem == rows[3]["problem"]
    assert "found damage" in str(items[3].problem)


def test_the_list_crosses_to_the_window_without_lists_of_files(store: Store, tmp_path: Path) -> None:
    store.add(small(tmp_path / "first", name="first"), overwrite=False)
    sent = messages.Answered(1, listed())
    assert messages.decode_answer(messages.encode(sent)) == sent
    assert all(item.manifest is not None and not item.manifest.files for item in listed().bundles)


@pytest.mark.parametrize("packed", [False, True])
def test_a_bundle_is_looked_at_and_added(packed: bool, store: Store, tmp_path: Path) -> None:
    source = small(tmp_path / "mine", name="My bundle", spatial=LARGE)
    size = Bundle.open(source).manifest.num_bytes
    if packed:
        archive = tmp_path / "mine.pia.zip"
        pack(Bundle.open(source), archive, overwrite=False)
        source = archive
    assert seen(source) == BundleSeen(source, "My-bundle", size, False, None, "My-bundle")
    steps: list[Progress] = []
    added = answer(AddBundle(source, "My-bundle"), Listener(steps.append, CancelToken()))
    assert added == BundleAdded("My-bundle")
    assert Bundle.open(store.path("My-bundle")).manifest.num_bytes == size
    assert {step.stage for step in steps} == {Stage.COPY, Stage.VERIFY}
    assert max(step.done for step in steps if step.stage is Stage.COPY) == 5


def test_names_that_are_taken_and_copies_of_what_is_there(store: Store, tmp_path: Path) -> None:
    store.add(small(tmp_path / "old", name="anime"), overwrite=False)
    store.add(small(tmp_path / "older", name="anime-2"), overwrite=False)
    assert seen(tmp_path / "old").same_as == "anime"
    other = seen(small(tmp_path / "new", name="Anime", spatial=b"other"))
    assert (other.taken, other.same_as, other.free_name) == (True, None, "Anime-3")
    with pytest.raises(OutputError, match="has a bundle 'anime' already"):
        answer(AddBundle(tmp_path / "new", "anime"), nobody())
    assert answer(AddBundle(tmp_path / "new", "anime", overwrite=True), nobody()) == BundleAdded("anime")
    assert Store.open().names() == ["anime", "anime-2"]
    taken = seen(small(tmp_path / "s", name="sample", spatial=b"mine"))
    assert (taken.taken, taken.free_name) == (True, "sample-2")


def foreign_zip(folder: Path) -> Path:
    path = folder / "photos.pia.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("holiday.png", b"\x89PNG")
    return path


def a_text(folder: Path) -> Path:
    (folder / "notes.txt").write_text("hello")
    return folder / "notes.txt"


def flipped(folder: Path) -> Path:
    path = small(folder / "flipped", name="flipped")
    content = bytearray((path / "spatial.safetensors").read_bytes())
    content[-1] ^= 1
    (path / "spatial.safetensors").write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (foreign_zip, "expected a bundle packed by pia-edge"),
        (a_text, "expected a bundle packed by pia-edge"),
        (lambda folder: folder / "none", "expected a bundle, which is a folder with manifest.json, found nothing"),
        (lambda folder: folder, "found nothing of that name"),
        (flipped, "spatial.safetensors: its content has changed"),
    ],
)
def test_what_is_no_bundle(make: Callable[[Path], Path], said: str, store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    source = make(folder)
    with pytest.raises(BundleError, match=said):
        answer(AddBundle(source), nobody())
    assert store.names() == []


def test_adding_and_verifying_stop_when_asked(store: Store, tmp_path: Path) -> None:
    source = small(tmp_path / "large", name="large", spatial=LARGE)
    for stage in (Stage.VERIFY, Stage.COPY):
        token = CancelToken()

        def stop(progress: Progress, token: CancelToken = token, stage: Stage = stage) -> None:
            if progress.stage is stage:
                token.cancel()

        with pytest.raises(Cancelled):
            answer(AddBundle(source), Listener(stop, token))
        assert store.names() == []
        assert list((store.root / "bundles").glob(".*")) == [] or not (store.root / "bundles").exists()
    token = CancelToken()
    with pytest.raises(Cancelled):
        answer(VerifyBundle(str(source)), Listener(lambda _progress: token.cancel(), token))


def test_verifying(store: Store, tmp_path: Path) -> None:
    added = store.add(small(tmp_path / "first", name="first"), overwrite=False)
    assert answer(VerifyBundle("first"), nobody()) == BundleVerified(added.sha256, len(added.manifest.files))
    weights = added.path / "temporal.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(BundleError, match=r"temporal.safetensors: its content has changed"):
        answer(VerifyBundle("first"), nobody())


def test_removing_frees_what_the_list_promised(store: Store, tmp_path: Path) -> None:
    for name in ("first", "second"):
        store.add(small(tmp_path / name, name=name, spatial=name.encode()), overwrite=False)
    promised = listed().bundles[1].own
    assert answer(RemoveBundle("first"), nobody()) == BundleRemoved(promised)
    assert store.names() == ["second"]
    with pytest.raises(BundleError, match="It stays"):
        answer(RemoveBundle("sample"), nobody())
    with pytest.raises(BundleError, match="Expected the name of a bundle in the store"):
        answer(RemoveBundle("first"), nobody())
