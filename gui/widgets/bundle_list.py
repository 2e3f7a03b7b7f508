"""The bundles as a list to choose from."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from pia_edge.gui.model.bundle_words import summary
from pia_edge.gui.model.bundles import Bundles

_NAME = Qt.ItemDataRole.UserRole


class BundleList(QListWidget):
    """Every bundle with half a line about it; keeps its choice when the list changes."""

    chosen = Signal(str)
    """The name of the bundle that is shown from now on."""
    use_requested = Signal(str)
    """It was opened: by a double click, or by Enter."""

    def __init__(self, bundles: Bundles, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bundles = bundles
        self.setAccessibleName(self.tr("Bundles"))
        self.setAlternatingRowColors(True)
        self.setSpacing(2)
        self.currentItemChanged.connect(self._tell)
        self.itemActivated.connect(lambda item: self.use_requested.emit(item.data(_NAME)))
        bundles.changed.connect(self.show_all)

    def name(self) -> str | None:
        """Return the name of the chosen bundle."""
        row = self.currentRow()
        return None if row < 0 else str(self.item(row).data(_NAME))

    def choose(self, name: str) -> bool:
        """Choose the bundle ``name``; return whether it is there."""
        for row in range(self.count()):
            if self.item(row).data(_NAME) == name:
                self.setCurrentRow(row)
                return True
        return False

    def show_all(self) -> None:
        """Show what the model has."""
        before = self.name()
        self.blockSignals(True)
        self.clear()
        for each in self._bundles.items:
            used = self.tr(" (in use)") if each.name == self._bundles.used else ""
            item = QListWidgetItem(f"{each.name}{used}\n{summary(each)}")
            item.setData(_NAME, each.name)
            item.setSizeHint(QSize(0, self.fontMetrics().lineSpacing() * 2 + 10))
            self.addItem(item)
        there = self.choose(before if before is not None else self._bundles.used) or self.choose(self._bundles.used)
        if not there and self.count():
            self.setCurrentRow(0)
        self.blockSignals(False)
        self._tell()

    def _tell(self) -> None:
        if (name := self.name()) is not None:
            self.chosen.emit(name)
