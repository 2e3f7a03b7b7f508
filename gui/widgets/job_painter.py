"""Draws a job of the queue: a sign for its state, its prompt, and below what it is made from and where it stands."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from pia_edge.gui.model.jobs import JobQueue
from pia_edge.gui.model.queue_list import ROW
from pia_edge.gui.model.queued_job import JobState, QueuedJob
from pia_edge.gui.widgets.job_words import origin_words, state_words, whole_words

_Index = QModelIndex | QPersistentModelIndex
_TURN = 16 * 360
"""Qt counts sixteenths of a degree."""


class JobPainter(QStyledItemDelegate):
    """Draws the rows of a ``QueueList``."""

    def __init__(self, jobs: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:  # noqa: N802 - Qt's name
        """Leave the text to :meth:`paint`."""
        super().initStyleOption(option, index)
        option.text = ""

    def sizeHint(self, option: QStyleOptionViewItem, _index: _Index) -> QSize:  # noqa: N802 - Qt's name
        """Return room for two lines."""
        line = option.fontMetrics.height()
        return QSize(line * 12, round(line * 2.9))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one job."""
        row = index.data(ROW)
        if not isinstance(row, QueuedJob):
            return
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        style = QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, shown, painter, shown.widget)
        chosen = bool(shown.state & QStyle.StateFlag.State_Selected)
        palette: QPalette = shown.palette
        text = palette.color(QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text)
        quiet = text if chosen else palette.color(QPalette.ColorRole.PlaceholderText)
        painter.save()
        self._draw(painter, shown, row, text, quiet)
        painter.restore()

    def _draw(
        self, painter: QPainter, option: QStyleOptionViewItem, row: QueuedJob, text: QColor, quiet: QColor
    ) -> None:
        area: QRect = option.rect
        font: QFont = option.font
        line = QFontMetrics(font).height()
        margin = line // 2
        sign = QRectF(area.left() + margin, area.top() + (area.height() - line) / 2, line, line)
        right = area.adjusted(round(margin * 2 + line), 0, -margin, 0)
        middle = area.top() + area.height() // 2
        upper = QRect(right.left(), middle - line - 1, right.width(), line)
        lower = QRect(right.left(), middle + 1, right.width(), line)
        past = row.state in (JobState.DONE, JobState.STOPPED)
        self._sign(painter, sign, row, quiet if past else text)
        painter.setFont(font)
        painter.setPen(quiet if past else text)
        _line(painter, upper, row.draft.prompt)
        painter.setPen(text if row.state is JobState.FAILED else quiet)
        _line(painter, lower, f"{state_words(row, self._jobs)} · {origin_words(row)}")

    def _sign(self, painter: QPainter, area: QRectF, row: QueuedJob, colour: QColor) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = max(1.0, area.width() / 9)
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        inner = area.adjusted(width, width, -width, -width)
        match row.state:
            case JobState.WAITING:
                painter.drawEllipse(inner)
            case JobState.RUNNING:
                self._pie(painter, inner, row, colour)
            case JobState.DONE:
                painter.drawPolyline([_at(inner, 0.1, 0.55), _at(inner, 0.4, 0.85), _at(inner, 0.95, 0.2)])
            case JobState.STOPPED:
                painter.drawRect(inner.adjusted(width, width, -width, -width))
            case JobState.FAILED:
                painter.drawLine(_at(inner, 0.15, 0.15), _at(inner, 0.85, 0.85))
                painter.drawLine(_at(inner, 0.15, 0.85), _at(inner, 0.85, 0.15))

    def _pie(self, painter: QPainter, area: QRectF, row: QueuedJob, colour: QColor) -> None:
        painter.drawEllipse(area)
        here = self._jobs.here
        if here is not None and here.number == row.number and self._jobs.course is not None:
            painter.setBrush(colour)
            painter.drawPie(area, _TURN // 4, -round(self._jobs.course.fraction() * _TURN))

    def displayText(self, value: object, _locale: object) -> str:  # noqa: N802 - Qt's name
        """Return what a row says; used where it is not drawn."""
        return whole_words(value, self._jobs) if isinstance(value, QueuedJob) else str(value)


def _line(painter: QPainter, area: QRect, text: str) -> None:
    shown = painter.fontMetrics().elidedText(" ".join(text.split()), Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


def _at(area: QRectF, right: float, down: float) -> QPointF:
    return QPointF(area.left() + area.width() * right, area.top() + area.height() * down)
