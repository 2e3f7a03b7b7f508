"""The clips of the gallery side by side; the one that is pointed at moves."""

from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QListView, QWidget

from pia_edge.gui.model.gallery_rows import CLIP_ROLE, MISSING_ROLE, GalleryRows
from pia_edge.gui.model.thumbnails import Strip, Thumbnails
from pia_edge.gui.widgets.clip_delegate import ClipDelegate
from pia_edge.gui.widgets.theme import Space


class GalleryGrid(QListView):
    """Shows :class:`GalleryRows`; a clip moves while the mouse or the keyboard is on it."""

    selected = Signal(object)
    """The path of the clip that is chosen, or None."""
    delete_wanted = Signal(object)
    """The path of a clip that the user wants to be rid of."""
    open_wanted = Signal(object)
    """The path of a clip that the user wants to watch."""

    def __init__(self, rows: GalleryRows, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._thumbnails = thumbnails
        self._delegate = ClipDelegate(thumbnails, self)
        self._pointed: Path | None = None
        self._strip: Strip | None = None
        self._frame = 0
        self._message = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._kept: tuple[Path, int] | None = None
        self.setItemDelegate(self._delegate)
        self.setModel(rows)
        self._look_like_a_grid()
        self._connect()

    def show_message(self, text: str) -> None:
        """Show ``text`` where there are no clips."""
        self._message = text
        self.viewport().update()

    def current(self) -> Path | None:
        """Return the path of the clip that is chosen."""
        return _path_of(self.currentIndex())

    def choose(self, path: Path | None) -> None:
        """Choose a clip, or none."""
        row = None if path is None else self._rows.row_of(path)
        self.setCurrentIndex(QModelIndex() if row is None else self._rows.index(row))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Delete by the key for it."""
        path = self.current()
        if event.key() == Qt.Key.Key_Delete and path is not None:
            self.delete_wanted.emit(path)
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stop what moved under the mouse."""
        if event.type() is QEvent.Type.Leave:
            self._point_at(self.currentIndex() if self.hasFocus() else QModelIndex())
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Move what the keyboard is on."""
        super().focusInEvent(event)
        self._point_at(self.currentIndex())

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Stop it."""
        super().focusOutEvent(event)
        self._point_at(QModelIndex())

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Stop where nobody looks."""
        super().hideEvent(event)
        self._point_at(QModelIndex())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the clips, or the message."""
        super().paintEvent(event)
        if self._rows.rowCount() or not self._message:
            return
        painter = QPainter(self.viewport())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        room = self.viewport().rect().adjusted(Space.PAGE, Space.PAGE, -Space.PAGE, -Space.PAGE)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._message)
        painter.end()

    def _look_like_a_grid(self) -> None:
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setDragDropMode(QListView.DragDropMode.DragOnly)
        self.setUniformItemSizes(True)
        self.setSpacing(Space.TIGHT)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Clips"))

    def _connect(self) -> None:
        self.entered.connect(self._point_at)
        self.activated.connect(lambda index: self.open_wanted.emit(_path_of(index)))
        self.selectionModel().currentChanged.connect(self._choose)
        self._rows.modelAboutToBeReset.connect(self._keep)
        self._rows.modelReset.connect(self._choose_again)
        self._thumbnails.ready.connect(self._take)
        self._timer.timeout.connect(self._show_next)

    def _keep(self) -> None:
        path = self.current()
        self._kept = None if path is None else (path, self.currentIndex().row())
        self._point_at(QModelIndex())

    def _choose_again(self) -> None:
        """Choose the same clip, or the one that has taken its place."""
        if self._kept is not None:
            path, row = self._kept
            found = self._rows.row_of(path)
            row = min(row, self._rows.rowCount() - 1) if found is None else found
            self.setCurrentIndex(self._rows.index(row))
            # Not always told by Qt: nothing may be left to choose, or the clip is the same and its file is gone.
            self.selected.emit(self.current())

    def _choose(self, index: QModelIndex, _before: QModelIndex) -> None:
        if self.hasFocus():
            self._point_at(index)
        self.selected.emit(_path_of(index))

    def _point_at(self, index: QModelIndex) -> None:
        path = None if not index.isValid() or index.data(MISSING_ROLE) else _path_of(index)
        if path == self._pointed:
            return
        before, self._pointed, self._strip, self._delegate.moving = self._pointed, path, None, None
        self._timer.stop()
        self._repaint(before)
        if path is not None and (strip := self._thumbnails.strip(path)) is not None:
            self._move(strip)

    def _take(self, path: Path) -> None:
        self._repaint(path)
        if path == self._pointed and self._strip is None and (strip := self._thumbnails.strip(path)) is not None:
            self._move(strip)

    def _move(self, strip: Strip) -> None:
        if len(strip.images) > 1:
            self._strip, self._frame = strip, -1
            self._show_next()

    def _show_next(self) -> None:
        if self._strip is None or self._pointed is None:
            return
        self._frame = (self._frame + 1) % len(self._strip.images)
        self._delegate.moving = self._pointed, self._strip.images[self._frame]
        self._repaint(self._pointed)
        self._timer.start(round(self._strip.milliseconds[self._frame]))

    def _repaint(self, path: Path | None) -> None:
        row = None if path is None else self._rows.row_of(path)
        if row is not None:
            self.viewport().update(self.visualRect(self._rows.index(row)))


def _path_of(index: QModelIndex) -> Path | None:
    clip = index.data(CLIP_ROLE) if index.isValid() else None
    return None if clip is None else clip.path
