"""What killed writers leave behind is removed; what a living one writes is not."""

import errno
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from pia_edge import abandoned
from pia_edge.abandoned import hidden_in, remove_abandoned
from pia_edge.files import write_atomically, write_folder_atomically
from tests.killing import kill_everywhere

ROOT = Path(__file__).parent.parent
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither fork nor SIGKILL")


def names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def write_file(path: Path, content: bytes = b"new") -> None:
    def write(file: BinaryIO) -> None:
        file.write(content)

    write_atomically(path, write, overwrite=True)


def write_folder(path: Path, content: bytes = b"new") -> None:
    def write(folder: Path) -> None:
        (folder / "inside").mkdir()
        for name in ("a.png", "inside/b.png"):
            (folder / name).write_bytes(content)

    write_folder_atomically(path, write, overwrite=True, replaceable=lambda _: True)


def folder_content(path: Path) -> bytes:
    first, second = (path / "a.png").read_bytes(), (path / "inside" / "b.png").read_bytes()
    assert first == second
    return first


def check_file(folder: Path) -> None:
    assert (folder / "clip.gif").read_bytes() in (b"old", b"new")
    write_file(folder / "another.gif")
    assert names(folder) == {"clip.gif", "another.gif"}


def check_folder(folder: Path) -> None:
    write_file(folder / "another.gif")
    assert folder_content(folder / "frames") in (b"old", b"new")
    assert names(folder) == {"frames", "another.gif"}


Work = Callable[[Path], None]
CASES: dict[str, tuple[Work, Work, Work]] = {
    "file": (
        lambda folder: write_file(folder / "clip.gif", b"old"),
        lambda folder: write_file(folder / "clip.gif"),
        check_file,
    ),
    "folder": (
        lambda folder: write_folder(folder / "frames", b"old"),
        lambda folder: write_folder(folder / "frames"),
        check_folder,
    ),
}


@posix
@pytest.mark.parametrize("case", CASES)
def test_killed_at_every_step(case: str, tmp_path: Path) -> None:
    """Then the old or the new content is there after the next writing, and nothing else."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.test_abandoned", case, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) >= (5 if case == "file" else 12), "it was killed many times"


WAITING = """
import sys; from pathlib import Path; from pia_edge.files import write_atomically
def write(file):
    file.write(b"of a living process")
    print(flush=True)
    sys.stdin.readline()
write_atomically(Path(sys.argv[1]), write, overwrite=False)
"""


def start(path: Path) -> "subprocess.Popen[bytes]":
    """A process that has begun to write ``path`` and ends when it gets a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


def test_the_work_of_a_living_process_is_left_alone_until_it_is_killed(tmp_path: Path) -> None:
    with start(tmp_path / "one.gif") as finishing, start(tmp_path / "two.gif") as killed:
        before = names(tmp_path)
        assert len(before) == 4
        write_file(tmp_path / "other.gif")
        assert names(tmp_path) == before | {"other.gif"}
        killed.kill()
        killed.wait()
        write_file(tmp_path / "other.gif")
        assert len(names(tmp_path) & before) == 2
        finishing.communicate(b"\n")
    assert names(tmp_path) == {"one.gif", "other.gif"}
    assert (tmp_path / "one.gif").read_bytes() == b"of a living process"


def test_the_work_of_this_process_is_left_alone(tmp_path: Path) -> None:
    def write(file: BinaryIO) -> None:
        write_file(tmp_path / "inner.gif")
        write_folder(tmp_path / "frames")
        file.write(b"outer")

    write_atomically(tmp_path / "outer.gif", write, overwrite=False)
    assert (tmp_path / "outer.gif").read_bytes() == b"outer"
    assert names(tmp_path) == {"outer.gif", "inner.gif", "frames"}


def leftover(folder: Path, system: str, machine: str, *, record: bytes = b"") -> set[str]:
    """What a dead writer leaves; with ``record`` also a folder that it had moved aside."""
    stem = f".pia-edge-{system}{machine}{'0' * 16}"
    (folder / f"{stem}.lock").write_bytes(record)
    (folder / f"{stem}.part").mkdir()
    (folder / f"{stem}.part" / "half.bin").write_bytes(b"half")
    if record:
        (folder / f"{stem}.old").mkdir()
        (folder / f"{stem}.old" / "precious").touch()
    return names(folder)


SYSTEM, MACHINE = abandoned._writer()
ELSE = "e15ee15e"


@pytest.mark.parametrize(
    ("system", "machine", "stays"),
    [
        (SYSTEM, MACHINE, False),
        pytest.param(ELSE, MACHINE, False, id="after a restart"),
        pytest.param(SYSTEM, ELSE, False, id="in another container"),
        pytest.param(ELSE, ELSE, True, id="on another machine"),
    ],
)
def test_only_what_died_on_this_machine_is_removed(system: str, machine: str, stays: bool, tmp_path: Path) -> None:
    left = leftover(tmp_path, system, machine)
    write_file(tmp_path / "clip.gif")
    assert names(tmp_path) == {"clip.gif"} | (left if stays else set())


@pytest.mark.parametrize("name", [".pia-edge-0123456789abcdef.part", ".pia-edge-.lock", ".pia-edge-xy.lock", "a.part"])
def test_what_is_not_known_stays(name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    (tmp_path / f".pia-edge-{SYSTEM}{MACHINE}{'1' * 16}.part").touch()
    before = names(tmp_path)
    write_file(tmp_path / "clip.gif")
    assert names(tmp_path) == before | {"clip.gif"}


@pytest.mark.parametrize("exists", [False, True])
def test_a_folder_that_was_moved_aside_comes_back_unless_the_new_one_is_there(exists: bool, tmp_path: Path) -> None:
    leftover(tmp_path, SYSTEM, MACHINE, record=b"frames")
    if exists:
        write_folder(tmp_path / "frames")
    else:
        remove_abandoned(tmp_path)
    assert names(tmp_path) == {"frames"}
    assert (tmp_path / "frames" / "precious").exists() != exists


@pytest.mark.parametrize("record", [b"../frames", b"/etc/frames", b"\0\0\0\0", b".", b"..", b"a/../frames"])
def test_a_folder_that_was_moved_aside_stays_if_its_name_is_damaged(record: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    leftover(folder, SYSTEM, MACHINE, record=record)
    write_file(folder / "clip.gif")
    (old,) = folder.glob("*.old")
    assert (old / "precious").exists()
    assert names(tmp_path) == {"inside"}


@posix
def test_links_are_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.docx").touch()
    folder = tmp_path / "folder"
    folder.mkdir()
    stem = f".pia-edge-{SYSTEM}{MACHINE}"
    (folder / f"{stem}{'0' * 16}.lock").touch()
    (folder / f"{stem}{'0' * 16}.part").symlink_to(precious)
    (folder / f"{stem}{'1' * 16}.lock").symlink_to(precious / "thesis.docx")
    remove_abandoned(folder)
    assert names(folder) == {f"{stem}{'1' * 16}.lock"}
    assert names(precious) == {"thesis.docx"}


def test_a_disk_without_locks_is_written_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> None:
        raise OSError(errno.ENOLCK, "no locks available")

    left = leftover(tmp_path, SYSTEM, MACHINE)
    monkeypatch.setattr(abandoned, "_take_lock", refuse)
    seen: list[str] = []

    def write(file: BinaryIO) -> None:
        seen.extend(names(tmp_path) - left)
        file.write(b"new")

    write_atomically(tmp_path / "clip.gif", write, overwrite=False)
    assert [Path(name).suffix for name in seen] == [".part"], "a lock file would say that the writer is dead"
    write_folder(tmp_path / "frames", b"old")
    write_folder(tmp_path / "frames")
    assert folder_content(tmp_path / "frames") == b"new"
    assert names(tmp_path) == left | {"clip.gif", "frames"}


def test_what_cannot_be_removed_keeps_nobody_from_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = leftover(tmp_path, SYSTEM, MACHINE)

    def refuse(path: Path) -> None:
        raise PermissionError(errno.EACCES, "refused", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", refuse)
        write_file(tmp_path / "clip.gif")
    assert names(tmp_path) == left | {"clip.gif"}
    write_file(tmp_path / "clip.gif")
    assert names(tmp_path) == {"clip.gif"}


def test_names_say_nothing_about_the_machine(tmp_path: Path) -> None:
    with hidden_in(tmp_path) as hidden:
        assert re.fullmatch(r"\.pia-edge-[0-9a-f]{32}\.part", hidden.part.name)
        (lock,) = tmp_path.iterdir()
        assert lock.read_bytes() == b""
    assert names(tmp_path) == set()


def test_a_folder_that_is_not_there_has_no_leftovers(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    remove_abandoned(tmp_path / "missing")
    remove_abandoned(tmp_path / "file")


def test_everything_is_synced_at_any_depth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: set[int] = set()
    monkeypatch.setattr("pia_edge.files.os.fsync", lambda descriptor: synced.add(os.fstat(descriptor).st_ino))
    write_folder(tmp_path / "frames")
    written = [tmp_path, tmp_path / "frames", *(tmp_path / "frames").rglob("*")]
    assert len(written) == 5
    if sys.platform == "win32":
        written = [path for path in written if path.is_file()]
    assert {path.stat().st_ino for path in written} <= synced


if __name__ == "__main__":
    prepare, work, check = CASES[sys.argv[1]]
    print(kill_everywhere(Path(sys.argv[2]), prepare, work, check))
