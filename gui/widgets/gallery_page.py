"""The page of the gallery: every clip, how it was made, and what can be done with it."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from pia_edge.clip import Recipe
from pia_edge.errors import OutputError, PiaError
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.recall import recalled
from pia_edge.gui.model.thumbnails import Thumbnails
from pia_edge.gui.widgets.clip_details import ClipDetails
from pia_edge.gui.widgets.gallery_grid import GalleryGrid
from pia_edge.gui.widgets.icons import icon
from pia_edge.gui.widgets.notice_bar import NoticeBar
from pia_edge.gui.widgets.save_dialog import SaveDialog
from pia_edge.gui.widgets.show_in_folder import show_in_folder
from pia_edge.gui.widgets.theme import Space
from pia_edge.worker.clip_questions import ReadRecipes, RecipesRead

_LOOK = 1000
"""Milliseconds between two looks at what other windows and programs have changed."""


class GalleryPage(QWidget):
    """Shows :class:`Gallery`."""

    open_requested = Signal(object)
    """The path of a clip to be played."""
    settings_requested = Signal(object)
    """The ``DraftState`` with which a clip was made."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._gallery = desk.gallery
        self._elsewhere: tuple[Path, Recipe] | None = None
        self.search = QLineEdit()
        self.count = QLabel()
        self.elsewhere = QPushButton(icon("open"), self.tr("&Open a clip made elsewhere…"))
        self.grid = GalleryGrid(self._gallery.rows, Thumbnails(desk.questions, parent=self))
        self.details = ClipDetails()
        self.notice = NoticeBar()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK)
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        self._show_count()
        if self._gallery.note is not None:
            self.notice.tell(self._gallery.note)

    def open_elsewhere(self, path: Path) -> None:
        """Show how the clip at ``path`` was made, which need not belong to the gallery."""

        def take(read: RecipesRead) -> None:
            recipe = read.recipes[0]
            if isinstance(recipe, str):
                self.notice.tell(recipe)
                return
            self.grid.choose(None)
            self._elsewhere = path, recipe
            self.details.show_clip(path, recipe, present=True, ours=False)

        self._desk.questions.ask(ReadRecipes((path,)), RecipesRead, take, self._tell, topic="clip made elsewhere")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Show how a dropped clip was made."""
        path = next(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
        event.acceptProposedAction()
        self.open_elsewhere(path)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Look, and go on looking."""
        super().showEvent(event)
        self._gallery.look()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Look no more."""
        super().hideEvent(event)
        self._timer.stop()

    def _lay_out(self) -> None:
        self.search.setPlaceholderText(self.tr("Search by words of the prompt"))
        self.search.setAccessibleName(self.tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        top = QHBoxLayout()
        top.setSpacing(Space.NORMAL)
        top.addWidget(self.search, 1)
        top.addWidget(self.count)
        top.addWidget(self.elsewhere)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.grid)
        split.addWidget(self.details)
        split.setStretchFactor(0, 1)
        split.setSizes([700, 300])
        split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.WIDE, Space.WIDE, Space.WIDE, Space.WIDE)
        column.setSpacing(Space.NORMAL)
        column.addLayout(top)
        column.addWidget(split, 1)
        column.addWidget(self.notice)

    def _connect(self) -> None:
        self._timer.timeout.connect(self._gallery.look)
        self._gallery.changed.connect(self._show_count)
        self._gallery.failed.connect(self._tell)
        self._gallery.opened.connect(self.open_requested)
        self.search.textChanged.connect(self._gallery.search)
        self.elsewhere.clicked.connect(self._choose_elsewhere)
        self.grid.selected.connect(self._show_details)
        self.grid.open_wanted.connect(self._gallery.open)
        self.grid.delete_wanted.connect(self._delete)
        self.details.open_wanted.connect(lambda: self._gallery.open(self._shown()[0]))
        self.details.save_wanted.connect(self._save)
        self.details.folder_wanted.connect(lambda: show_in_folder(self._shown()[0]))
        self.details.settings_wanted.connect(self._use_settings)
        self.details.delete_wanted.connect(lambda: self._delete(self._shown()[0]))
        find = QShortcut(QKeySequence.StandardKey.Find, self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.search.setFocus)
        find.activated.connect(self.search.selectAll)

    def _show_count(self) -> None:
        shown, total = self._gallery.rows.rowCount(), self._gallery.total
        text = self.tr("%n clip(s)", "", total) if shown == total else self.tr("{0} of {1}").format(shown, total)
        self.count.setText(text)
        empty = self.tr("Every clip that you make is kept here, with the settings it was made with.")
        self.grid.show_message(self.tr("No clip has all of these words.") if total else empty)

    def _shown(self) -> tuple[Path, Recipe | None]:
        """The clip in the details."""
        path = self.grid.current()
        if path is not None:
            found = self._gallery.find(path)
            return path, None if found is None else found[1]
        if self._elsewhere is None:
            raise RuntimeError("buttons are disabled while no clip is shown")
        return self._elsewhere

    def _show_details(self, path: Path | None) -> None:
        self._elsewhere = None
        found = None if path is None else self._gallery.find(path)
        if found is None:
            self.details.clear(self.tr("Choose a clip to see how it was made."))
            return
        clip, recipe = found
        self.details.show_clip(clip.path, recipe, present=clip.path.exists(), ours=True, seconds=clip.seconds)

    def _use_settings(self) -> None:
        path, recipe = self._shown()
        try:
            if self._elsewhere is None or recipe is None:
                state = self._gallery.settings_of(path)
            else:
                beside = path.parent / Path(recipe.picture_name).name
                state = recalled(recipe, beside if recipe.picture_name and beside.is_file() else None)
        except PiaError as error:
            self._tell(error)
            return
        if state is None:
            return
        if state.picture is None and recipe is not None and recipe.picture_name:
            self.notice.tell(self.tr("The picture {0} was not found. Open it yourself.").format(recipe.picture_name))
        self.settings_requested.emit(state)

    def _save(self) -> SaveDialog:
        path, recipe = self._shown()
        fps = 8.0 if recipe is None else recipe.rate
        dialog = SaveDialog(self._desk, path, recipe=recipe, fps=fps, parent=self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.saved.connect(lambda target, _: self.notice.tell(self.tr("Saved as {0}.").format(target)))
        dialog.open()
        return dialog

    def _choose_elsewhere(self) -> None:
        kinds = self.tr("Clips ({0})").format("*.gif *.webp *.apng *.png *.mp4")
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Open a clip"), "", kinds)
        if name:
            self.open_elsewhere(Path(name))

    def _delete(self, path: Path) -> None:
        found = self._gallery.find(path)
        try:
            trashed = self._gallery.trash(path)
        except OutputError as error:
            self._ask_to_delete(path, error)
            return
        if trashed is None or trashed.now is None or found is None:
            self.notice.tell(self.tr("{0} is no longer in the gallery.").format(path.name))
            return

        def undo() -> None:
            try:
                self._gallery.restore(trashed, *found)
                self.grid.choose(path)
            except OutputError as error:
                self._tell(error)

        self.notice.tell(self.tr("{0} is in the trash.").format(path.name), undo)

    def _ask_to_delete(self, path: Path, error: OutputError) -> None:
        question = QMessageBox(
            QMessageBox.Icon.Warning, self.tr("Delete for good?"), str(error), QMessageBox.StandardButton.Cancel, self
        )
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.setInformativeText(self.tr("It can be deleted for good instead. There is no way back."))
        delete = question.addButton(self.tr("&Delete for good"), QMessageBox.ButtonRole.DestructiveRole)
        question.setDefaultButton(QMessageBox.StandardButton.Cancel)
        delete.clicked.connect(lambda: self._delete_for_good(path))
        question.open()

    def _delete_for_good(self, path: Path) -> None:
        try:
            self._gallery.delete(path)
        except OutputError as error:
            self._tell(error)

    def _tell(self, error: PiaError) -> None:
        self.notice.tell(str(error))
