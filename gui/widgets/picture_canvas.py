"""Where a picture is shown as it will be animated, or invited if there is none."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

_RADIUS = 6.0
_MARGIN = 8.0
_FADED = 0.35


class PictureCanvas(QWidget):
    """Paints one image as large as there is room, and a frame that says whether something may be dropped."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._scaled = QImage()
        self._inner = QRectF()
        self._faded = False
        self._highlighted = False
        self.setMinimumSize(160, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def image(self) -> QImage:
        """What is shown; null if nothing is."""
        return self._image

    @property
    def highlighted(self) -> bool:
        """Whether something is held over it that may be dropped."""
        return self._highlighted

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of a picture that is looked at, not worked on."""
        return QSize(360, 260)

    def show_image(self, image: QImage, inner: tuple[float, float, float, float], *, faded: bool) -> None:
        """Show ``image``; null for none.

        Args:
            image: as it will be animated.
            inner: (left, top, right, bottom) of the picture in it, as parts of 1; the rest is padding.
            faded: whether it is not what will be animated.
        """
        left, top, right, bottom = inner
        self._image, self._faded, self._scaled = image, faded, QImage()
        self._inner = QRectF(left, top, right - left, bottom - top)
        self.update()

    def highlight(self, *, on: bool) -> None:
        """Show whether something that is held over it may be dropped."""
        self._highlighted = on
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the ground, the picture and the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().brush(QPalette.ColorRole.Base))
        painter.drawRoundedRect(ground, _RADIUS, _RADIUS)
        if not self._image.isNull():
            self._paint_image(painter, self._target(ground))
        self._paint_frame(painter, ground)

    def _target(self, ground: QRectF) -> QRectF:
        room = ground.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        size = self._image.size().toSizeF().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRectF(0, 0, size.width(), size.height())
        target.moveCenter(room.center())
        return target

    def _paint_image(self, painter: QPainter, target: QRectF) -> None:
        pixels = (target.size() * self.devicePixelRatioF()).toSize().expandedTo(QSize(1, 1))
        if self._scaled.size() != pixels:
            # A painter that scales down by more than a half leaves out pixels; this averages them.
            self._scaled = self._image.scaled(
                pixels, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        painter.setOpacity(_FADED if self._faded else 1.0)
        painter.drawImage(target, self._scaled)
        painter.setOpacity(1.0)
        if self._inner != QRectF(0, 0, 1, 1):
            inner = QRectF(
                target.x() + self._inner.x() * target.width(),
                target.y() + self._inner.y() * target.height(),
                self._inner.width() * target.width(),
                self._inner.height() * target.height(),
            )
            # Two colours, so that the line is seen on any picture.
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(Qt.GlobalColor.black), 1))
            painter.drawRect(inner)
            painter.setPen(QPen(QColor(Qt.GlobalColor.white), 1, Qt.PenStyle.DashLine))
            painter.drawRect(inner)

    def _paint_frame(self, painter: QPainter, ground: QRectF) -> None:
        palette = self.palette()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._highlighted:
            tint = QColor(palette.color(QPalette.ColorRole.Highlight))
            painter.setPen(QPen(tint, 2.5))
            tint.setAlphaF(0.15)
            painter.setBrush(tint)
        else:
            line = Qt.PenStyle.DashLine if self._image.isNull() else Qt.PenStyle.SolidLine
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1, line))
        painter.drawRoundedRect(ground, _RADIUS, _RADIUS)
