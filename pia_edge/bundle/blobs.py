"""One copy of each content on the disk: files of bundles are hard links to it, and the file system counts them."""

import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pia_edge.bundle.manifest import File
from pia_edge.bundle.opening import describe_file

_SHA256 = re.compile(r"[0-9a-f]{64}")

Signature = tuple[int, int, int, int]
"""Disk, number, size in bytes and time of the last change: what a file has that nobody touched."""


class Blobs:
    """The contents below ``folder``, each in ``ab/abcd…`` by its sha256.

    Whoever changes anything here holds the lock of the store.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def intact(self, files: Iterable[File]) -> set[Signature]:
        """Return those blobs for ``files`` whose size and sha256 are right; reads all of them."""
        found = set()
        for file in files:
            blob = self._path(file.sha256)
            signature = _signature(blob)
            if signature and _is_intact(blob, file):
                found.add(signature)
        return found

    def share(self, folder: Path, files: Mapping[str, File], intact: set[Signature]) -> None:
        """Make the files in ``folder`` links to blobs, and blobs of those whose content is new.

        A damaged blob is never linked to: the file at hand takes its place. Where the disk has no hard links the
        files stay as they are.

        Args:
            folder: a bundle that nobody uses yet.
            files: size and sha256 of its files, known to be right.
            intact: blobs that need not be read again.

        Raises:
            OSError: the disk refuses something else than a hard link.
        """
        for name, expected in files.items():
            self._share(folder / name, expected, intact)

    def identities(self) -> set[tuple[int, int]]:
        """Return disk and number of every blob."""
        return {(found.st_dev, found.st_ino) for found in (blob.stat() for blob in self._all())}

    def collect(self) -> None:
        """Remove the blobs that no bundle links to, and folders without any.

        Raises:
            OSError: the disk refuses.
        """
        for blob in self._all():
            if blob.stat().st_nlink == 1:
                blob.unlink()
        for folder in self._folder.glob("??"):
            _remove_if_empty(folder)

    def _share(self, file: Path, expected: File, intact: set[Signature]) -> None:
        blob = self._path(expected.sha256)
        found = _signature(blob)
        if found and found == _signature(file):
            return
        if found and (found in intact or _is_intact(blob, expected)):
            # The name is hidden, so that no file of a bundle has it.
            link = file.with_name(".pia-edge-link")
            if _link(blob, link):
                link.replace(file)
            return
        blob.unlink(missing_ok=True)
        blob.parent.mkdir(parents=True, exist_ok=True)
        if not _link(file, blob):
            _remove_if_empty(blob.parent)

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def _all(self) -> Iterator[Path]:
        for blob in sorted(self._folder.glob("??/*")):
            if _SHA256.fullmatch(blob.name) and blob.is_file() and not blob.is_symlink():
                yield blob


def _link(source: Path, link: Path) -> bool:
    """Whether ``link`` is now another name of ``source``.

    Whatever the reason (exFAT, some network disks, too many names), a bundle with a file of its own is as good.
    """
    try:
        link.hardlink_to(source)
    except OSError:
        return False
    return True


def _signature(path: Path) -> Signature | None:
    """What tells an untouched file again, or None if there is no file."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def _is_intact(blob: Path, expected: File) -> bool:
    """Whether ``blob`` has the content that its name promises; one that cannot be read has not."""
    try:
        return describe_file(blob) == expected
    except OSError:
        return False


def _remove_if_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()
