"""The queue as a Qt model for a list: rows come, go and move one by one, so that a selection stays where it is."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from pia_edge.gui.model.jobs import JobQueue
from pia_edge.gui.model.queued_job import JobState, QueuedJob
from pia_edge.progress import Progress

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
ROW = Qt.ItemDataRole.UserRole
"""The role of the :class:`QueuedJob` itself."""


class QueueList(QAbstractListModel):
    """The rows of a :class:`JobQueue`, which a view may move."""

    def __init__(self, jobs: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._rows = list(jobs.rows)
        jobs.changed.connect(self._follow)
        jobs.progressed.connect(self._progress)

    def row(self, index: int) -> QueuedJob | None:
        """Return the job at ``index``, or None if there is none."""
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def index_of(self, number: int) -> int | None:
        """Return where the job ``number`` stands, or None if it is gone."""
        return next((index for index, row in enumerate(self._rows) if row.number == number), None)

    def rowCount(self, parent: _Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many jobs there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the prompt, or the job itself."""
        row = self.row(index.row())
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.draft.prompt
        return row if role == ROW else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return that jobs are dragged, and dropped between each other."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802 - Qt's name
        """Return that a drop moves."""
        return Qt.DropAction.MoveAction

    def moveRows(  # noqa: N802 - Qt's name
        self, source: _Index, first: int, count: int, target: _Index, before: int
    ) -> bool:
        """Move the one job at ``first`` to stand before what is at ``before``."""
        row = self.row(first)
        if row is None or count != 1 or source.isValid() or target.isValid() or before in (first, first + 1):
            return False
        self._jobs.move(row, before if before < first else before - 1)
        return True

    def _follow(self) -> None:
        rows = self._jobs.rows
        kept = {row.number for row in rows}
        for index in reversed(range(len(self._rows))):
            if self._rows[index].number not in kept:
                self.beginRemoveRows(_ROOT, index, index)
                del self._rows[index]
                self.endRemoveRows()
        for index, row in enumerate(rows):
            self._put(index, row)
        if rows:
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def _put(self, index: int, row: QueuedJob) -> None:
        found = self.index_of(row.number)
        if found is None:
            self.beginInsertRows(_ROOT, index, index)
            self._rows.insert(index, row)
            self.endInsertRows()
        elif found != index:
            self.beginMoveRows(_ROOT, found, found, _ROOT, index)
            self._rows.insert(index, self._rows.pop(found))
            self.endMoveRows()
        self._rows[index] = row

    def _progress(self, row: QueuedJob, _progress: Progress) -> None:
        index = self.index_of(row.number)
        if index is not None and row.state is JobState.RUNNING:
            self.dataChanged.emit(self.index(index), self.index(index))
