"""A heading that unfolds what is beneath it."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QSizePolicy,
    QStyle,
    QStyleOption,
    QStyleOptionFocusRect,
    QVBoxLayout,
    QWidget,
)

_GAP = 4


class Fold(QWidget):
    """Folded until it is clicked; ``content`` is beneath the heading."""

    def __init__(self, title: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self.heading = _Heading(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.heading)
        column.addWidget(content)
        self.heading.toggled.connect(content.setVisible)
        content.setVisible(False)

    @property
    def unfolded(self) -> bool:
        """Whether the content is shown."""
        return self.heading.isChecked()

    def unfold(self, *, on: bool = True) -> None:
        """Show the content, or hide it."""
        self.heading.setChecked(on)


class _Heading(QAbstractButton):
    """An arrow and a title, without the frame of a button: what is beneath belongs to it."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setText(title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of the arrow and the title."""
        size = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text())
        return QSize(self._arrow().width() + size.width() + 3 * _GAP, size.height() + 2 * _GAP)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the arrow, the title, and the frame of the focus."""
        painter = QPainter(self)
        arrow = QStyleOption()
        arrow.initFrom(self)
        arrow.rect = self._arrow()
        kinds = QStyle.PrimitiveElement
        kind = kinds.PE_IndicatorArrowDown if self.isChecked() else kinds.PE_IndicatorArrowRight
        self.style().drawPrimitive(kind, arrow, painter, self)
        title = self.rect().adjusted(self._arrow().right() + _GAP, 0, 0, 0)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic
        self.style().drawItemText(painter, title, int(flags), self.palette(), self.isEnabled(), self.text())
        if self.hasFocus():
            focus = QStyleOptionFocusRect()
            focus.initFrom(self)
            self.style().drawPrimitive(kinds.PE_FrameFocusRect, focus, painter, self)

    def _arrow(self) -> QRect:
        side = self.fontMetrics().height()
        return QRect(QPoint(_GAP, (self.height() - side) // 2), QSize(side, side))
