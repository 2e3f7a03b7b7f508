"""What an export has finished so far, so that one that was interrupted goes on where it stopped.

The work lies beside the bundle to be, in a hidden folder: ``bundle/`` with the files, and ``journal.json``. It is taken
up again only by the same export, of the same reference bundle, with the same versions.
"""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec
from filelock import FileLock, Timeout

from pia_edge.bundle import MANIFEST, describe_file
from pia_edge.bundle.manifest import Artifact, File, Parity
from pia_edge.errors import OutputError
from pia_edge.files import explained, write_atomically
from pia_edge.modules import Module


class Finished(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A module whose files are written, and how it was proven, if it was."""

    artifact: Artifact
    files: dict[str, File]
    parity: Parity | None = None


class _Journal(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    key: str
    modules: dict[Module, Finished] = {}


class Work:
    """The unfinished export to one place."""

    def __init__(self, folder: Path, key: str) -> None:
        self.bundle = folder / "bundle"
        self._file = folder / "journal.json"
        self._journal = _read(self._file, key)
        if not self._journal.modules:
            shutil.rmtree(folder, ignore_errors=True)
        self.bundle.mkdir(parents=True, exist_ok=True)
        self._forget_damaged()

    def finished(self, module: Module) -> Finished | None:
        """Return what is known of ``module``, or None if it is still to be converted."""
        return self._journal.modules.get(module)

    def finish(self, module: Module, artifact: Artifact, parity: Parity | None = None) -> Finished:
        """Note that the files of ``artifact`` are complete.

        Raises:
            OutputError: the journal cannot be written.
        """
        known = self._journal.modules.get(module)
        files = known.files if known else {name: describe_file(self.bundle / name) for name in artifact.files()}
        done = Finished(artifact=artifact, files=files, parity=parity)
        self._journal.modules[module] = done
        content = msgspec.json.encode(self._journal)

        def write(file: BinaryIO) -> None:
            file.write(content)

        write_atomically(self._file, write, overwrite=True)
        return done

    def remove_unfinished(self) -> None:
        """Remove every file that belongs to no finished module."""
        kept = {name for done in self._journal.modules.values() for name in done.files}
        for path in sorted(self.bundle.rglob("*"), reverse=True):
            name = path.relative_to(self.bundle).as_posix()
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif name not in kept:
                path.unlink()

    def _forget_damaged(self) -> None:
        """Take up only files that are as they were when they were finished."""
        for module, done in list(self._journal.modules.items()):
            for name, expected in done.files.items():
                path = self.bundle / name
                if not path.is_file() or describe_file(path) != expected:
                    del self._journal.modules[module]
                    break


@contextmanager
def work_on(target: Path, key: str) -> Iterator[Work]:
    """Yield the work on the bundle ``target``; it stays if the block is interrupted, and goes once the bundle stands.

    Raises:
        OutputError: another process exports to this place, or the disk refuses.
    """
    digest = hashlib.sha256(target.name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    folder = target.parent / f".pia-edge-export-{digest}"
    lock = FileLock(f"{folder}.lock", timeout=0)
    with explained(target):
        try:
            lock.acquire()
        except Timeout:
            raise OutputError(
                f"{target}: another process is exporting to this place. Wait for it, or name another folder."
            ) from None
        try:
            yield Work(folder, key)
            if target.joinpath(MANIFEST).is_file():
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            lock.release()
            Path(lock.lock_file).unlink(missing_ok=True)


def discard(work: Work) -> None:
    """Remove work that must not be taken up again."""
    shutil.rmtree(work.bundle.parent, ignore_errors=True)


def _read(file: Path, key: str) -> _Journal:
    """The journal of the same export, or an empty one."""
    try:
        found = msgspec.json.decode(file.read_bytes(), type=_Journal)
    except (OSError, msgspec.MsgspecError):
        return _Journal(key=key)
    return found if found.key == key else _Journal(key=key)
