"""Where a clip is seen: one image, as large as there is room, with a curtain to compare it with another."""

import math

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from pia_edge.gui.widgets.theme import Space

_HANDLE = 9


class ClipCanvas(QWidget):
    """Shows an image, or a message where there is none."""

    drag_wanted = Signal()
    """The user pulls at the image."""
    curtain_moved = Signal(float)
    """Where the user has put the curtain: 0 is the left edge of the image, 1 the right one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._still: QImage | None = None
        self._curtain: float | None = None
        self._smooth = True
        self._badge = ""
        self._message = ""
        self._pressed: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)

    def show_image(self, image: QImage | None, *, badge: str = "") -> None:
        """Show ``image`` with ``badge`` in its corner, or the message where it is None."""
        self._image, self._badge = image, badge
        self.update()

    def show_message(self, text: str) -> None:
        """Show ``text`` while there is no image."""
        self._message = text
        self.setAccessibleDescription(text)
        self.update()

    def compare(self, still: QImage | None, curtain: float | None) -> None:
        """Show ``still`` to the left of the curtain; no curtain, no comparison."""
        self._still, self._curtain = still, curtain
        self.setCursor(Qt.CursorShape.ArrowCursor if curtain is None else Qt.CursorShape.SplitHCursor)
        self.update()

    def set_smooth(self, smooth: bool) -> None:
        """Blend between pixels, or show each as a square of whole pixels of the screen."""
        self._smooth = smooth
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size at which a clip is seen well."""
        return QSize(512, 512)

    def image_rect(self) -> QRectF:
        """Return where the image lies: in the middle, on whole pixels of the screen."""
        if self._image is None or self._image.isNull():
            return QRectF()
        ratio = self.devicePixelRatioF()
        room_width, room_height = self.width() * ratio, self.height() * ratio
        scale = min(room_width / self._image.width(), room_height / self._image.height())
        if not self._smooth and scale >= 1:
            scale = math.floor(scale)
        width, height = round(self._image.width() * scale), round(self._image.height() * scale)
        left, top = (room_width - width) // 2, (room_height - height) // 2
        return QRectF(left / ratio, top / ratio, width / ratio, height / ratio)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint image, curtain and badge, or the message."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.AlternateBase))
        rect = self.image_rect()
        if self._image is None or rect.isEmpty():
            self._paint_message(painter)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._smooth)
            painter.drawImage(rect, self._image)
            if self._curtain is not None and self._still is not None:
                self._paint_curtain(painter, rect, self._still, self._curtain)
            if self._badge:
                self._paint_badge(painter, rect, self._badge, Qt.AlignmentFlag.AlignRight)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take the curtain, or begin to pull at the image."""
        if event.button() is not Qt.MouseButton.LeftButton or not self.image_rect().contains(event.position()):
            return
        self._pressed = event.position()
        self._pull_curtain(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Move the curtain, or drag the image out."""
        if self._pressed is None:
            return
        if self._curtain is not None:
            self._pull_curtain(event.position())
        elif (event.position() - self._pressed).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            self.drag_wanted.emit()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go."""
        self._pressed = None

    def _pull_curtain(self, position: QPointF) -> None:
        rect = self.image_rect()
        if self._curtain is not None:
            self.curtain_moved.emit(min(1.0, max(0.0, (position.x() - rect.left()) / rect.width())))

    def _paint_message(self, painter: QPainter) -> None:
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        room = self.rect().adjusted(Space.PAGE, Space.PAGE, -Space.PAGE, -Space.PAGE)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._message)

    def _paint_curtain(self, painter: QPainter, rect: QRectF, still: QImage, curtain: float) -> None:
        edge = rect.left() + curtain * rect.width()
        painter.save()
        painter.setClipRect(QRectF(rect.left(), rect.top(), edge - rect.left(), rect.height()))
        painter.drawImage(rect, still)
        painter.restore()
        self._paint_badge(painter, rect, self.tr("picture"), Qt.AlignmentFlag.AlignLeft)
        self._paint_badge(painter, rect, self.tr("clip"), Qt.AlignmentFlag.AlignRight)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Dark around light is seen on every picture.
        for colour, width in ((QPalette.ColorRole.Shadow, 4), (QPalette.ColorRole.HighlightedText, 2)):
            painter.setPen(QPen(self.palette().color(colour), width))
            painter.drawLine(QPointF(edge, rect.top()), QPointF(edge, rect.bottom()))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight))
        painter.drawEllipse(QPointF(edge, rect.center().y()), _HANDLE, _HANDLE)

    def _paint_badge(self, painter: QPainter, rect: QRectF, text: str, side: Qt.AlignmentFlag) -> None:
        box = painter.fontMetrics().boundingRect(text).adjusted(-Space.NORMAL, -Space.TIGHT, Space.NORMAL, Space.TIGHT)
        corner = rect.toAlignedRect().adjusted(Space.NORMAL, Space.NORMAL, -Space.NORMAL, -Space.NORMAL)
        left = corner.left() if side is Qt.AlignmentFlag.AlignLeft else corner.right() - box.width()
        place = QRect(left, corner.top(), box.width(), box.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.ToolTipBase))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawRoundedRect(place, Space.TIGHT, Space.TIGHT)
        painter.setPen(self.palette().color(QPalette.ColorRole.ToolTipText))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
