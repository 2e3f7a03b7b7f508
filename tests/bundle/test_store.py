"""The bundle store: bundles by name."""

import errno
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pia_edge.bundle import MANIFEST, Bundle
from pia_edge.bundle.store import Store
from pia_edge.errors import BundleError, OutputError, RequestError
from tests.bundle.small import blobs, contents, nothing_left, refusing, small


def test_nothing_is_made_by_looking(store: Store) -> None:
    assert store.names() == []
    with pytest.raises(BundleError, match="The store is empty; add a bundle with: pia-edge bundles import FOLDER"):
        store.path("one")
    with pytest.raises(BundleError, match="store is empty"):
        store.remove("one")
    assert not store.root.exists()


def test_a_bundle_is_whole_and_in_its_place(store: Store, one: Path) -> None:
    added = store.add(one, "first", overwrite=False)
    assert added == Bundle.open(store.path("first"))
    assert added.path == store.root / "bundles" / "first"
    assert contents(added.path) == contents(one)
    assert store.names() == ["first"]
    assert {path.name for path in store.root.iterdir()} <= {"bundles", "blobs", ".lock"}


def test_a_bundle_of_the_store_can_be_added_under_another_name(store: Store, one: Path) -> None:
    store.add(one, "first", overwrite=False)
    store.add(store.path("first"), "copy", overwrite=False)
    store.add(store.path("copy"), "copy", overwrite=True)
    assert contents(store.path("copy")) == contents(one)


NAMES = ["", ".", "..", ".hidden", "a/b", "a\\b", "../one", "/one", "C:one", "a b", "é", "con", "a.", "-a", "a" * 121]


@pytest.mark.parametrize("name", [*NAMES, "nul\0", "a\n"])
def test_a_name_is_a_plain_file_name(name: str, store: Store, one: Path) -> None:
    for work in (
        lambda: store.add(one, name, overwrite=True),
        lambda: store.write(name, lambda _: None, overwrite=True),
        lambda: store.path(name),
        lambda: store.remove(name),
    ):
        with pytest.raises(RequestError, match="letters, digits, dots, dashes and underscores") as caught:
            work()
        assert str(caught.value).isprintable()
    assert not store.root.exists()


@pytest.mark.parametrize("name", ["sample", "Sample"])
def test_the_name_of_the_sample_is_taken(name: str, store: Store, one: Path) -> None:
    with pytest.raises(RequestError, match="the sample that ships"):
        store.add(one, name, overwrite=True)


def test_names_differ_in_more_than_case(store: Store, one: Path) -> None:
    store.add(one, "anime", overwrite=False)
    with pytest.raises(RequestError, match="'Anime' beside 'anime'"):
        store.add(one, "Anime", overwrite=True)


@pytest.mark.parametrize(
    ("name", "plain"),
    [("anime", "anime"), ("Été à  Paris (v1.5)!", "Ete-a-Paris-v1.5"), ("../../x", "x"), ("a" * 300, "a" * 120)],
)
def test_without_a_name_the_manifest_gives_it(name: str, plain: str, store: Store, tmp_path: Path) -> None:
    assert store.add(small(tmp_path / "one", name=name), overwrite=False).path.name == plain


@pytest.mark.parametrize("name", ["", "夜", "con", "..."])
def test_a_manifest_without_a_usable_name_needs_one_given(name: str, store: Store, tmp_path: Path) -> None:
    folder = small(tmp_path / "one", name=name)
    with pytest.raises(RequestError, match="Choose another"):
        store.add(folder, overwrite=False)
    assert store.add(folder, "given", overwrite=False).manifest.name == name


def test_an_unknown_name_gets_a_guess(store: Store, one: Path) -> None:
    store.add(one, "anime", overwrite=False)
    store.add(one, "tiny", overwrite=False)
    with pytest.raises(BundleError, match=r"found 'ANIMA'\. Did you mean anime\? The store holds: anime, tiny\."):
        store.path("ANIMA")
    with pytest.raises(BundleError, match=r"found 'xyz'\. The store holds: anime, tiny\."):
        store.path("xyz")


def test_overwriting_must_be_allowed(store: Store, one: Path, two: Path) -> None:
    store.add(one, "first", overwrite=False)
    with pytest.raises(OutputError, match="has a bundle 'first' already"):
        store.add(two, "first", overwrite=False)
    assert contents(store.path("first")) == contents(one)
    assert store.add(two, "first", overwrite=True).sha256 == Bundle.open(two).sha256
    assert contents(store.path("first")) == contents(two)
    assert all(blob.stat().st_nlink == 2 for blob in blobs(store)), "the old spatial weights are gone"


def test_a_bundle_that_appears_meanwhile_is_not_lost(store: Store, one: Path, two: Path) -> None:
    def write(folder: Path) -> None:
        store.add(two, "first", overwrite=False)
        shutil.copytree(one, folder, dirs_exist_ok=True)

    with pytest.raises(OutputError, match="is not empty"):
        store.write("first", write, overwrite=False)
    assert contents(store.path("first")) == contents(two)


def test_foreign_files_in_a_bundle_are_not_overwritten(store: Store, one: Path, two: Path) -> None:
    store.add(one, "first", overwrite=False)
    (store.path("first") / "thesis.docx").touch()
    with pytest.raises(OutputError, match=r"thesis\.docx"):
        store.add(two, "first", overwrite=True)


@pytest.mark.parametrize("damage", ["no manifest", "other content"])
def test_what_is_no_bundle_is_not_added(damage: str, store: Store, one: Path) -> None:
    if damage == "no manifest":
        (one / MANIFEST).unlink()
    else:
        (one / "vocab.json").write_bytes(b'{"a": 1}')
    with pytest.raises(BundleError):
        store.add(one, "first", overwrite=False)
    assert not store.root.exists()

    def write(folder: Path) -> None:
        shutil.copytree(one, folder, dirs_exist_ok=True)

    with pytest.raises(BundleError):
        store.write("first", write, overwrite=False)
    assert nothing_left(store)


def test_hidden_and_half_folders_are_no_bundles(store: Store, one: Path) -> None:
    store.add(one, "first", overwrite=False)
    for name in (".hidden", "half", "not plain"):
        (store.root / "bundles" / name).mkdir()
    (store.root / "bundles" / ".hidden" / MANIFEST).touch()
    (store.root / "bundles" / "not plain" / MANIFEST).touch()
    (store.root / "bundles" / "file").touch()
    assert store.names() == ["first"]


def test_a_store_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "bundles").touch()
    with pytest.raises(BundleError, match="expected the folder of the store"):
        Store(tmp_path).names()


def test_a_place_that_cannot_be_written_says_so(store: Store, one: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", refusing(errno.EROFS))
        with pytest.raises(OutputError, match="disk is read-only"):
            store.add(one, "first", overwrite=False)


def test_where_the_store_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PIA_EDGE_HOME", str(tmp_path / "mine"))
    assert Store.open().root == tmp_path / "mine"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PIA_EDGE_HOME", "relative")
    assert Store.open().root == tmp_path / "relative"
    for home in (None, ""):
        if home is None:
            monkeypatch.delenv("PIA_EDGE_HOME")
        else:
            monkeypatch.setenv("PIA_EDGE_HOME", home)
        root = Store.open().root
        assert root.is_absolute()
        assert root.name == "pia-edge"
        assert not root.is_relative_to(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="the variable of Linux desktops")
def test_the_users_folder_for_data_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PIA_EDGE_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Store.open().root == tmp_path / "pia-edge"
    assert list(tmp_path.iterdir()) == []


def test_looking_needs_no_lock(one: Path, store: Store) -> None:
    """Nor the libraries for locks and user folders, which an import alone must not load either."""
    store.add(one, "first", overwrite=False)
    code = (
        "import sys; from pathlib import Path; from pia_edge.bundle.store import Store\n"
        "assert Store(Path(sys.argv[1])).names() == ['first']\n"
        "assert not {'filelock', 'platformdirs'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(store.root)], check=True)
