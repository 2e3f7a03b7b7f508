"""Hidden names to write under, and what becomes of them when their writer is killed.

``.pia-edge-ID.part`` is being written. ``.pia-edge-ID.old`` is a folder that stands aside for the instant in which the
new one takes its place. ``.pia-edge-ID.lock`` holds a lock of the operating system, which drops it with the process
however that ends, and the name that ``.old`` had. So whoever gets the lock knows that the writer is dead.

Locks of another machine may be invisible on a shared disk, so ID begins with eight digits each for the system that ran
and for the machine: only what the same running system, or the same machine before a restart, left behind is touched.
"""

import hashlib
import os
import platform
import re
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _take_lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_LOCK_NAME = re.compile(r"\.pia-edge-([0-9a-f]{8})([0-9a-f]{8})[0-9a-f]{16}\.lock")
_FLAGS = os.O_RDWR | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


class Hidden:
    """Hidden names in one folder, which belong to one living process."""

    def __init__(self, lock: Path, descriptor: int | None) -> None:
        self.part = lock.with_suffix(".part")
        """To write under; whatever still has this name at the end is removed."""
        self._lock = lock
        self._descriptor = descriptor
        self._moved = ""

    def move_aside(self, folder: Path) -> None:
        """Move ``folder``, which lies beside, out of the way.

        At the end it is removed, or moved back if nothing took its place.

        Raises:
            OSError: it cannot be moved, or its name cannot be noted.
        """
        self._moved = folder.name
        if self._descriptor is not None:
            # After a power cut the folder must still be known by its name.
            os.write(self._descriptor, os.fsencode(folder.name))
            os.fsync(self._descriptor)
        folder.rename(self._lock.with_suffix(".old"))

    def settle(self) -> None:
        """Leave nothing under the hidden names.

        Raises:
            OSError: something cannot be removed; the lock file stays, so that the next writer tries again.
        """
        _settle(self._lock, self._descriptor, self._moved)


@contextmanager
def hidden_in(folder: Path) -> Iterator[Hidden]:
    """Yield hidden names in ``folder``; other processes leave them alone for as long as this one lives.

    Raises:
        OSError: nothing can be created there.
    """
    hidden = Hidden(*_claim(folder))
    try:
        yield hidden
    finally:
        # The work itself is done or has failed with an error of its own.
        with suppress(OSError):
            hidden.settle()


def remove_abandoned(folder: Path) -> None:
    """Remove what killed processes of this machine left in ``folder``, and move back what they had moved aside.

    Whatever belongs to a living process, to another machine or to an unknown one stays; so does what the disk refuses
    to remove, since cleaning up must not keep anybody from writing.
    """
    system, machine = _writer()
    for lock in sorted(folder.glob(".pia-edge-*.lock")):
        found = _LOCK_NAME.fullmatch(lock.name)
        if found and (found[1] == system or found[2] == machine) and not lock.is_symlink():
            with suppress(OSError):
                _settle_abandoned(lock)


def stands_aside(folder: Path) -> bool:
    """Return whether a folder in ``folder`` was moved aside and not yet moved back or removed."""
    return any(folder.glob(".pia-edge-*.old"))


def _claim(folder: Path) -> tuple[Path, int | None]:
    """A new lock file, taken; or a free name without one, where the disk has no locks."""
    lock = _new_name(folder)
    descriptor = os.open(lock, _FLAGS | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        _take_lock(descriptor)
    except OSError:
        os.close(descriptor)
        lock.unlink()
        # A new name, since the lock may also be refused because somebody is removing what has the old one.
        return _new_name(folder), None
    return lock, descriptor


def _settle_abandoned(lock: Path) -> None:
    descriptor = os.open(lock, _FLAGS)
    try:
        _take_lock(descriptor)
        name = os.fsdecode(os.read(descriptor, 4096))
    except OSError:
        os.close(descriptor)
        raise
    _settle(lock, descriptor, name)


def _settle(lock: Path, descriptor: int | None, name: str) -> None:
    """Leave nothing under the hidden names, ``name`` being that of the folder moved aside; the lock goes last."""
    try:
        _remove(lock.with_suffix(".part"))
        if os.path.lexists(lock.with_suffix(".old")):
            _settle_old(lock.with_suffix(".old"), name)
    finally:
        if descriptor is not None:
            os.close(descriptor)
    # Windows removes no open file; nobody else uses this name, so that it need not be locked any more.
    lock.unlink(missing_ok=True)


def _settle_old(old: Path, name: str) -> None:
    if name in ("", "..") or "\0" in name or name != Path(name).name:
        raise FileNotFoundError(f"{old} had no name that is known")
    target = old.with_name(name)
    if os.path.lexists(target):
        _remove(old)
    else:
        old.rename(target)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _new_name(folder: Path) -> Path:
    # The name does not contain the target's: that may already be as long as the disk allows.
    return folder / f".pia-edge-{''.join(_writer())}{secrets.token_hex(8)}.lock"


@cache
def _writer() -> tuple[str, str]:
    """Eight digits for the running system, which all of its containers share, and eight for the machine."""
    machine = f"{platform.node()} {_content('/etc/machine-id')}"
    return _digits(_content("/proc/sys/kernel/random/boot_id") or machine), _digits(machine)


def _content(path: str) -> str:
    """The text of a file that only Linux has, or nothing."""
    try:
        return Path(path).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def _digits(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
