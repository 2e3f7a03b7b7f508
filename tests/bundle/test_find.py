"""Which bundle a name or a folder means."""

from pathlib import Path

import pytest

from pia_edge import sample
from pia_edge.bundle import Bundle
from pia_edge.bundle.find import find_bundle
from pia_edge.bundle.store import Store
from pia_edge.errors import BundleError
from pia_edge.pipeline import AnimationPipeline
from tests.bundle.small import small


@pytest.fixture(autouse=True)
def here(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.setenv("PIA_EDGE_HOME", str(store.root))
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_nothing_given_is_the_sample(store: Store) -> None:
    assert find_bundle(None) == sample.path()
    assert find_bundle("sample") == sample.path()
    assert not store.root.exists()


@pytest.mark.parametrize("kind", [str, Path])
def test_a_folder_is_that_folder(kind: type[str] | type[Path], one: Path) -> None:
    assert find_bundle(kind(one)) == one
    assert find_bundle(kind(one / ".." / "one")).samefile(one)


@pytest.mark.parametrize("kind", [str, Path])
def test_a_name_is_that_bundle_of_the_store(kind: type[str] | type[Path], store: Store, one: Path) -> None:
    added = store.add(one, "anime", overwrite=False)
    assert find_bundle(kind("anime")) == added.path


def test_a_bundle_here_comes_before_the_store_and_other_folders_after_it(store: Store, one: Path, here: Path) -> None:
    store.add(one, "anime", overwrite=False)
    (here / "anime").mkdir()
    assert find_bundle("anime") == store.path("anime")
    (here / "anime").rmdir()
    small(here / "anime")
    assert find_bundle("anime") == Path("anime")
    (here / "pictures").mkdir()
    assert find_bundle("pictures") == Path("pictures")


@pytest.mark.parametrize(
    "path", ["./anime", "x/anime", "../anime", "/anime", "anime/", ".\\anime", "an ime", "nul\0", ""]
)
def test_what_is_no_plain_name_is_never_one_of_the_store(path: str, store: Store, one: Path) -> None:
    store.add(one, "anime", overwrite=False)
    with pytest.raises(BundleError, match=r"expected a bundle|Expected the path of a bundle"):
        Bundle.open(find_bundle(path))


def test_a_name_that_nothing_has_says_what_was_tried(store: Store, one: Path) -> None:
    with pytest.raises(
        BundleError, match=r"neither a folder of this name here nor one in the store\. The store is empty"
    ):
        find_bundle("anmie")
    assert not store.root.exists()
    store.add(one, "anime", overwrite=False)
    with pytest.raises(BundleError, match=r"^anmie: expected a bundle, found .* Did you mean anime\?"):
        find_bundle("anmie")


def test_a_pipeline_opens_by_name(tiny_onnx: Bundle, store: Store) -> None:
    store.add(tiny_onnx.path, "anime", overwrite=False)
    assert AnimationPipeline.open("anime", "cpu").bundle.sha256 == tiny_onnx.sha256
    with pytest.raises(BundleError, match="Did you mean anime"):
        AnimationPipeline.open("amine", "cpu")
