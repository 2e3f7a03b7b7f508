"""A line of text that is there to be read, not to be noticed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget

from pia_edge.gui.widgets.fit_width import fit_width


class QuietLine(QLabel):
    """Wraps, is of the palette's quiet colour, and can be copied; takes no room while it is empty."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        fit_width(self)
        self.hide()

    def say(self, text: str) -> None:
        """Show ``text``; nothing hides the line."""
        self.setText(text)
        self.setVisible(bool(text))
