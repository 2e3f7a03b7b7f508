"""Where a window's queue lies, and the connections to it."""

import tempfile
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from pia_edge.errors import OutputError
from pia_edge.gui.model.database import open_database
from pia_edge.gui.model.pace import Paces
from pia_edge.gui.model.places import Places
from pia_edge.gui.model.queue_store import QueueStore
from pia_edge.gui.model.window_lock import WindowLock

translate = QCoreApplication.translate


class QueueHome:
    """The database of the queue, and this window's lock beside it.

    Where they cannot be written, a folder that is forgotten takes their place: the window opens all the same, since
    the user has to see what is wrong in order to mend it.
    """

    def __init__(self, places: Places) -> None:
        self.note: str | None = None
        """What the user should know of it."""
        try:
            self._take(places)
        except OutputError as error:
            self._take(Places(Path(tempfile.mkdtemp(prefix="pia-edge-"))))
            told = translate("JobQueue", "The queue will not outlive this window.")
            self.note = f"{error} {told}"

    def books(self) -> tuple[QueueStore, Paces]:
        """Return queue and paces on a connection of their own, for the thread that asks.

        Raises:
            OutputError: the database cannot be opened any more.
        """
        connection, _ = open_database(self._database)
        return QueueStore(connection, self._lock), Paces(connection)

    def alone(self) -> bool:
        """Return whether no other window is open."""
        return self._lock.alone()

    def close(self) -> None:
        """Close the window's own connection, and let others have what it left."""
        self._connection.close()
        self._lock.release()

    def _take(self, places: Places) -> None:
        self._lock = WindowLock(places.windows)
        self._database = places.database
        self._connection, self.note = open_database(places.database)
        self.store, self.paces = QueueStore(self._connection, self._lock), Paces(self._connection)
