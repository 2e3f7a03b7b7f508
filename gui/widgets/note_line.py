"""One sentence that tells what was done or what went wrong, until the next one or until it is closed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStyle, QWidget

from pia_edge.errors import PiaError


class NoteLine(QFrame):
    """Hidden while there is nothing to tell."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self._mark = QLabel()
        self.text = QLabel(wordWrap=True)
        self.text.setAccessibleName(self.tr("Message"))
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.copy = QPushButton(self.tr("Cop&y"))
        self.copy.setToolTip(self.tr("Copy this message"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.text()))
        self.dismiss = QPushButton(self.tr("&Close"))
        self.dismiss.setAccessibleName(self.tr("Close this message"))
        self.dismiss.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def tell(self, sentence: str) -> None:
        """Show that something was done."""
        self._show(sentence, QStyle.StandardPixmap.SP_MessageBoxInformation)
        self.copy.hide()

    def warn(self, error: PiaError) -> None:
        """Show what went wrong."""
        self._show(str(error), QStyle.StandardPixmap.SP_MessageBoxWarning)
        self.copy.show()

    def _show(self, sentence: str, mark: QStyle.StandardPixmap) -> None:
        side = self.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize)
        self._mark.setPixmap(self.style().standardIcon(mark).pixmap(side, side))
        self.text.setText(sentence)
        self.show()
