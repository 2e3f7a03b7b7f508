"""Whether a window lives: each holds a lock that the system lets go of however the window ends."""

import os
import uuid
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from pia_edge.files import explained


class WindowLock:
    """This window's own lock, and a look at those of others."""

    def __init__(self, folder: Path) -> None:
        """Take a lock of a new name in ``folder``.

        Raises:
            OutputError: nothing can be written there.
        """
        self._folder = folder
        with explained(folder):
            folder.mkdir(parents=True, exist_ok=True)
            while not self._taken(uuid.uuid4().hex):
                continue

    def lives(self, name: str) -> bool:
        """Return whether the window ``name`` is open; the file of one that is not is removed."""
        path = self._path(name)
        if name == self.name:
            return True
        if not path.exists():
            return False
        try:
            with FileLock(path, timeout=0), suppress(PermissionError):
                path.unlink(missing_ok=True)
        except Timeout:
            return True
        if os.name == "nt":
            # There, a file that is open is not removed, be it by us or by a window that has just begun.
            with suppress(PermissionError):
                path.unlink(missing_ok=True)
        return False

    def alone(self) -> bool:
        """Return whether no other window is open."""
        names = [path.stem for path in self._folder.glob("*.lock") if path.stem != self.name]
        # Each is looked at, since that removes what dead windows left.
        others = [name for name in names if self.lives(name)]
        return not others

    def release(self) -> None:
        """Say that this window is gone."""
        self._lock.release()
        self._path(self.name).unlink(missing_ok=True)

    def _taken(self, name: str) -> bool:
        """Lock a new file; another window may take it for that of a dead one before it is locked, and remove it."""
        self.name = name
        self._lock = FileLock(self._path(name), thread_local=False)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        if self._path(name).exists():
            return True
        self._lock.release()
        return False

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.lock"
