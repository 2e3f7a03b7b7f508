"""Archives of bundles: one form, the same bytes each time, whole or not at all."""

import errno
import os
import random
import shutil
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from pia_edge.bundle import MANIFEST, Bundle
from pia_edge.bundle import archive as archive_module
from pia_edge.bundle.archive import add_archive, open_archive, pack, unpack
from pia_edge.bundle.store import Store
from pia_edge.errors import BundleError, OutputError
from tests.bundle.small import contents, nothing_left, refusing, small
from tests.killing import kill_everywhere

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def packed(one: Path, tmp_path: Path) -> Path:
    """The bundle ``one`` as an archive, alone in its folder."""
    (tmp_path / "packed").mkdir()
    path = tmp_path / "packed" / "one.pia.zip"
    pack(Bundle.open(one), path, overwrite=False)
    return path


def test_there_and_back(tiny_onnx: Bundle, tmp_path: Path) -> None:
    path = tmp_path / "tiny.pia.zip"
    pack(tiny_onnx, path, overwrite=False)
    unpacked = unpack(path, tmp_path / "tiny", overwrite=False)
    assert contents(unpacked.path) == contents(tiny_onnx.path)
    assert unpacked == Bundle.open(tmp_path / "tiny")
    assert unpacked.sha256 == tiny_onnx.sha256
    assert sorted(found.name for found in tmp_path.iterdir()) == ["tiny", "tiny.pia.zip"]
    assert path.stat().st_size < sum(map(len, contents(tiny_onnx.path).values()))


def test_the_same_bundle_gives_the_same_bytes(one: Path, packed: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(one, copy)
    for file in copy.rglob("*"):
        os.utime(file, (1, 1))
        file.chmod(0o700)
    pack(Bundle.open(copy), tmp_path / "again.pia.zip", overwrite=False)
    assert (tmp_path / "again.pia.zip").read_bytes() == packed.read_bytes()


def test_others_read_what_we_write(packed: Path, one: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert {name: archive.read(name) for name in names} == contents(one)
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        methods = {info.filename: info.compress_type for info in archive.infolist()}
        archive.extractall(tmp_path / "by zipfile")
    assert names == [MANIFEST, *sorted(names[1:])]
    assert methods[MANIFEST] == zipfile.ZIP_DEFLATED
    assert methods["spatial.safetensors"] == zipfile.ZIP_STORED
    assert Bundle.open(tmp_path / "by zipfile").sha256 == Bundle.open(one).sha256
    if program := shutil.which("unzip"):
        ended = subprocess.run([program, "-t", str(packed)], capture_output=True, text=True, check=False)
        assert "No errors detected" in ended.stdout, ended.stdout + ended.stderr


def test_we_read_what_others_write(one: Path, tmp_path: Path) -> None:
    names = [MANIFEST, "spatial.safetensors", "card/preview.png", "temporal.safetensors", "vocab.json", "merges.txt"]
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        for name in names:
            archive.write(one / name, name)
    assert contents(unpack(tmp_path / "other.zip", tmp_path / "out", overwrite=False).path) == contents(one)
    if program := shutil.which("zip"):
        subprocess.run([program, "-q", "-X", "-9", str(tmp_path / "info.zip"), *names], cwd=one, check=True)
        assert contents(unpack(tmp_path / "info.zip", tmp_path / "out2", overwrite=False).path) == contents(one)


@pytest.mark.parametrize("limit", [1, 300, 5000])
def test_large_files(limit: int, one: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a limit, which is lowered here, sizes and places are written into other fields."""
    path = tmp_path / "large.pia.zip"
    with monkeypatch.context() as patch:
        patch.setattr(zipfile, "ZIP64_LIMIT", limit)
        pack(Bundle.open(one), path, overwrite=False)
    assert b"PK\6\6" in path.read_bytes()
    assert contents(unpack(path, tmp_path / "out", overwrite=False).path) == contents(one)


def test_texts_that_shrink_too_well_are_stored(tmp_path: Path) -> None:
    """Unpacking would take them for an attack."""
    folder = small(tmp_path / "one")
    (folder / "merges.txt").write_bytes(b" " * 10**6)
    (folder / "vocab.json").write_bytes(b"")
    bundle = Bundle.open(relisted(folder))
    pack(bundle, tmp_path / "one.pia.zip", overwrite=False)
    assert contents(unpack(tmp_path / "one.pia.zip", tmp_path / "out", overwrite=False).path) == contents(folder)


def relisted(folder: Path) -> Path:
    """``folder`` with a manifest of what now lies in it."""
    from pia_edge.bundle import read_manifest, write_manifest

    manifest, _ = read_manifest(folder)
    write_manifest(folder, manifest)
    return folder


def test_memory_does_not_grow_with_the_files(tmp_path: Path) -> None:
    size = 64 * 2**20
    folder = small(tmp_path / "one", spatial=random.Random(1).randbytes(2**20) * (size // 2**20))
    bundle = Bundle.open(folder)
    tracemalloc.start()
    try:
        pack(bundle, tmp_path / "one.pia.zip", overwrite=False)
        unpack(tmp_path / "one.pia.zip", tmp_path / "out", overwrite=False)
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()


def test_into_the_store(packed: Path, store: Store, one: Path) -> None:
    assert add_archive(store, packed, overwrite=False).path == store.path("small")
    added = add_archive(store, packed, "second", overwrite=False)
    assert contents(added.path) == contents(one)
    assert store.usage("second").own < store.usage("second").size / 5, "the files are kept once"
    with pytest.raises(OutputError, match="has a bundle 'second' already"):
        add_archive(store, packed, "second", overwrite=False)


def test_overwriting_must_be_allowed(packed: Path, one: Path, two: Path, tmp_path: Path) -> None:
    before = packed.read_bytes()
    with pytest.raises(OutputError, match="exists already"):
        pack(Bundle.open(two), packed, overwrite=False)
    assert packed.read_bytes() == before
    with pytest.raises(OutputError, match="is not empty"):
        unpack(packed, two, overwrite=False)
    assert contents(unpack(packed, two, overwrite=True).path) == contents(one)
    (two / "thesis.docx").touch()
    with pytest.raises(OutputError, match=r"thesis\.docx"):
        unpack(packed, two, overwrite=True)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "card").mkdir()
    with pytest.raises(OutputError, match="holds other files"):
        unpack(packed, tmp_path / "mine", overwrite=True)


def test_not_into_the_bundle_itself(one: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(one)
    for path in (Path("one.pia.zip"), one / "card" / "one.pia.zip", one / MANIFEST):
        with pytest.raises(OutputError, match="in the bundle itself"):
            pack(Bundle.open(one), path, overwrite=True)
    Bundle.open(one)


@pytest.mark.parametrize("change", ["grown", "cut off", "changed", "gone"])
@pytest.mark.parametrize("name", ["vocab.json", "temporal.safetensors", MANIFEST])
def test_a_bundle_that_changes_while_it_is_packed(name: str, change: str, one: Path, tmp_path: Path) -> None:
    bundle = Bundle.open(one)
    content = (one / name).read_bytes()
    if change == "gone":
        (one / name).unlink()
    else:
        (one / name).write_bytes(
            {"grown": content * 3, "cut off": content[:-1], "changed": content[:-1] + b"!"}[change]
        )
    with pytest.raises(BundleError, match=r"has changed\. Pack it again|expected a readable file"):
        pack(bundle, tmp_path / "x.pia.zip", overwrite=False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one"]


@pytest.mark.parametrize("path", ["", "none", "packed", "n" * 300, "nul\0", "\ud800"])
def test_what_is_no_file(path: str, packed: Path) -> None:
    with pytest.raises(BundleError) as caught:
        unpack(packed.parent.parent / path, packed.parent / "out", overwrite=False)
    assert len(str(caught.value)) < 900


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes")
def test_a_pipe_is_never_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BundleError, match="found a device or pipe"):
        unpack(tmp_path / "pipe", tmp_path / "out", overwrite=False)


def test_an_archive_that_is_cut_off_meanwhile(packed: Path, tmp_path: Path) -> None:
    with open_archive(packed) as archive:
        os.truncate(packed, 500)
        (tmp_path / "out").mkdir()
        with pytest.raises(BundleError, match="cut off"):
            archive.extract(tmp_path / "out")


def test_a_full_disk_is_noticed_before_anything_is_written(
    packed: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(OutputError, match="1000 free"):
        unpack(packed, tmp_path / "out", overwrite=False)
    with pytest.raises(OutputError, match="Free some space"):
        add_archive(store, packed, overwrite=False)
    assert nothing_left(store)
    assert not (tmp_path / "out").exists()


LIMITED = """
import resource, sys; from pathlib import Path; from pia_edge.bundle import Bundle
from pia_edge.bundle.archive import add_archive, pack, unpack
from pia_edge.bundle.store import Store
from pia_edge.errors import OutputError
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
bundle, archive, folder = map(Path, sys.argv[1:])
for work in (
    lambda: pack(Bundle.open(bundle), folder / "x.pia.zip", overwrite=False),
    lambda: unpack(archive, folder / "out", overwrite=False),
    lambda: add_archive(Store(folder / "store"), archive, overwrite=False),
):
    try:
        work()
    except OutputError as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_disk_that_really_takes_no_more_leaves_nothing(packed: Path, one: Path, tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    command = [sys.executable, "-c", LIMITED, str(one), str(packed), str(tmp_path / "place")]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ended.stdout.count("File too large") == 3
    assert [path.name for path in (tmp_path / "place").iterdir()] == ["store"]
    assert nothing_left(Store(tmp_path / "place" / "store"))


@pytest.mark.parametrize("call", ["writing", "syncing", "renaming"])
def test_a_full_disk_leaves_nothing(
    call: str, packed: Path, one: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "place").mkdir()
    with monkeypatch.context() as patch:
        if call == "writing":
            patch.setattr(archive_module, "_copy", refusing(errno.ENOSPC))
        elif call == "syncing":
            patch.setattr(os, "fsync", refusing(errno.ENOSPC))
        else:
            patch.setattr(Path, "rename", refusing(errno.ENOSPC))
            patch.setattr(Path, "replace", refusing(errno.ENOSPC))
        with pytest.raises(OutputError, match="disk is full"):
            unpack(packed, tmp_path / "place" / "out", overwrite=False)
        with pytest.raises(OutputError, match="disk is full"):
            pack(Bundle.open(one), tmp_path / "place" / "x.pia.zip", overwrite=False)
    assert list((tmp_path / "place").iterdir()) == []


def prepare(folder: Path) -> None:
    bundle = Bundle.open(small(folder / "one", spatial=b"1"))
    pack(bundle, folder / "one.pia.zip", overwrite=False)
    small(folder / "old", spatial=b"2")


def do_pack(folder: Path) -> None:
    pack(Bundle.open(folder / "one"), folder / "new.pia.zip", overwrite=False)


def do_unpack(folder: Path) -> None:
    unpack(folder / "one.pia.zip", folder / "new", overwrite=False)


def do_overwrite(folder: Path) -> None:
    unpack(folder / "one.pia.zip", folder / "old", overwrite=True)


WORKS = {"packing": do_pack, "unpacking": do_unpack, "overwriting": do_overwrite}


def check_killed(folder: Path) -> None:
    """Check that everything that is there is whole, and that the next writing removes the rest."""
    one, again = Bundle.open(folder / "one"), folder / "again.pia.zip"
    pack(one, again, overwrite=False)
    if (new := folder / "new.pia.zip").exists():
        assert new.read_bytes() == again.read_bytes()
    if (folder / "new").exists():
        assert contents(folder / "new") == contents(one.path)
    assert contents(folder / "old") == contents(one.path) or Bundle.open(folder / "old").sha256 != one.sha256
    visible = {"one", "one.pia.zip", "old", "new", "new.pia.zip", "again.pia.zip"}
    assert {path.name for path in folder.iterdir()} <= visible


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has neither fork nor SIGKILL")
@pytest.mark.parametrize("work", WORKS)
def test_killed_at_every_step(work: str, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bundle.test_archive", work, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) > (3 if work == "packing" else 10), "it was killed many times"


if __name__ == "__main__":
    print(kill_everywhere(Path(sys.argv[2]), prepare, WORKS[sys.argv[1]], check_killed))
