"""The queue with words for tooltips and for people who listen to it."""

from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt

from pia_edge.gui.model.jobs import JobQueue
from pia_edge.gui.model.queue_list import QueueList
from pia_edge.gui.widgets.job_words import whole_words


class SpokenQueue(QueueList):
    """A :class:`QueueList` whose rows say what they are."""

    def __init__(self, jobs: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(jobs, parent)
        self._spoken = jobs

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the row in words, or what the queue itself says."""
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            row = self.row(index.row())
            return None if row is None else whole_words(row, self._spoken)
        return super().data(index, role)
