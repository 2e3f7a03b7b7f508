"""One file or folder: typed, chosen in a dialog, or dropped."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget


class PathField(QWidget):
    """A line with the path and buttons that open dialogs."""

    changed = Signal(object)
    """The ``Path``, or None where there is none."""

    def __init__(self, name: str, *, folders: bool, parent: QWidget | None = None) -> None:
        """Make an empty one.

        Args:
            name: of what is chosen, for titles and screen readers.
            folders: whether it may be a folder.
            parent: of the widget.
        """
        super().__init__(parent)
        self._name = name
        self.line = QLineEdit(clearButtonEnabled=True)
        self.line.setAccessibleName(name)
        # Of the two, only the field takes drops: the line would insert the text of an address.
        self.line.setAcceptDrops(False)
        self.setAcceptDrops(True)
        self.setFocusProxy(self.line)
        self.file = QPushButton(self.tr("File…"))
        self.file.setAccessibleName(self.tr("Choose a file: {name}").format(name=name))
        self.folder = QPushButton(self.tr("Folder…"))
        self.folder.setAccessibleName(self.tr("Choose a folder: {name}").format(name=name))
        self.folder.setVisible(folders)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.file)
        layout.addWidget(self.folder)
        self.line.textChanged.connect(lambda: self.changed.emit(self.path()))
        self.file.clicked.connect(lambda: self._open(QFileDialog.FileMode.ExistingFile))
        self.folder.clicked.connect(lambda: self._open(QFileDialog.FileMode.Directory))

    def path(self) -> Path | None:
        """Return what was chosen."""
        text = self.line.text().strip()
        return Path(text) if text else None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take one file or folder of this computer."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Take what was dropped."""
        self.line.setText(next(url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()))
        event.acceptProposedAction()

    def _open(self, mode: QFileDialog.FileMode) -> None:
        dialog = QFileDialog(self, self._name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(mode)
        dialog.fileSelected.connect(self.line.setText)
        dialog.open()
