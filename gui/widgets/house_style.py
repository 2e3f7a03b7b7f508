"""Fusion, with what is chosen and what can be ticked plain to see in both palettes."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QProxyStyle, QStyle, QStyleOption, QWidget

_Role = QPalette.ColorRole
_TICKED = (QStyle.PrimitiveElement.PE_IndicatorCheckBox, QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck)


class HouseStyle(QProxyStyle):
    """Fusion outlines by a darker tone, which cannot be seen on a dark window, and shades what is pressed by a hair."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def drawPrimitive(  # noqa: N802 - Qt's name
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw a chosen button in the colour of what is selected, and boxes for ticks with an outline."""
        if element is QStyle.PrimitiveElement.PE_PanelButtonCommand and _chosen(option):
            _recolour(option, _Role.Button, _Role.Highlight)
        super().drawPrimitive(element, option, painter, widget)
        if element in _TICKED:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(option.palette.color(_Role.PlaceholderText), 1))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
            painter.restore()

    def drawControl(  # noqa: N802 - Qt's name
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Write on a chosen button in the colour that goes with it."""
        if element is QStyle.ControlElement.CE_PushButtonLabel and _chosen(option):
            _recolour(option, _Role.ButtonText, _Role.HighlightedText)
        super().drawControl(element, option, painter, widget)


def _chosen(option: QStyleOption) -> bool:
    state = option.state
    return bool(state & QStyle.StateFlag.State_On) and bool(state & QStyle.StateFlag.State_Enabled)


def _recolour(option: QStyleOption, role: QPalette.ColorRole, taken: QPalette.ColorRole) -> None:
    palette = QPalette(option.palette)
    palette.setColor(role, palette.color(taken))
    option.palette = palette
