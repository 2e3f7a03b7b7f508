"""The system's trash, and the way back out of it."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QFile

from pia_edge.errors import OutputError


@dataclass(frozen=True)
class Trashed:
    """A file in the trash."""

    original: Path
    now: Path | None
    """None where the system does not tell."""

    def restore(self) -> None:
        """Bring it back to where it was.

        Raises:
            OutputError: it is not in the trash any more, or another file stands in its place.
        """
        if self.now is None or not self.now.exists() or self.original.exists():
            raise OutputError(f"{self.original.name} could not be brought back. Look for it in the trash.")
        try:
            self.now.rename(self.original)
        except OSError as error:
            raise OutputError(
                f"{self.original.name} could not be brought back: {error.strerror}. Look for it in the trash."
            ) from error
        # What the free desktops' trash notes of each file (freedesktop.org, Trash 1.0).
        with suppress(OSError):
            (self.now.parent.parent / "info" / f"{self.now.name}.trashinfo").unlink()


def move_to_trash(path: Path) -> Trashed:
    """Move a file or folder to the trash.

    Raises:
        OutputError: there is no trash for this disk, or it refuses.
    """
    file = QFile(str(path))
    if not file.moveToTrash():
        raise OutputError(f"{path.name} could not be moved to the trash: this disk has none, or it may not be written.")
    # Where the system tells, the name is that in the trash from here on.
    now = Path(file.fileName()) if file.fileName() else None
    return Trashed(path, None if now == path else now)
