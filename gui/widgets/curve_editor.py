"""The affinity curve, one point a frame, drawn with mouse or keys."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from pia_edge.gui.model.motion_curve import MotionCurve

_STEP = 0.01
_LARGE_STEP = 0.1
_ROOM_FOR_POINTS = 7.0
"""Pixels from frame to frame, below which the line alone is drawn."""


class CurveEditor(QAbstractSlider):
    """A slider whose value is the affinity of the selected frame in percent, so that a screen reader says it.

    Left and Right, Home and End select a frame; Up and Down, Page Up and Page Down raise and lower it. A drag paints
    over the frames that it passes.
    """

    selected = Signal(int)
    """The frame that the keys act on."""

    def __init__(self, curve: MotionCurve, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curve = curve
        self._frame = 0
        self._last: tuple[int, float] | None = None
        self.setRange(0, 100)
        self.setSingleStep(1)
        self.setPageStep(10)
        self.setOrientation(Qt.Orientation.Vertical)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(False)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setToolTip(
            self.tr(
                "Similarity to the picture, frame by frame: 1 is the picture, lower moves farther from it.\n"
                "Drag to draw. Keys: ← → select, ↑ ↓ raise and lower, Page Up and Page Down in larger steps."
            )
        )
        self.valueChanged.connect(self._take_value)
        curve.changed.connect(self._follow)
        self._follow()

    @property
    def frame(self) -> int:
        """The selected frame, from 0."""
        return self._frame

    def select(self, frame: int) -> None:
        """Select a frame; one that is none of the clip selects the nearest."""
        frame = min(max(frame, 0), max(len(self._curve.values) - 1, 0))
        if frame != self._frame:
            self._frame = frame
            self._say_frame()
            self.selected.emit(frame)

    def position_of(self, frame: int) -> QPointF:
        """Return where the point of a frame is painted."""
        plot, last = self._plot(), max(len(self._curve.values) - 1, 1)
        value = self._curve.values[frame]
        return QPointF(plot.left() + plot.width() * frame / last, self.value_line(value))

    def value_line(self, value: float) -> float:
        """Return at which height an affinity is painted."""
        return self._plot().bottom() - self._plot().height() * value

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of a diagram."""
        return QSize(320, 150)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the least in which a point can be caught."""
        return QSize(180, 130)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Select, raise, lower, undo and redo."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self._curve.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self._curve.redo()
        elif (step := self._steps().get(Qt.Key(event.key()))) is not None:
            self._raise(step)
        elif (frame := self._frames().get(Qt.Key(event.key()))) is not None:
            self.select(frame)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin to draw."""
        if event.button() == Qt.MouseButton.LeftButton and self._curve.values:
            self._curve.begin_stroke()
            self._last = self._value_at(event.position())
            self._curve.paint(self._last, self._last)
            self.select(self._last[0])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Draw on."""
        if self._last is not None and self._curve.values:
            now = self._value_at(event.position())
            self._curve.paint(self._last, now)
            self._last = now
            self.select(now[0])

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """End the stroke."""
        self._end_stroke()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """End the stroke, whose release another window may get."""
        self._end_stroke()
        super().focusOutEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the wheel to the panel around, which may have to scroll."""
        event.ignore()

    def _end_stroke(self) -> None:
        if self._last is not None:
            self._last = None
            self._curve.end_stroke()

    def _steps(self) -> dict[Qt.Key, float]:
        return {
            Qt.Key.Key_Up: _STEP,
            Qt.Key.Key_Down: -_STEP,
            Qt.Key.Key_PageUp: _LARGE_STEP,
            Qt.Key.Key_PageDown: -_LARGE_STEP,
        }

    def _frames(self) -> dict[Qt.Key, int]:
        return {
            Qt.Key.Key_Left: self._frame - 1,
            Qt.Key.Key_Right: self._frame + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._curve.values) - 1,
        }

    def _raise(self, step: float) -> None:
        if self._curve.values:
            self._curve.set_value(self._frame, self._curve.values[self._frame] + step)

    def _take_value(self, percent: int) -> None:
        """Assistive technology has set the value of the slider."""
        values = self._curve.values
        if values and percent != round(values[self._frame] * 100):
            self._curve.set_value(self._frame, percent / 100)

    def _follow(self) -> None:
        self.setEnabled(bool(self._curve.values))
        self._frame = min(self._frame, max(len(self._curve.values) - 1, 0))
        self._say_frame()

    def _say_frame(self) -> None:
        values = self._curve.values
        if values:
            name = self.tr("Affinity of frame {0} of {1}, in percent").format(self._frame + 1, len(values))
            self.setAccessibleName(name)
            self.setValue(round(values[self._frame] * 100))
        else:
            self.setAccessibleName(self.tr("Affinity"))
        self.update()

    def _value_at(self, position: QPointF) -> tuple[int, float]:
        plot, last = self._plot(), len(self._curve.values) - 1
        part = (position.x() - plot.left()) / plot.width()
        frame = round(min(max(part, 0.0), 1.0) * last)
        return frame, min(max((plot.bottom() - position.y()) / plot.height(), 0.0), 1.0)

    def _plot(self) -> QRectF:
        metrics = self.fontMetrics()
        left = metrics.horizontalAdvance("0.5") + 8
        return QRectF(self.rect()).adjusted(left, 9, -9, -metrics.height() - 6)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the grid, the frame of the picture, the curve and its points."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot = self._plot()
        self._paint_grid(painter, plot)
        if self._curve.values:
            self._paint_condition_frame(painter, plot)
            self._paint_curve(painter, plot)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _paint_grid(self, painter: QPainter, plot: QRectF) -> None:
        palette = self.palette()
        painter.fillRect(plot, palette.brush(QPalette.ColorRole.Base))
        line, quiet = palette.color(QPalette.ColorRole.Mid), palette.color(QPalette.ColorRole.PlaceholderText)
        metrics = self.fontMetrics()
        for value, text in ((1.0, "1"), (0.75, ""), (0.5, "0.5"), (0.25, ""), (0.0, "0")):
            height = plot.bottom() - plot.height() * value
            painter.setPen(QPen(line, 1, Qt.PenStyle.SolidLine if text else Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(plot.left(), height), QPointF(plot.right(), height))
            painter.setPen(quiet)
            place = QRectF(0, height - metrics.height() / 2, plot.left() - 6, metrics.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        count = len(self._curve.values)
        below = QRectF(plot.left(), plot.bottom() + 3, plot.width(), metrics.height())
        first = self.tr("frame {0}").format(1)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, first)
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, str(count) if count > 1 else "")
        hint = self.tr("1 is the picture, lower moves more")
        if metrics.horizontalAdvance(hint) < plot.width() - 2 * metrics.horizontalAdvance(first) - 16:
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, hint)

    def _paint_condition_frame(self, painter: QPainter, plot: QRectF) -> None:
        where = self.position_of(self._curve.condition_frame).x()
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(where, plot.top()), QPointF(where, plot.bottom()))

    def _paint_curve(self, painter: QPainter, plot: QRectF) -> None:
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        points = [self.position_of(frame) for frame in range(len(self._curve.values))]
        tint = QColor(accent)
        tint.setAlphaF(0.18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        # What lies between the picture and the curve is what will move.
        corners = [QPointF(plot.left(), plot.top()), *points, QPointF(points[-1].x(), plot.top())]
        painter.drawPolygon(QPolygonF(corners))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(accent, 2))
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(accent)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Base), 1.5))
        if plot.width() / len(points) >= _ROOM_FOR_POINTS:
            for point in points:
                painter.drawEllipse(point, 4, 4)
        painter.setBrush(self.palette().brush(QPalette.ColorRole.Base))
        painter.setPen(QPen(accent, 2.5))
        painter.drawEllipse(points[self._frame], 5.5, 5.5)
