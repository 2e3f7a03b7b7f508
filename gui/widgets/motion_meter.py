"""How much will move, as a word and a bar."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from pia_edge.gui.model.motion_curve import MotionCurve
from pia_edge.gui.model.motion_estimate import Amount, amount

_FULL = 150
"""Percent of the paper's large motion at which the bar is full."""


class MotionMeter(QWidget):
    """Follows the curve; nothing is computed for it."""

    def __init__(self, curve: MotionCurve, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curve = curve
        self._words = {
            Amount.STILL: self.tr("stands still"),
            Amount.LITTLE: self.tr("moves a little"),
            Amount.SOME: self.tr("moves"),
            Amount.MUCH: self.tr("moves much"),
            Amount.VERY_MUCH: self.tr("moves very much"),
        }
        self.word = QLabel()
        self.bar = QProgressBar()
        self.bar.setRange(0, _FULL)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Estimated motion"))
        self.bar.setFixedHeight(self.fontMetrics().height() // 2)
        self.bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        tip = self.tr(
            "Estimated from the curve alone: how far it lies below 1 on average, "
            "compared with the paper's large motion."
        )
        self.setToolTip(tip)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.bar, 1)
        row.addWidget(self.word)
        curve.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.setVisible(bool(self._curve.values))
        estimate = self._curve.estimate
        word = self._words[amount(estimate)]
        self.word.setText(word)
        self.bar.setValue(min(round(estimate * 100), _FULL))
        self.bar.setAccessibleDescription(
            self.tr("{0}: {1} percent of large motion").format(word, round(estimate * 100))
        )
