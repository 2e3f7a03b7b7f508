"""What can be done with a clip as a file: copied, dragged out, shown in its folder."""

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import QWidget

_DRAGGED_SIDE = 128


def file_data(path: Path) -> QMimeData:
    """Return a file as other programs take it, by drop or paste."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    return data


def copy_file(path: Path) -> None:
    """Put a file on the clipboard."""
    QGuiApplication.clipboard().setMimeData(file_data(path))


def drag_of(source: QWidget, path: Path, image: QImage) -> QDrag:
    """Return the dragging of a file under a small ``image``; ``exec`` begins it."""
    drag = QDrag(source)
    drag.setMimeData(file_data(path))
    small = image.scaled(
        _DRAGGED_SIDE, _DRAGGED_SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    drag.setPixmap(QPixmap.fromImage(small))
    return drag
