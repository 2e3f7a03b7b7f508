"""``pia-edge pack`` and ``unpack``, and importing an archive."""

import json
from pathlib import Path
from typing import Any

import pytest

from pia_edge.bundle import Bundle
from pia_edge.bundle.store import Store
from pia_edge.cli import main
from tests.bundle.small import contents, small

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store that the commands use."""
    monkeypatch.setenv("PIA_EDGE_HOME", str(tmp_path / "store"))
    return Store.open()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small(tmp_path / "one", name="anime")


@pytest.fixture
def archive(folder: Path, tmp_path: Path, store: Store, capsys: Capture) -> str:
    """The bundle in ``folder`` packed; the store is still empty."""
    path = str(tmp_path / "anime.pia.zip")
    run("pack", str(folder), "-o", path, capture=capsys)
    assert not store.root.exists()
    return path


def run(*arguments: str, capture: Capture) -> str:
    """Run ``pia-edge …`` and return its stdout."""
    assert main([*arguments]) == 0
    captured = capture.readouterr()
    assert captured.err == ""
    return captured.out


def run_json(*arguments: str, capture: Capture) -> Any:
    out = run(*arguments, "--json", capture=capture)
    assert out.count("\n") == 1
    return json.loads(out)


def failure(*arguments: str, capture: Capture, code: int) -> str:
    """Run it, check that it ends with ``code`` and an empty stdout, and return its stderr."""
    assert main([*arguments]) == code
    captured = capture.readouterr()
    assert captured.out == ""
    return captured.err


def test_pack(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "x.pia.zip"
    assert run("pack", str(folder), "-o", str(path), capture=capsys) == f"{path}: {path.stat().st_size / 1024:.1f} kB\n"
    result = run_json("pack", str(folder), "-o", str(path), "--overwrite", capture=capsys)
    opened = Bundle.open(folder)
    assert result == {"path": str(path), "name": "anime", "sha256": opened.sha256, "size": path.stat().st_size}


def test_pack_takes_names_of_the_store_and_the_sample(
    store: Store, folder: Path, tmp_path: Path, capsys: Capture
) -> None:
    store.add(folder, "second", overwrite=False)
    one, two, sample = (str(tmp_path / f"{name}.zip") for name in ("one", "two", "sample"))
    run("pack", "second", "-o", one, capture=capsys)
    run("pack", str(folder), "-o", two, capture=capsys)
    assert Path(one).read_bytes() == Path(two).read_bytes()
    assert run_json("pack", "sample", "-o", sample, capture=capsys)["name"] == "sample"
    assert "Did you mean second?" in failure("pack", "secnod", "-o", f"{one}.zip", capture=capsys, code=4)


def test_pack_says_soon_that_it_cannot_write(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "there").touch()
    (folder / "vocab.json").write_bytes(b"damaged")
    for output, reason in (
        ("there", "exists already"),
        ("none/x.zip", "no such folder"),
        (".", "This is a folder"),
    ):
        assert reason in failure("pack", str(folder), "-o", str(tmp_path / output), capture=capsys, code=7)
    assert "bytes, found" in failure("pack", str(folder), "-o", str(tmp_path / "x.zip"), capture=capsys, code=4)
    assert not (tmp_path / "x.zip").exists()
    assert "--output" in failure("pack", str(folder), capture=capsys, code=2)


def test_unpack_into_a_folder(archive: str, folder: Path, tmp_path: Path, store: Store, capsys: Capture) -> None:
    out = tmp_path / "out"
    assert run("unpack", archive, "-o", str(out), capture=capsys).startswith(f"{out}: ")
    assert contents(out) == contents(folder)
    assert "is not empty" in failure("unpack", archive, "-o", str(out), capture=capsys, code=7)
    result = run_json("unpack", archive, "-o", str(out), "--overwrite", capture=capsys)
    opened = Bundle.open(out)
    size = sum(file.size for file in opened.manifest.files.values())
    assert result == {"path": str(out), "name": "anime", "sha256": opened.sha256, "size": size}
    assert not store.root.exists()


def test_unpack_into_the_store(archive: str, folder: Path, store: Store, capsys: Capture) -> None:
    assert run("unpack", archive, capture=capsys).startswith("anime: ")
    result = run_json("unpack", archive, "--name", "mine", capture=capsys)
    assert result["name"] == "mine"
    assert result["sha256"] == Bundle.open(folder).sha256
    assert 0 < result["shared"] < result["size"]
    assert store.names() == ["anime", "mine"]
    assert contents(store.path("mine")) == contents(folder)
    assert "already" in failure("unpack", archive, capture=capsys, code=7)
    run("unpack", archive, "--overwrite", capture=capsys)


def test_import_takes_archives(archive: str, folder: Path, store: Store, capsys: Capture) -> None:
    assert run("bundles", "import", archive, capture=capsys).startswith("anime: ")
    assert contents(store.path("anime")) == contents(folder)
    result = run_json("bundles", "import", archive, "--name", "mine", capture=capsys)
    assert result["path"] == str(store.path("mine"))
    assert "already" in failure("bundles", "import", archive, capture=capsys, code=7)
    run("bundles", "import", archive, "--overwrite", capture=capsys)


def test_a_folder_has_its_name(archive: str, tmp_path: Path, capsys: Capture) -> None:
    error = failure("unpack", archive, "-o", str(tmp_path / "out"), "--name", "x", capture=capsys, code=2)
    assert "--output or --name" in error


@pytest.mark.parametrize("name", ["a/b", "sample"])
def test_names_that_cannot_be(name: str, archive: str, store: Store, capsys: Capture) -> None:
    error = json.loads(failure("unpack", archive, "--name", name, "--json", capture=capsys, code=2))
    assert error["name"] == "RequestError"
    assert not store.root.exists()


@pytest.mark.parametrize("command", [["unpack"], ["bundles", "import"]])
def test_what_is_no_archive(command: list[str], tmp_path: Path, store: Store, capsys: Capture) -> None:
    (tmp_path / "x.pia.zip").write_bytes(b"<html>404</html>" * 10)
    error = json.loads(failure(*command, str(tmp_path / "x.pia.zip"), "--json", capture=capsys, code=4))
    assert error["name"] == "BundleError"
    assert "expected a bundle packed by pia-edge (.pia.zip), found no end of a ZIP file" in error["message"]
    assert json.loads(failure(*command, str(tmp_path / "none"), "--json", capture=capsys, code=4))
    assert not store.root.exists()
