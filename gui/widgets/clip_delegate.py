"""One clip of the gallery as it is painted: a small image, its prompt, and when it was made."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QIcon, QImage, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from pia_edge.gui.model.gallery_rows import CLIP_ROLE, MISSING_ROLE, TIME_ROLE
from pia_edge.gui.model.thumbnails import Thumbnails
from pia_edge.gui.widgets.icons import icon
from pia_edge.gui.widgets.theme import Space

SIDE = 160
_ICON = 32


class ClipDelegate(QStyledItemDelegate):
    """Paints stills as they become known; the one clip that moves has its frame set from outside."""

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self.moving: tuple[Path, QImage] | None = None
        """The clip that moves, and the frame that it shows."""

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the size of every clip."""
        text = 2 * QFontMetrics(option.font).lineSpacing()
        return QSize(SIDE + 2 * Space.NORMAL, SIDE + text + 2 * Space.NORMAL + Space.TIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one clip."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_ground(painter, option)
        inside = option.rect.adjusted(Space.NORMAL, Space.NORMAL, -Space.NORMAL, -Space.NORMAL)
        square = QRect(inside.left(), inside.top(), inside.width(), SIDE)
        if index.data(MISSING_ROLE):
            mode = QIcon.Mode.Selected if option.state & QStyle.StateFlag.State_Selected else QIcon.Mode.Normal
            icon("warning").paint(painter, _middle(square, QSize(_ICON, _ICON)), mode=mode)
        else:
            image = self._image(index.data(CLIP_ROLE).path)
            if image is not None and not image.isNull():
                painter.drawImage(_middle(square, image.size().scaled(square.size(), _KEEP)), image)
        self._paint_text(painter, option, inside.adjusted(0, SIDE + Space.TIGHT, 0, 0), index)
        painter.restore()

    def _image(self, path: Path) -> QImage | None:
        if self.moving is not None and self.moving[0] == path:
            return self.moving[1]
        return self._thumbnails.still(path)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        ground = option.rect.adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setBrush(option.palette.color(QPalette.ColorRole.Highlight))
            painter.drawRoundedRect(ground, Space.TIGHT, Space.TIGHT)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(option.palette.color(QPalette.ColorRole.AlternateBase))
            painter.drawRoundedRect(ground, Space.TIGHT, Space.TIGHT)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(option.palette.color(QPalette.ColorRole.Text))
            painter.drawRoundedRect(ground, Space.TIGHT, Space.TIGHT)

    def _paint_text(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        place: QRect,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        below = QCoreApplication.translate("ClipDelegate", "The file is gone")
        if not index.data(MISSING_ROLE):
            below = index.data(TIME_ROLE)
        metrics = QFontMetrics(option.font)
        roles = (QPalette.ColorRole.Text, QPalette.ColorRole.PlaceholderText)
        for line, (text, role) in enumerate(zip((index.data(), below), roles, strict=True)):
            painter.setPen(option.palette.color(QPalette.ColorRole.HighlightedText if selected else role))
            row = place.adjusted(0, line * metrics.lineSpacing(), 0, 0)
            elided = metrics.elidedText(text.replace("\n", " "), Qt.TextElideMode.ElideRight, row.width())
            painter.drawText(row, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter, elided)


_KEEP = Qt.AspectRatioMode.KeepAspectRatio


def _middle(room: QRect, size: QSize) -> QRect:
    place = QRect(0, 0, size.width(), size.height())
    place.moveCenter(room.center())
    return place
