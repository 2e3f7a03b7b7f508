"""The buttons beneath the curve: curves to begin with, undo, redo, and back to the named motion."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from pia_edge.gui.model.curve_shapes import SHAPES
from pia_edge.gui.model.limits import Limits
from pia_edge.gui.model.motion_curve import MotionCurve
from pia_edge.gui.widgets.icons import icon
from pia_edge.motion import Level, Motion


class CurveTools(QWidget):
    """What changes the whole curve at once."""

    def __init__(self, curve: MotionCurve, limits: Limits, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curve = curve
        self._limits = limits
        self.presets = QToolButton()
        self.presets.setText(self.tr("Curves"))
        self.presets.setAccessibleName(self.tr("Curves to begin with"))
        self.presets.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.presets.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.presets.setMenu(self._menu())
        self.undo = self._button("undo", self.tr("Undo the last change of the curve (Ctrl+Z in the curve)"))
        self.undo.setAccessibleName(self.tr("Undo"))
        self.redo = self._button("redo", self.tr("Redo it (Ctrl+Shift+Z in the curve)"))
        self.redo.setAccessibleName(self.tr("Redo"))
        self.reset = self._button("", self.tr("Return to the named motion"))
        self.reset.setText(self.tr("Reset"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.presets)
        row.addWidget(self.undo)
        row.addWidget(self.redo)
        row.addWidget(self.reset)
        row.addStretch(1)
        self.undo.clicked.connect(curve.undo)
        self.redo.clicked.connect(curve.redo)
        self.reset.clicked.connect(curve.reset)
        curve.changed.connect(self._show)
        self._show()

    def _button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton()
        if name:
            button.setIcon(icon(name))
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        shapes = {"straight": self.tr("Straight line"), "ease": self.tr("Ease in and out"), "pulse": self.tr("Pulse")}
        for shape, name in shapes.items():
            menu.addAction(name).triggered.connect(partial(self._take_shape, shape))
        levels = {Level.SMALL: self.tr("small"), Level.MEDIUM: self.tr("medium"), Level.LARGE: self.tr("large")}
        kinds = (
            (self.tr("Motion, {0}"), False, False),
            (self.tr("Loop, {0}"), True, False),
            (self.tr("Style transfer, {0}"), False, True),
        )
        for kind, loop, style in kinds:
            menu.addSeparator()
            for level, name in levels.items():
                motion = Motion(level=level, loop=loop, style_transfer=style)
                menu.addAction(kind.format(name)).triggered.connect(partial(self._curve.choose, motion))
        return menu

    def _take_shape(self, shape: str) -> None:
        self._curve.take(SHAPES[shape](self._limits.num_frames))

    def _show(self) -> None:
        self.undo.setEnabled(self._curve.can_undo)
        self.redo.setEnabled(self._curve.can_redo)
        self.reset.setEnabled(not self._curve.motion.named)
