"""The seed: another one for every clip, or kept."""

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QWidget

from pia_edge.gui.model.draft import Draft
from pia_edge.gui.widgets.optional_number import OptionalNumber
from pia_edge.request import draw_seed


class SeedRow(QWidget):
    """Shows the seed of the next clip or, where that will be drawn, that of the last one."""

    def __init__(self, draft: Draft, number: OptionalNumber, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self._last: int | None = None
        self.number = number
        self.keep = QCheckBox(self.tr("Keep"))
        self.keep.setAccessibleName(self.tr("Keep the seed"))
        self.keep.setToolTip(self.tr("The same seed and settings give the same clip again."))
        self.use_last = QPushButton(self.tr("Use the last"))
        self.use_last.setAccessibleName(self.tr("Use the last seed"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.number, 1)
        row.addWidget(self.keep)
        row.addWidget(self.use_last)
        self.keep.clicked.connect(self._keep)
        self.use_last.clicked.connect(self._use_last)
        draft.changed.connect(self._show)
        self._show()

    def set_last(self, seed: int) -> None:
        """Say which seed the last clip had."""
        self._last = seed
        self._show()

    def _keep(self, on: bool) -> None:
        if not on:
            self._draft.change(seed=None)
        elif self._draft.state.seed is None:
            self._draft.change(seed=draw_seed() if self._last is None else self._last)

    def _use_last(self) -> None:
        self._draft.change(seed=self._last)

    def _show(self) -> None:
        seed = self._draft.state.seed
        self.keep.setChecked(seed is not None)
        self.number.show_value(seed)
        drawn = self.tr("Drawn for every clip")
        self.number.setPlaceholderText(drawn if self._last is None else self.tr("Last: {0}").format(self._last))
        self.use_last.setEnabled(self._last is not None and self._last != seed)
