"""Whether a window lives: each holds a lock that the system lets go of however the window ends."""

import uuid
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
        self.name = uuid.uuid4().hex
        self._folder = folder
        with explained(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(self._path(self.name), thread_local=False)
            self._lock.acquire(timeout=0)

    def lives(self, name: str) -> bool:
        """Return whether the window ``name`` is open."""
        path = self._path(name)
        if name == self.name:
            return True
        if not path.exists():
            return False
        try:
            with FileLock(path, timeout=0):
                path.unlink(missing_ok=True)
        except Timeout:
            return True
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

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.lock"
