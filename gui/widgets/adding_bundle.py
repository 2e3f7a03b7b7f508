"""Choosing a bundle to add, and what to do where its name is taken."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from pia_edge.gui.model.bundles import Bundles
from pia_edge.worker.model_questions import BundleSeen


def choose_archive(parent: QWidget, chosen: Callable[[Path], object]) -> None:
    """Open a dialog for a ``.pia.zip``, and call ``chosen`` with it."""
    dialog = _dialog(parent, QCoreApplication.translate("AddingBundle", "Add a bundle file"), chosen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters(
        [
            QCoreApplication.translate("AddingBundle", "Bundles") + " (*.pia.zip *.zip)",
            QCoreApplication.translate("AddingBundle", "All files") + " (*)",
        ]
    )
    dialog.open()


def choose_folder(parent: QWidget, chosen: Callable[[Path], object]) -> None:
    """Open a dialog for the folder of a bundle, and call ``chosen`` with it."""
    dialog = _dialog(parent, QCoreApplication.translate("AddingBundle", "Add a bundle folder"), chosen)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.open()


def ask_about_clash(parent: QWidget, bundles: Bundles, seen: BundleSeen) -> None:
    """Ask whether ``seen`` takes the place of the bundle of its name, or comes beside it, and do so."""
    ask = QMessageBox(parent)
    ask.setIcon(QMessageBox.Icon.Question)
    ask.setWindowTitle(QCoreApplication.translate("AddingBundle", "Add a bundle"))
    ask.setText(
        QCoreApplication.translate("AddingBundle", "You have another bundle called {name}.").format(name=seen.name)
    )
    ask.setInformativeText(
        QCoreApplication.translate(
            "AddingBundle", "Keep both, the new one as {free}, or replace the one that you have?"
        ).format(free=seen.free_name)
    )
    keep = ask.addButton(QCoreApplication.translate("AddingBundle", "&Keep both"), QMessageBox.ButtonRole.AcceptRole)
    replace = None
    if bundles.may_replace(seen.name):
        replace = ask.addButton(
            QCoreApplication.translate("AddingBundle", "&Replace"), QMessageBox.ButtonRole.DestructiveRole
        )
    ask.addButton(QMessageBox.StandardButton.Cancel)
    ask.setDefaultButton(keep)
    ask.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def answer() -> None:
        if ask.clickedButton() is keep:
            bundles.add_as(seen.source, seen.free_name, overwrite=False)
        elif replace is not None and ask.clickedButton() is replace:
            bundles.add_as(seen.source, seen.name, overwrite=True)

    ask.finished.connect(answer)
    ask.open()


def _dialog(parent: QWidget, title: str, chosen: Callable[[Path], object]) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: chosen(Path(name)))
    return dialog
