"""The motions that have a name."""

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QWidget

from pia_edge.gui.model.motion_curve import MotionCurve
from pia_edge.motion import Level, Motion


class MotionChoice(QWidget):
    """Small, medium or large; a loop or a style transfer. None is chosen while the curve is drawn by hand."""

    def __init__(self, curve: MotionCurve, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curve = curve
        names = {
            Level.SMALL: self.tr("Small"),
            Level.MEDIUM: self.tr("Medium"),
            Level.LARGE: self.tr("Large"),
        }
        # No button group: it keeps one of its buttons checked, and Tab away from the others.
        self.levels: dict[Level, QPushButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for level, name in names.items():
            button = QPushButton(name)
            button.setCheckable(True)
            button.setAccessibleName(self.tr("{0} motion").format(name))
            button.clicked.connect(lambda _on, level=level: self._choose(level=level))
            self.levels[level] = button
            row.addWidget(button, 1)
        self.loop = QCheckBox(self.tr("&Loop"))
        self.loop.setToolTip(self.tr("The clip ends where it began; played over and over it has no seam."))
        self.style_transfer = QCheckBox(self.tr("St&yle transfer"))
        self.style_transfer.setToolTip(
            self.tr("The whole clip departs from the picture's look, for models with a style of their own.")
        )
        row.addSpacing(8)
        row.addWidget(self.loop)
        row.addWidget(self.style_transfer)
        self.loop.clicked.connect(lambda on: self._choose(loop=on, style_transfer=False))
        self.style_transfer.clicked.connect(lambda on: self._choose(loop=False, style_transfer=on))
        curve.changed.connect(self._show)
        self._show()

    def _choose(
        self, *, level: Level | None = None, loop: bool | None = None, style_transfer: bool | None = None
    ) -> None:
        named = self._curve.named_motion
        self._curve.choose(
            Motion(
                level=named.level if level is None else level,
                loop=named.loop if loop is None else loop,
                style_transfer=named.style_transfer if style_transfer is None else style_transfer,
            )
        )
        self._show()

    def _show(self) -> None:
        motion = self._curve.motion
        for level, button in self.levels.items():
            button.setChecked(motion.named and motion.level is level)
        self.loop.setChecked(motion.loop)
        self.style_transfer.setChecked(motion.style_transfer)
