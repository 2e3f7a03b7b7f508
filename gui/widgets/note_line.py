"""One sentence that tells what was done or what went wrong, until the next one or until it is closed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStyle, QWidget

from pia_edge.errors import PiaError
from pia_edge.gui.widgets.icons import icon


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
        self._show(sentence, "info")
        self.copy.hide()

    def warn(self, error: PiaError) -> None:
        """Show what went wrong."""
        self._show(str(error), "warning")
        self.copy.show()

    def _show(self, sentence: str, mark: str) -> None:
        self._mark.setPixmap(icon(mark).pixmap(self.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize)))
        self.text.setText(sentence)
        self.show()
