"""The clips of the gallery as Qt's views want them: one row each, the newest first."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QDateTime,
    QLocale,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QUrl,
)

from pia_edge.gui.model.gallery_store import GalleryClip

_Index = QModelIndex | QPersistentModelIndex
CLIP_ROLE = Qt.ItemDataRole.UserRole
MISSING_ROLE = Qt.ItemDataRole.UserRole + 1
TIME_ROLE = Qt.ItemDataRole.UserRole + 2


class GalleryRows(QAbstractListModel):
    """Rows whose text is the prompt."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clips: list[GalleryClip] = []
        self._missing: frozenset[Path] = frozenset()

    def show(self, clips: list[GalleryClip], missing: frozenset[Path]) -> None:
        """Show ``clips``, of which the files of ``missing`` have vanished."""
        if clips == self._clips and missing == self._missing:
            return
        self.beginResetModel()
        self._clips, self._missing = clips, missing
        self.endResetModel()

    def row_of(self, path: Path) -> int | None:
        """Return the row of a clip, or None where it is not shown."""
        return next((row for row, clip in enumerate(self._clips) if clip.path == path), None)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's name and default
        """Return how many clips are shown."""
        return 0 if parent.isValid() else len(self._clips)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what is shown of a clip."""
        if not index.isValid() or index.row() >= len(self._clips):
            return None
        clip = self._clips[index.row()]
        missing = clip.path in self._missing
        if role == CLIP_ROLE:
            return clip
        if role == MISSING_ROLE:
            return missing
        if role == TIME_ROLE:
            return spoken_time(clip.made_at)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return clip.prompt
        if role == Qt.ItemDataRole.AccessibleTextRole:
            gone = [QCoreApplication.translate("GalleryRows", "the file is gone")] if missing else []
            return ", ".join([clip.prompt, spoken_time(clip.made_at), *gone])
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return what can be done with a clip: it can be dragged out."""
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802 - Qt's name
        """Return clips as files, for other programs."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(index.data(CLIP_ROLE).path)) for index in indexes])
        return data


def spoken_time(seconds: float) -> str:
    """Return a point in time as the user's language writes it."""
    when = QDateTime.fromSecsSinceEpoch(int(seconds))
    return QLocale().toString(when, QLocale.FormatType.ShortFormat)
