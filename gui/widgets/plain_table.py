"""A table to read: no cell is edited, and Tab leaves it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

_MOST_ROWS = 8
"""Rows that are seen without scrolling in the table itself."""


class PlainTable(QTableWidget):
    """Rows of texts under a header, as high as they need up to a limit; the last column takes the room that is left."""

    def __init__(self, name: str, headers: Sequence[str], *, wide: int, parent: QWidget | None = None) -> None:
        """Make an empty one.

        Args:
            name: what a screen reader calls it.
            headers: of the columns.
            wide: the column that takes the room that is left.
            parent: of the widget.
        """
        super().__init__(0, len(headers), parent)
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(list(headers))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSizeAdjustPolicy(QAbstractScrollArea.SizeAdjustPolicy.AdjustToContents)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show ``rows`` in place of what was shown."""
        self.setRowCount(len(rows))
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.setItem(row, column, item)
        self.resizeRowsToContents()
        seen = sum(self.rowHeight(row) for row in range(min(len(rows), _MOST_ROWS)))
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + seen + 2 * self.frameWidth())
