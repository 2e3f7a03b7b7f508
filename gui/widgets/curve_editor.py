"""The affinity curve, one point a frame, drawn with mouse or keys."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from pia_edge.gui.model.motion_curve import MotionCurve
from pia_edge.gui.widgets.curve_plot import CurvePlot

_STEP = 0.01
_LARGE_STEP = 0.1


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

    @property
    def plot(self) -> CurvePlot:
        """How the curve lies in the widget."""
        return CurvePlot.inside(QRectF(self.rect()), self.fontMetrics(), self._curve.values)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of a diagram."""
        return QSize(320, 150)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the least in which a point can be caught."""
        return QSize(180, 130)

    def event(self, event: QEvent) -> bool:
        """Take undo and redo before a menu of the window does."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo, redo = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo
            if event.matches(undo) or event.matches(redo):
                event.accept()
                return True
        return super().event(event)

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
            self._last = self.plot.value_at(event.position())
            self._curve.paint(self._last, self._last)
            self.select(self._last[0])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Draw on."""
        if self._last is not None and self._curve.values:
            now = self.plot.value_at(event.position())
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

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the plot, and a frame around it while the keys act on it."""
        painter = QPainter(self)
        condition_frame = self._curve.condition_frame
        self.plot.paint(painter, self.palette(), condition_frame=condition_frame, selected=self._frame)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
