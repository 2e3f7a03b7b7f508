"""The store while others work in it, and on disks that are full."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pia_edge.bundle import Bundle
from pia_edge.bundle import store as store_module
from pia_edge.bundle.blobs import Blobs
from pia_edge.bundle.store import Store
from pia_edge.errors import OutputError
from tests.bundle.small import nothing_left, refusing

ADDING = """
import sys; from pathlib import Path; from pia_edge.bundle.store import Store; from pia_edge.errors import OutputError
root, folder, *names = sys.argv[1:]
print(flush=True)
sys.stdin.readline()
for name in names:
    try:
        Store(Path(root)).add(Path(folder), name, overwrite=False)
        print(name)
    except OutputError:
        print("refused")
"""


def test_two_processes_add_at_once(store: Store, one: Path, two: Path) -> None:
    same = [f"same{number}" for number in range(5)]
    commands = [
        [sys.executable, "-c", ADDING, str(store.root), str(folder), *same, f"only-{folder.name}"]
        for folder in (one, two)
    ]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for command in commands
    ]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    results = [process.communicate(timeout=60)[0].split() for process in processes]
    assert all({first, second} == {name, "refused"} for first, second, name in zip(*results, same, strict=False))
    assert [result[-1] for result in results] == ["only-one", "only-two"]
    assert store.names() == sorted([*same, "only-one", "only-two"])
    temporal = {(Bundle.open(store.path(name)).path / "temporal.safetensors").stat().st_ino for name in store.names()}
    assert len(temporal) == 1


def test_others_may_change_the_store_during_a_long_writing(store: Store, one: Path, two: Path) -> None:
    def write(folder: Path) -> None:
        store.add(two, "second", overwrite=False)
        store.remove("second")
        store.add(two, "third", overwrite=False)
        shutil.copytree(one, folder, dirs_exist_ok=True)

    written = store.write("first", write, overwrite=False)
    assert written == Bundle.open(store.path("first"))
    assert store.names() == ["first", "third"]
    assert (written.path / "temporal.safetensors").samefile(store.path("third") / "temporal.safetensors")


def test_waiting_for_another_process_ends(store: Store, one: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add(one, "first", overwrite=False)
    monkeypatch.setattr(store_module, "LOCK_SECONDS", 0.05)
    with store._changing():
        with pytest.raises(OutputError, match=r"found another process at work in it for 0\.05 seconds"):
            Store(store.root).add(one, "second", overwrite=False)
        with pytest.raises(OutputError, match="Wait for it or end it"):
            Store(store.root).remove("first")
        assert Bundle.open(Store(store.root).path("first")).sha256 == Bundle.open(one).sha256
    assert store.names() == ["first"]
    assert not list((store.root / "bundles").glob(".*"))


@pytest.mark.parametrize("call", ["copying", "syncing", "sharing"])
def test_a_full_disk_leaves_nothing(call: str, store: Store, one: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = {"copying": (shutil, "copyfile"), "syncing": (os, "fsync"), "sharing": (Blobs, "share")}[call]
    with monkeypatch.context() as patch:
        patch.setattr(*target, refusing(errno.ENOSPC))
        with pytest.raises(OutputError, match="disk is full"):
            store.add(one, "first", overwrite=False)
    assert nothing_left(store)


LIMITED = """
import resource, sys; from pathlib import Path; from pia_edge.bundle.store import Store
from pia_edge.errors import OutputError
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    Store(Path(sys.argv[1])).add(Path(sys.argv[2]), "first", overwrite=False)
except OutputError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_disk_that_really_takes_no_more_leaves_nothing(store: Store, one: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED, str(store.root), str(one)], capture_output=True, text=True, check=True
    )
    assert "File too large" in ended.stdout
    assert nothing_left(store)


def test_a_bundle_that_cannot_be_shared_half_way_leaves_no_blobs(
    store: Store, one: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        return refusing(errno.EACCES)() if target.name == "first" else rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refuse)
        with pytest.raises(OutputError, match="may not write"):
            store.add(one, "first", overwrite=False)
    assert nothing_left(store)
