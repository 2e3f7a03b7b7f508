"""Words that can be clicked, as links in a line of text."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QWidget

from pia_edge.gui.widgets.fit_width import fit_width


class WordLinks(QLabel):
    """Emits ``linkActivated`` with the words. One stop for Tab; Left and Right go from link to link."""

    def __init__(self, name: str, words: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        links = (
            f'<a href="{escape(word)}" style="text-decoration: none">{escape(word).replace(" ", "&nbsp;")}</a>'
            for word in words
        )
        self.setText(" · ".join(links))
        fit_width(self)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 - Qt's name
        """Leave the line: QLabel would stop at every link."""
        return QWidget.focusNextPrevChild(self, forward)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show at once which link Return would follow."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            super().focusNextPrevChild(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go from link to link."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            super().focusNextPrevChild(event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)
