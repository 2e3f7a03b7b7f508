"""What runtimes compile for this machine, kept for the next start.

::

    compiled/KEY/entry.json   what it is of, and the size and checksum of
    compiled/KEY/…            whatever the runtime wrote
    compiled/KEY.lock         held by the process that makes or removes it

A new runtime, driver or bundle has another key. What has not been used for longest goes first when the quota is full.
"""

import hashlib
import os
import shutil
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

import msgspec
from filelock import FileLock

from pia_edge.files import explained, write_folder_atomically

QUOTA = 8 * 10**9
_ENTRY = "entry.json"
_BLOCK = 2**22

Key = Mapping[str, str]


class _File(msgspec.Struct, frozen=True):
    size: int
    crc32: int


class _Entry(msgspec.Struct, frozen=True):
    key: dict[str, str]
    files: dict[str, _File]


class CompileCache:
    """Compiled modules below the folder ``root``, which is made when it is first needed."""

    def __init__(self, root: Path, quota: int = QUOTA) -> None:
        self.root = root
        self._quota = quota

    @classmethod
    def open(cls) -> Self:
        """Return the user's: in ``PIA_EDGE_HOME`` if that is set, else in the system's folder for caches."""
        home = os.environ.get("PIA_EDGE_HOME")
        if home:
            return cls(Path(home) / "compiled")
        from platformdirs import user_cache_path

        return cls(user_cache_path("pia-edge", appauthor=False) / "compiled")

    def get(self, key: Key, make: Callable[[Path], None]) -> Path:
        """Return the folder of what is compiled for ``key``; it is made if it is not there, or not whole.

        Args:
            key: everything that decides it: bundle, module, shapes, runtime, device, driver.
            make: writes it into an empty folder; another process that wants the same waits.

        Raises:
            OutputError: it cannot be written.
        """
        folder = self._folder(key)
        with explained(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
        with self._lock(folder):
            if not _is_whole(folder):
                # It holds nothing that cannot be made again.
                shutil.rmtree(folder, ignore_errors=True)
                write_folder_atomically(
                    folder, lambda part: _fill(part, key, make), overwrite=True, replaceable=lambda _: True
                )
            os.utime(folder / _ENTRY)
        self._make_room(folder)
        return folder

    def growing(self, key: Key) -> Path:
        """Return a folder for ``key`` in which the runtime keeps and checks what it compiles by itself.

        Raises:
            OutputError: it cannot be made.
        """
        folder = self._folder(key)
        with explained(folder):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / _ENTRY).write_bytes(msgspec.json.format(msgspec.json.encode(_Entry(key=dict(key), files={}))))
        self._make_room(folder)
        return folder

    def discard(self, key: Key) -> None:
        """Remove what a runtime refused."""
        folder = self._folder(key)
        with self._lock(folder):
            shutil.rmtree(folder, ignore_errors=True)

    def clear(self) -> int:
        """Remove everything and return how many bytes that were."""
        size = sum(_size(folder) for folder in self._folders())
        for folder in self._folders():
            shutil.rmtree(folder, ignore_errors=True)
        return size

    def size(self) -> int:
        """Return how many bytes it takes."""
        return sum(_size(folder) for folder in self._folders())

    def _folder(self, key: Key) -> Path:
        return self.root / hashlib.sha256(msgspec.json.encode(dict(key), order="sorted")).hexdigest()[:32]

    def _lock(self, folder: Path) -> FileLock:
        return FileLock(folder.with_suffix(".lock"))

    def _folders(self) -> list[Path]:
        """All whole entries, the one used longest ago first."""
        found = []
        for entry in self.root.glob(f"*/{_ENTRY}"):
            try:
                found.append((entry.stat().st_mtime_ns, entry.parent))
            except FileNotFoundError:  # another process has removed it
                continue
        return [folder for _, folder in sorted(found)]

    def _make_room(self, newest: Path) -> None:
        folders = self._folders()
        total = sum(_size(folder) for folder in folders)
        for folder in folders:
            if total <= self._quota:
                return
            if folder != newest:
                total -= _size(folder)
                with self._lock(folder):
                    # A runtime that still reads from it keeps the files until it ends.
                    shutil.rmtree(folder, ignore_errors=True)


def _fill(folder: Path, key: Key, make: Callable[[Path], None]) -> None:
    make(folder)
    files = {path.relative_to(folder).as_posix(): _described(path) for path in _files(folder)}
    entry = _Entry(key=dict(key), files=files)
    (folder / _ENTRY).write_bytes(msgspec.json.format(msgspec.json.encode(entry)))


def _is_whole(folder: Path) -> bool:
    """Whether everything is as it was written: a runtime may crash on less."""
    try:
        entry = msgspec.json.decode((folder / _ENTRY).read_bytes(), type=_Entry)
        return all(_described(folder / name) == file for name, file in entry.files.items())
    except (OSError, msgspec.MsgspecError):
        return False


def _described(path: Path) -> _File:
    checksum = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            checksum = zlib.crc32(block, checksum)
        return _File(size=file.tell(), crc32=checksum)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _ENTRY)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in _files(folder))
