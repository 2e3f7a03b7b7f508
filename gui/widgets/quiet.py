"""Explanations beside controls: there to be read, not to be noticed."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel


def quiet(text: str) -> QLabel:
    """Return ``text`` as a label of the palette's quiet colour, as wide as there is room."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label
