"""The window: its pages and what belongs to none of them."""

from PySide6.QtWidgets import QMainWindow, QTabWidget, QWidget

from pia_edge.gui.model.desk import Desk


class MainWindow(QMainWindow):
    """One window on a :class:`Desk`."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setWindowTitle("PIA Edge")
        self.pages = QTabWidget()
        self.pages.setAccessibleName(self.tr("Pages"))
        self.setCentralWidget(self.pages)
        self.resize(1180, 760)
