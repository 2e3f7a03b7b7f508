"""The slider that draws the curtain between a clip and the picture that it was made from."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from pia_edge.gui.widgets.quiet import quiet

_STEPS = 100


class CurtainRow(QWidget):
    """Picture on the one side, clip on the other."""

    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setValue(_STEPS // 2)
        self.slider.setAccessibleName(self.tr("How much of the picture is seen"))
        self.slider.valueChanged.connect(self.moved)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for part in (quiet(self.tr("Picture")), self.slider, quiet(self.tr("Clip"))):
            row.addWidget(part)

    @property
    def part(self) -> float:
        """How much of the picture is seen, from 0 to 1."""
        return self.slider.value() / _STEPS

    def put(self, part: float) -> None:
        """Show so much of the picture."""
        self.slider.setValue(round(part * _STEPS))
