"""How the window looks: Fusion, a light and a dark palette of our own, and the distances between things."""

import enum

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QToolTip

from pia_edge.gui.model.preferences import Choices, Preferences, Scheme
from pia_edge.gui.widgets.house_style import HouseStyle

_Role = QPalette.ColorRole
_Group = QPalette.ColorGroup


class Space(enum.IntEnum):
    """Distances in pixels at 1x, for margins and spacings of layouts."""

    TIGHT = 4
    """Between a label and what it names."""
    NORMAL = 8
    """Between controls of one group."""
    WIDE = 16
    """Between groups, and around a panel."""
    PAGE = 24
    """Around a page or dialog."""


# Every text has a contrast of 4.5:1 at least on what lies below it, disabled and placeholder text too.
_LIGHT = {
    _Role.Window: "#f4f5f7",
    _Role.WindowText: "#1b2026",
    _Role.Base: "#ffffff",
    _Role.AlternateBase: "#eceff2",
    _Role.Text: "#1b2026",
    _Role.PlaceholderText: "#5f6872",
    _Role.Button: "#e9ecf0",
    _Role.ButtonText: "#1b2026",
    _Role.BrightText: "#a8201a",
    _Role.ToolTipBase: "#272c33",
    _Role.ToolTipText: "#f4f5f7",
    _Role.Highlight: "#0f68a9",
    _Role.HighlightedText: "#ffffff",
    _Role.Accent: "#0f68a9",
    _Role.Link: "#0b5a96",
    _Role.LinkVisited: "#6a3d9a",
    _Role.Light: "#ffffff",
    _Role.Midlight: "#f0f2f5",
    _Role.Mid: "#b9c0c8",
    _Role.Dark: "#98a0a9",
    _Role.Shadow: "#6b737c",
}
_LIGHT_DISABLED = {
    _Role.WindowText: "#626a73",
    _Role.Text: "#626a73",
    _Role.ButtonText: "#626a73",
    _Role.BrightText: "#626a73",
    _Role.Link: "#626a73",
    _Role.LinkVisited: "#626a73",
    _Role.PlaceholderText: "#626a73",
    _Role.Base: "#f4f5f7",
    _Role.Highlight: "#d3d8de",
    _Role.HighlightedText: "#4c545d",
    _Role.Accent: "#b9c0c8",
}
_DARK = {
    _Role.Window: "#282d33",
    _Role.WindowText: "#e3e6ea",
    _Role.Base: "#1a1d21",
    _Role.AlternateBase: "#22262b",
    _Role.Text: "#e3e6ea",
    _Role.PlaceholderText: "#97a0ab",
    _Role.Button: "#39414a",
    _Role.ButtonText: "#e3e6ea",
    _Role.BrightText: "#ffb0a6",
    _Role.ToolTipBase: "#414a54",
    _Role.ToolTipText: "#f0f2f4",
    _Role.Highlight: "#2f79b9",
    _Role.HighlightedText: "#ffffff",
    _Role.Accent: "#2f79b9",
    _Role.Link: "#7cbaf2",
    _Role.LinkVisited: "#c3a6ee",
    _Role.Light: "#545d68",
    _Role.Midlight: "#444d57",
    _Role.Mid: "#535c66",
    _Role.Dark: "#131619",
    _Role.Shadow: "#0b0d0f",
}
_DARK_DISABLED = {
    _Role.WindowText: "#9aa3ad",
    _Role.Text: "#9aa3ad",
    _Role.ButtonText: "#9aa3ad",
    _Role.BrightText: "#9aa3ad",
    _Role.Link: "#9aa3ad",
    _Role.LinkVisited: "#9aa3ad",
    _Role.PlaceholderText: "#8f98a2",
    _Role.Base: "#282d33",
    _Role.Button: "#2f353c",
    _Role.Highlight: "#3f4852",
    _Role.HighlightedText: "#bcc3cb",
    _Role.Accent: "#4a525b",
}


def palette_of(*, dark: bool) -> QPalette:
    """Return the light or the dark palette, every role of every group set."""
    palette = QPalette()
    enabled, disabled = (_DARK, _DARK_DISABLED) if dark else (_LIGHT, _LIGHT_DISABLED)
    for role, colour in enabled.items():
        palette.setColor(_Group.Active, role, QColor(colour))
        palette.setColor(_Group.Inactive, role, QColor(colour))
        palette.setColor(_Group.Disabled, role, QColor(disabled.get(role, colour)))
    return palette


class Theme(QObject):
    """Dresses the application, and again when the user or the system chooses the other scheme."""

    def __init__(self, application: QApplication, preferences: Preferences) -> None:
        super().__init__(application)
        self._application = application
        self._preferences = preferences
        application.setStyle(HouseStyle())
        application.setEffectEnabled(Qt.UIEffect.UI_AnimateCombo, False)
        self._hints = application.styleHints()
        self._hints.colorSchemeChanged.connect(self._dress)
        preferences.changed.connect(self._follow)
        self._choose(preferences.choices.scheme)

    @property
    def dark(self) -> bool:
        """Whether the palette is the dark one."""
        scheme = self._preferences.choices.scheme
        if scheme is Scheme.SYSTEM:
            return self._hints.colorScheme() == Qt.ColorScheme.Dark
        return scheme is Scheme.DARK

    def _follow(self, before: Choices, choices: Choices) -> None:
        if before.scheme is not choices.scheme:
            self._choose(choices.scheme)

    def _choose(self, scheme: Scheme) -> None:
        # Where a platform theme listens, the title bar and the system's own dialogs follow.
        if scheme is Scheme.SYSTEM:
            self._hints.unsetColorScheme()
        else:
            self._hints.setColorScheme(Qt.ColorScheme.Dark if scheme is Scheme.DARK else Qt.ColorScheme.Light)
        self._dress()

    def _dress(self) -> None:
        palette = palette_of(dark=self.dark)
        self._application.setPalette(palette)
        QToolTip.setPalette(palette)
        for widget in self._application.allWidgets():
            # A label reads the colour of its links when it is given its text, and not again.
            if isinstance(widget, QLabel) and "<a " in widget.text():
                text = widget.text()
                widget.clear()
                widget.setText(text)
