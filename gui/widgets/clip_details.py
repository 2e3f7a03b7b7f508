"""What is known of one clip, and what can be done with it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFormLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from pia_edge.clip import Recipe
from pia_edge.gui.model.recipe_words import recipe_words
from pia_edge.gui.widgets.icons import icon
from pia_edge.gui.widgets.quiet import quiet
from pia_edge.gui.widgets.theme import Space


class ClipDetails(QWidget):
    """The recipe of a clip in words; its buttons say what the user wants."""

    settings_wanted = Signal()
    open_wanted = Signal()
    save_wanted = Signal()
    folder_wanted = Signal()
    delete_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel()
        self.words = QWidget()
        self.form = QFormLayout(self.words)
        self.use = self._button(self.tr("&Use these settings"), "retry", self.settings_wanted.emit)
        self.watch = self._button(self.tr("&Watch"), "play", self.open_wanted.emit)
        self.save = self._button(self.tr("Save as…"), "save", self.save_wanted.emit)
        self.folder = self._button(self.tr("Show in folder"), "folder", self.folder_wanted.emit)
        self.delete = self._button(self.tr("&Delete"), "trash", self.delete_wanted.emit)
        self._lay_out()
        self.clear(self.tr("Choose a clip to see how it was made."))

    def clear(self, message: str) -> None:
        """Show ``message`` in place of a clip."""
        self.title.setText(message)
        self._fill([])
        for button in self._buttons():
            button.setEnabled(False)

    def show_clip(self, path: Path, recipe: Recipe, *, present: bool, ours: bool, seconds: float | None = None) -> None:
        """Show a clip.

        Args:
            path: its file.
            recipe: that of the clip.
            present: whether the file is there.
            ours: whether it belongs to the gallery, where it can be deleted.
            seconds: what it took to make, if that is known.
        """
        self.title.setText(path.name)
        took = (
            [] if seconds is None else [(self.tr("Took"), self.tr("{0} s").format(QLocale().toString(round(seconds))))]
        )
        self._fill(recipe_words(recipe) + took)
        for button in (self.watch, self.save, self.folder):
            button.setEnabled(present)
        self.use.setEnabled(True)
        self.delete.setEnabled(ours)
        self.delete.setText(self.tr("&Delete") if present else self.tr("&Remove from the gallery"))

    def _buttons(self) -> tuple[QPushButton, ...]:
        return self.use, self.watch, self.save, self.folder, self.delete

    def _button(self, text: str, name: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(icon(name), text)
        button.clicked.connect(act)
        return button

    def _lay_out(self) -> None:
        font = QFont(self.title.font())
        font.setBold(True)
        self.title.setFont(font)
        self.title.setWordWrap(True)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.form.setContentsMargins(0, 0, Space.NORMAL, 0)
        self.form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.form.setHorizontalSpacing(Space.WIDE)
        self.form.setVerticalSpacing(Space.NORMAL)
        scroll = QScrollArea()
        scroll.setWidget(self.words)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(self.tr("How the clip was made"))
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.WIDE, 0, 0, 0)
        column.setSpacing(Space.NORMAL)
        column.addWidget(self.title)
        column.addWidget(scroll, 1)
        for button in self._buttons():
            column.addWidget(button)

    def _fill(self, words: list[tuple[str, str]]) -> None:
        while self.form.rowCount():
            self.form.removeRow(0)
        for name, value in words:
            label = QLabel(value)
            # A recipe may come from anybody: its texts are shown as they are.
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            label.setAccessibleName(name)
            heading = quiet(name)
            heading.setWordWrap(False)
            self.form.addRow(heading, label)
