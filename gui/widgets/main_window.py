"""The window: its pages, its menus, and what belongs to none of them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QMessageBox, QTabWidget, QWidget

from pia_edge._version import __version__
from pia_edge.errors import PiaError
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.draft import DraftState
from pia_edge.gui.model.offered_picture import may_be_picture
from pia_edge.gui.widgets.animate_page import AnimatePage
from pia_edge.gui.widgets.closing import may_close
from pia_edge.gui.widgets.devices_page import DevicesPage
from pia_edge.gui.widgets.gallery_page import GalleryPage
from pia_edge.gui.widgets.icons import icon
from pia_edge.gui.widgets.log_view import LogView
from pia_edge.gui.widgets.models_page import ModelsPage
from pia_edge.gui.widgets.notifier import Notifier
from pia_edge.gui.widgets.preferences_dialog import PreferencesDialog

_SHOWN = 10_000
"""Milliseconds that a sentence stays in the status bar."""


class MainWindow(QMainWindow):
    """One window on a :class:`Desk`; several programs may have one each on the same home."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._log: LogView | None = None
        self.setWindowTitle("PIA Edge")
        self.setAcceptDrops(True)
        self.animate, self.gallery = AnimatePage(desk), GalleryPage(desk)
        self.models, self.devices = ModelsPage(desk), DevicesPage(desk)
        self.pages = QTabWidget()
        self.pages.setAccessibleName(self.tr("Pages"))
        self.pages.setDocumentMode(True)
        for page, name, text in (
            (self.animate, "animate", self.tr("Animate")),
            (self.gallery, "gallery", self.tr("Gallery")),
            (self.models, "models", self.tr("Models")),
            (self.devices, "device", self.tr("Devices")),
        ):
            self.pages.addTab(page, icon(name), text)
        self.setCentralWidget(self.pages)
        self.notifier = Notifier(desk.jobs, self, lambda: desk.preferences.choices.notify)
        self._make_menus()
        self._connect()
        self._restore()
        for note in filter(None, (desk.preferences.note, desk.remembered_draft.note, *desk.jobs.notes)):
            self._say(note)

    def tell_unforeseen(self, error: PiaError) -> None:
        """Say that something happened which is a defect of the program; the log has the trace."""
        self._desk.log.error(error)
        self._tell(error)

    def show_log(self) -> None:
        """Show the log beside this window."""
        if self._log is None:
            self._log = LogView(self._desk, self)
            self._log.setWindowFlag(Qt.WindowType.Window)
            self._log.setWindowTitle(self.tr("Log"))
            self._log.resize(760, 480)
        self._log.show()
        self._log.raise_()
        self._log.activateWindow()

    def show_preferences(self) -> None:
        """Ask for what can be set."""
        dialog = PreferencesDialog(self._desk, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Close, unless a clip is being made and the user wants to wait for it."""
        if not may_close(self._desk.jobs, self, self._desk.errands):
            event.ignore()
            return
        settings = QSettings()
        settings.setValue("geometry", self.saveGeometry())
        settings.setValue("columns", self.animate.columns.saveState())
        if self._log is not None:
            self._log.close()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take a picture wherever it is dropped."""
        if self.pages.currentWidget() is self.animate and may_be_picture(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Animate what was dropped."""
        event.acceptProposedAction()
        self._desk.picture.offer(event.mimeData())

    def _make_menus(self) -> None:
        file = self.menuBar().addMenu(self.tr("&File"))
        self._action(file, self.tr("&Open picture…"), QKeySequence.StandardKey.Open, self._open_picture)
        self._action(file, self.tr("Open &clip…"), "Ctrl+Shift+O", self._open_clip)
        file.addSeparator()
        self._action(file, self.tr("&Preferences…"), "Ctrl+,", self.show_preferences)
        self._action(file, self.tr("&Quit"), QKeySequence.StandardKey.Quit, self.close)
        view = self.menuBar().addMenu(self.tr("&View"))
        for number in range(self.pages.count()):
            turn = partial(self.pages.setCurrentIndex, number)
            self._action(view, self.pages.tabText(number), f"Ctrl+{number + 1}", turn)
        help_menu = self.menuBar().addMenu(self.tr("&Help"))
        self._action(help_menu, self.tr("&Log…"), "Ctrl+L", self.show_log)
        self._action(help_menu, self.tr("&About PIA Edge"), None, self._tell_about)

    def _action(
        self, menu: QMenu, text: str, keys: "QKeySequence.StandardKey | str | None", do: Callable[[], object]
    ) -> None:
        action = QAction(text, self)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))

        def act(_checked: bool) -> None:
            do()

        action.triggered.connect(act)
        menu.addAction(action)

    def _connect(self) -> None:
        desk = self._desk
        self.gallery.open_requested.connect(self._play)
        self.gallery.settings_requested.connect(self._use)
        self.models.used.connect(lambda: self._turn_to(self.animate))
        for source in (desk.questions, desk.gallery, desk.preferences, desk.remembered_draft):
            source.failed.connect(self._tell)
        desk.jobs.noted.connect(lambda _, note: self._say(note))

    def _restore(self) -> None:
        settings = QSettings()
        self.resize(1280, 800)
        geometry, columns = settings.value("geometry"), settings.value("columns")
        if geometry is not None:
            self.restoreGeometry(geometry)
        if columns is not None:
            self.animate.columns.restoreState(columns)

    def _turn_to(self, page: QWidget) -> None:
        self.pages.setCurrentWidget(page)

    def _play(self, path: Path) -> None:
        self._turn_to(self.animate)
        self.animate.open_clip(path)

    def _use(self, state: DraftState) -> None:
        self._turn_to(self.animate)
        self.animate.use(state)

    def _open_picture(self) -> None:
        self._turn_to(self.animate)
        self.animate.picture.open_dialog()

    def _open_clip(self) -> None:
        self._turn_to(self.gallery)
        self.gallery.elsewhere.click()

    def _say(self, text: str) -> None:
        self._desk.log.note(text)
        self.statusBar().showMessage(text, _SHOWN)

    def _tell(self, error: PiaError) -> None:
        self.statusBar().showMessage(str(error), _SHOWN)

    def _tell_about(self) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(self.tr("About PIA Edge"))
        box.setText(f"<b>PIA Edge {__version__}</b>")
        box.setInformativeText(
            self.tr(
                "Animates a still picture from a sentence, on this computer alone. After PIA, the Personalized Image "
                "Animator (arXiv 2312.13964). Apache-2.0; the libraries it uses have licences of their own."
            )
        )
        box.open()
