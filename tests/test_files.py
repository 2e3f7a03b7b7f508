"""Files and folders that appear whole or not at all."""

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NoReturn

import pytest

from pia_edge.errors import Cancelled, OutputError
from pia_edge.files import check_file_target, check_folder_target, write_atomically, write_folder_atomically

BLOCK = b"new " * 1000


def write_new(file: BinaryIO) -> None:
    file.write(BLOCK)


def is_png(name: str) -> bool:
    return name.endswith(".png")


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def refusing(number: int) -> Callable[..., NoReturn]:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return refuse


def test_a_file_is_written_with_the_permissions_any_file_gets(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.touch()
    write_atomically(tmp_path / "clip.gif", write_new, overwrite=False)
    assert (tmp_path / "clip.gif").read_bytes() == BLOCK
    assert stat.S_IMODE((tmp_path / "clip.gif").stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
    assert names(tmp_path) == ["clip.gif", "plain"]


def test_overwriting_must_be_allowed_and_keeps_permissions(tmp_path: Path) -> None:
    path = tmp_path / "clip.gif"
    path.write_bytes(b"old")
    path.chmod(0o640)
    with pytest.raises(OutputError, match="exists already"):
        write_atomically(path, write_new, overwrite=False)
    assert path.read_bytes() == b"old"
    write_atomically(path, write_new, overwrite=True)
    assert path.read_bytes() == BLOCK
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_file_that_appears_meanwhile_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "clip.gif"

    def write(file: BinaryIO) -> None:
        file.write(BLOCK)
        path.write_bytes(b"of another program")

    with pytest.raises(OutputError, match="exists already"):
        write_atomically(path, write, overwrite=False)
    assert path.read_bytes() == b"of another program"
    assert names(tmp_path) == ["clip.gif"]


def test_the_old_file_is_there_while_the_new_one_is_written(tmp_path: Path) -> None:
    path = tmp_path / "clip.gif"
    path.write_bytes(b"old")
    seen = []

    def write(file: BinaryIO) -> None:
        file.write(BLOCK)
        seen.append(path.read_bytes())

    write_atomically(path, write, overwrite=True)
    assert seen == [b"old"]


def test_a_symbolic_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "clip.gif"
    link.symlink_to(tmp_path / "real" / "clip.gif")
    write_atomically(link, write_new, overwrite=False)
    assert link.is_symlink()
    assert (tmp_path / "real" / "clip.gif").read_bytes() == BLOCK


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "quota"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "may not write"),
        (errno.EIO, "fault"),
        (errno.EFBIG, "larger than this disk"),
        (errno.EBUSY, "Choose another folder"),
    ],
)
@pytest.mark.parametrize("call", ["open", "fsync"])
def test_what_the_disk_refuses_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, says: str
) -> None:
    path = tmp_path / "clip.gif"
    path.write_bytes(b"old")
    with monkeypatch.context() as patch:
        patch.setattr(f"pia_edge.files.os.{call}", refusing(number))
        with pytest.raises(OutputError, match=says) as caught:
            write_atomically(path, write_new, overwrite=True)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["clip.gif"]


def test_a_replacement_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "clip.gif"
    path.write_bytes(b"old")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refusing(errno.EACCES))
        with pytest.raises(OutputError, match="may not write"):
            write_atomically(path, write_new, overwrite=True)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["clip.gif"]


@pytest.mark.parametrize("raised", [KeyboardInterrupt, Cancelled, RuntimeError])
def test_a_writer_that_stops_leaves_nothing(tmp_path: Path, raised: type[BaseException]) -> None:
    def write(file: BinaryIO) -> None:
        file.write(BLOCK)
        raise raised

    with pytest.raises(raised):
        write_atomically(tmp_path / "clip.gif", write, overwrite=False)
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("missing/clip.gif", "no such folder"),
        ("file/clip.gif", "is a file, not a folder"),
        ("folder", "is a folder"),
        ("x" * 300, "name is too long"),
        ("nul\0byte.gif", "NUL character"),
        ("circle", "form a circle"),
    ],
)
def test_impossible_places(tmp_path: Path, target: str, says: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    before = names(tmp_path)
    with pytest.raises(OutputError, match=says):
        write_atomically(tmp_path / target, write_new, overwrite=True)
    with pytest.raises(OutputError, match=says):
        check_file_target(tmp_path / target, overwrite=True)
    assert names(tmp_path) == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_devices_and_pipes_are_never_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.gif"
    os.mkfifo(pipe)
    with pytest.raises(OutputError, match="device or pipe"):
        write_atomically(pipe, write_new, overwrite=True)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    with pytest.raises(OutputError, match="device or pipe"):
        check_file_target(Path(os.devnull), overwrite=True)


@pytest.mark.parametrize("name", ["mit Leerzeichen é.gif", "日本語.gif", "🐻.gif", "x" * 251 + ".gif", "-rf.gif"])
def test_names_of_every_script_and_length(tmp_path: Path, name: str) -> None:
    write_atomically(tmp_path / name, write_new, overwrite=False)
    assert names(tmp_path) == [name]


def write_two(folder: Path) -> None:
    (folder / "0000.png").write_bytes(b"one")
    (folder / "0001.png").write_bytes(b"two")


def test_a_folder_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "frames"
    write_folder_atomically(target, write_two, overwrite=False, replaceable=is_png)
    assert names(target) == ["0000.png", "0001.png"]
    assert names(tmp_path) == ["frames"]


def test_an_empty_folder_is_used_and_a_full_one_must_be_allowed(tmp_path: Path) -> None:
    target = tmp_path / "frames"
    target.mkdir()
    write_folder_atomically(target, write_two, overwrite=False, replaceable=is_png)
    (target / "0002.png").touch()
    with pytest.raises(OutputError, match="is not empty"):
        write_folder_atomically(target, write_two, overwrite=False, replaceable=is_png)
    assert len(names(target)) == 3
    write_folder_atomically(target, write_two, overwrite=True, replaceable=is_png)
    assert names(target) == ["0000.png", "0001.png"]
    assert names(tmp_path) == ["frames"]


def test_foreign_files_are_never_lost(tmp_path: Path) -> None:
    target = tmp_path / "Pictures"
    target.mkdir()
    (target / "thesis.docx").write_bytes(b"ten years of work")
    with pytest.raises(OutputError, match=r"thesis.docx.*would be lost"):
        write_folder_atomically(target, write_two, overwrite=True, replaceable=is_png)
    with pytest.raises(OutputError, match=r"thesis.docx.*would be lost"):
        check_folder_target(target, overwrite=True, replaceable=is_png)
    assert (target / "thesis.docx").read_bytes() == b"ten years of work"


@pytest.mark.parametrize("failing_rename", [1, 2])
def test_a_folder_that_cannot_take_its_place_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing_rename: int
) -> None:
    target = tmp_path / "frames"
    target.mkdir()
    (target / "old.png").touch()
    rename, calls = Path.rename, iter(range(1, 9))

    def rename_or_fail(self: Path, to: Path) -> Path:
        if next(calls) == failing_rename:
            refusing(errno.EACCES)()
        return rename(self, to)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename_or_fail)
        with pytest.raises(OutputError, match="may not write"):
            write_folder_atomically(target, write_two, overwrite=True, replaceable=is_png)
    assert names(target) == ["old.png"]
    assert names(tmp_path) == ["frames"]


def test_a_folder_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    def write(folder: Path) -> None:
        write_two(folder)
        refusing(errno.ENOSPC)()

    with pytest.raises(OutputError, match="disk is full"):
        write_folder_atomically(tmp_path / "frames", write, overwrite=False, replaceable=is_png)
    assert names(tmp_path) == []


def test_a_file_where_a_folder_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "frames").touch()
    with pytest.raises(OutputError, match="is a file"):
        write_folder_atomically(tmp_path / "frames", write_two, overwrite=True, replaceable=is_png)
    with pytest.raises(OutputError, match="no such folder"):
        check_folder_target(tmp_path / "missing" / "frames", overwrite=True, replaceable=is_png)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB, where the system lets us mount one."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("cannot mount a small disk here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_really_full_disk(tiny_disk: Path) -> None:
    path = tiny_disk / "clip.gif"
    path.write_bytes(b"old")
    with pytest.raises(OutputError, match="disk is full"):
        write_atomically(path, lambda file: write_new_many(file, 100), overwrite=True)
    assert path.read_bytes() == b"old"
    assert names(tiny_disk) == ["clip.gif"]


def write_new_many(file: BinaryIO, times: int) -> None:
    for _ in range(times):
        file.write(BLOCK)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
@pytest.mark.parametrize("delay", [0.0, 0.01, 0.03])
def test_a_killed_program_leaves_an_old_or_a_new_file_never_a_part(tmp_path: Path, delay: float) -> None:
    path = tmp_path / "clip.gif"
    path.write_bytes(b"old")
    program = (
        "import sys; from pathlib import Path; from pia_edge.files import write_atomically\n"
        "print(flush=True)\n"
        "while True: write_atomically(Path(sys.argv[1]), lambda file: file.write(b'new ' * 200_000), overwrite=True)"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(delay)
        process.kill()
    assert path.read_bytes() in (b"old", b"new " * 200_000)
