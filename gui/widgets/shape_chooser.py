"""Which shape the clip has, and how the picture fills it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.shapes import shapes
from pia_edge.request import Fit

_FITS = (Fit.CROP, Fit.PAD)


class ShapeChooser(QWidget):
    """The usual aspect ratios at sizes that the bundle accepts; shows and changes the draft's size and fit."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._sizes: list[tuple[int, int] | None] = []
        self.shape = QComboBox()
        self.shape.setAccessibleName(self.tr("Shape of the clip"))
        self.shape.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.fit = QComboBox()
        self.fit.setAccessibleName(self.tr("How the picture fills the shape"))
        self.fit.setPlaceholderText(self.tr("Scaled"))
        self.fit.addItems([self.tr("Cropped"), self.tr("Padded")])
        tip = Qt.ItemDataRole.ToolTipRole
        self.fit.setItemData(0, self.tr("Fills the shape; what stands over is cut off evenly."), tip)
        self.fit.setItemData(1, self.tr("Shows the whole picture; its edges are repeated outwards."), tip)
        label = QLabel(self.tr("Shap&e"))
        label.setBuddy(self.shape)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self.shape)
        row.addWidget(self.fit)
        row.addStretch(1)
        self.shape.activated.connect(self._choose_shape)
        self.fit.activated.connect(lambda index: desk.draft.change(fit=_FITS[index]))
        desk.draft.changed.connect(self._show)
        desk.limits.changed.connect(self._list_shapes)
        self._list_shapes()

    def _choose_shape(self, index: int) -> None:
        size, fit = self._sizes[index], self._desk.draft.state.fit
        if size is None:
            fit = Fit.ORIGINAL
        elif fit is Fit.ORIGINAL:
            # The paper's rule keeps the picture's own shape.
            fit = Fit.CROP
        self._desk.draft.change(size=size, fit=fit)

    def _list_shapes(self) -> None:
        limits = self._desk.limits.found
        offered = () if limits is None else shapes(limits)
        self._sizes = [None, *(shape.size for shape in offered)]
        self.shape.clear()
        self.shape.addItem(self.tr("As the picture"))
        for shape in offered:
            self.shape.addItem(self.tr("{0}:{1}  ({2} × {3})").format(*shape.ratio, *shape.size))
        self._show()

    def _show(self) -> None:
        state = self._desk.draft.state
        if state.size is not None and state.size not in self._sizes:
            self._sizes.append(state.size)
            self.shape.addItem(self.tr("{0} × {1}").format(*state.size))
        self.shape.setCurrentIndex(self._sizes.index(state.size))
        self.fit.setVisible(state.size is not None)
        self.fit.setCurrentIndex(_FITS.index(state.fit) if state.fit in _FITS else -1)
