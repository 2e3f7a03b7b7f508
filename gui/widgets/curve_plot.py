"""How an affinity curve lies in a widget, and how it is painted there."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette, QPen, QPolygonF

_ROOM_FOR_POINTS = 7.0
"""Pixels from frame to frame, below which the line alone is painted."""
_LINES = ((1.0, "1"), (0.75, ""), (0.5, "0.5"), (0.25, ""), (0.0, "0"))


@dataclass(frozen=True)
class CurvePlot:
    """A diagram of one affinity a frame: frames from left to right, the picture at the top."""

    values: tuple[float, ...]
    area: QRectF
    """Inside the axes."""

    @classmethod
    def inside(cls, rect: QRectF, metrics: QFontMetrics, values: tuple[float, ...]) -> "CurvePlot":
        """Return the plot that has room for its labels in ``rect``."""
        left = metrics.horizontalAdvance("0.5") + 8
        return cls(values, rect.adjusted(left, 9, -9, -metrics.height() - 6))

    def height_of(self, value: float) -> float:
        """Return at which height an affinity is painted."""
        return self.area.bottom() - self.area.height() * value

    def position_of(self, frame: int) -> QPointF:
        """Return where the point of a frame is painted."""
        last = max(len(self.values) - 1, 1)
        return QPointF(self.area.left() + self.area.width() * frame / last, self.height_of(self.values[frame]))

    def value_at(self, position: QPointF) -> tuple[int, float]:
        """Return the nearest frame and the affinity at a place, which may lie outside the plot."""
        part = (position.x() - self.area.left()) / max(self.area.width(), 1.0)
        value = (self.area.bottom() - position.y()) / max(self.area.height(), 1.0)
        return round(min(max(part, 0.0), 1.0) * (len(self.values) - 1)), min(max(value, 0.0), 1.0)

    def paint(self, painter: QPainter, palette: QPalette, *, condition_frame: int, selected: int) -> None:
        """Paint the grid, a line at the frame that is the picture, the curve and its points."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_grid(painter, palette)
        self._label_frames(painter)
        if not self.values:
            return
        where = self.position_of(condition_frame).x()
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(where, self.area.top()), QPointF(where, self.area.bottom()))
        points = [self.position_of(frame) for frame in range(len(self.values))]
        self._paint_curve(painter, palette, points)
        painter.setBrush(palette.brush(QPalette.ColorRole.Base))
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2.5))
        painter.drawEllipse(points[selected], 5.5, 5.5)

    def _paint_grid(self, painter: QPainter, palette: QPalette) -> None:
        painter.fillRect(self.area, palette.brush(QPalette.ColorRole.Base))
        quiet = palette.color(QPalette.ColorRole.PlaceholderText)
        label_height = painter.fontMetrics().height()
        for value, text in _LINES:
            height = self.height_of(value)
            style = Qt.PenStyle.SolidLine if text else Qt.PenStyle.DotLine
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1, style))
            painter.drawLine(QPointF(self.area.left(), height), QPointF(self.area.right(), height))
            painter.setPen(quiet)
            place = QRectF(0, height - label_height / 2, self.area.left() - 6, label_height)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _label_frames(self, painter: QPainter) -> None:
        metrics = painter.fontMetrics()
        first = QCoreApplication.translate("CurvePlot", "frame {0}").format(1)
        hint = QCoreApplication.translate("CurvePlot", "1 is the picture, lower moves more")
        below = QRectF(self.area.left(), self.area.bottom() + 3, self.area.width(), metrics.height())
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, first)
        if len(self.values) > 1:
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, str(len(self.values)))
        if metrics.horizontalAdvance(hint) < below.width() - 2 * metrics.horizontalAdvance(first) - 16:
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, hint)

    def _paint_curve(self, painter: QPainter, palette: QPalette, points: list[QPointF]) -> None:
        accent = palette.color(QPalette.ColorRole.Highlight)
        tint = QColor(accent)
        tint.setAlphaF(0.18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        # What lies between the picture and the curve is what will move.
        top = self.area.top()
        painter.drawPolygon(QPolygonF([QPointF(points[0].x(), top), *points, QPointF(points[-1].x(), top)]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(accent, 2))
        painter.drawPolyline(QPolygonF(points))
        if self.area.width() / len(points) >= _ROOM_FOR_POINTS:
            painter.setBrush(accent)
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Base), 1.5))
            for point in points:
                painter.drawEllipse(point, 4, 4)
