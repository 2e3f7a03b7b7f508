"""The dialog that asks for a picture."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

_SUFFIXES = ("png", "jpg", "jpeg", "webp", "bmp", "tif", "tiff", "gif", "avif")


def ask_for_picture(parent: QWidget, chosen: Callable[[Path], object], folder: Path | None) -> QFileDialog:
    """Ask without blocking the window, and call ``chosen`` with the file.

    Args:
        parent: in front of which it appears.
        chosen: not called if the user thinks better of it.
        folder: where it begins; where the user was last if None.
    """
    dialog = QFileDialog(parent, QCoreApplication.translate("PictureDialog", "Open a picture"))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    patterns = " ".join(f"*.{suffix} *.{suffix.upper()}" for suffix in _SUFFIXES)
    dialog.setNameFilters(
        [
            QCoreApplication.translate("PictureDialog", "Pictures") + f" ({patterns})",
            QCoreApplication.translate("PictureDialog", "All files") + " (*)",
        ]
    )
    if folder is not None and folder.is_dir():
        dialog.setDirectory(str(folder))
    dialog.fileSelected.connect(lambda name: chosen(Path(name)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
