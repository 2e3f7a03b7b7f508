"""Widgets one below the other that can be scrolled where the window is too low for them."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from pia_edge.gui.widgets.theme import Space

_LEAST_HEIGHT = 160


class ScrolledColumn(QScrollArea):
    """A column that is never narrower than what is in it, whatever that becomes."""

    def __init__(self, *widgets: QWidget, growing: QWidget | None = None, parent: QWidget | None = None) -> None:
        """Put ``widgets`` below each other; ``growing`` takes the height that is left, else what is below them does."""
        super().__init__(parent)
        self._content = QWidget()
        layout = QVBoxLayout(self._content)
        layout.setContentsMargins(Space.NORMAL, Space.NORMAL, Space.NORMAL, Space.NORMAL)
        layout.setSpacing(Space.NORMAL)
        for widget in widgets:
            layout.addWidget(widget, int(widget is growing))
        if growing is None:
            layout.addStretch(1)
        self.setWidget(self._content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Controls are reached by Tab; the column itself has nothing to do with keys.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the width of the widest widget and of the bar beside it."""
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(self._content.minimumSizeHint().width() + bar, _LEAST_HEIGHT)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Tell the layout around when what is in here needs another width."""
        if watched is self._content and event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
