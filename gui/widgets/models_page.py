"""The page of bundles: what there is, what each of them is, and all that can be done with them."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QMessageBox, QPushButton, QSplitter, QVBoxLayout, QWidget

from pia_edge.gui.model.byte_words import bytes_in_words
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.draft import DraftState
from pia_edge.gui.widgets.adding_bundle import ask_about_clash, choose_archive, choose_folder
from pia_edge.gui.widgets.bundle_details import BundleDetails
from pia_edge.gui.widgets.bundle_list import BundleList
from pia_edge.gui.widgets.errand_bar import ErrandBar
from pia_edge.gui.widgets.icons import icon
from pia_edge.gui.widgets.model_wizard import ModelWizard
from pia_edge.gui.widgets.note_line import NoteLine


class ModelsPage(QWidget):
    """The bundles of :class:`Bundles`."""

    used = Signal()
    """The user chose to animate with a bundle."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._bundles = desk.bundles
        self.setAcceptDrops(True)
        self.list = BundleList(desk.bundles)
        self.details = BundleDetails()
        self.note = NoteLine()
        self.errand = ErrandBar(desk.errands)
        self._make_buttons()
        self._lay_out()
        self._connect()
        self._offer()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Look what there is."""
        super().showEvent(event)
        self._bundles.refresh()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take bundles that lie on this computer."""
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Add what was dropped."""
        for path in _dropped(event):
            self._bundles.add(path)
        event.acceptProposedAction()

    def _make_buttons(self) -> None:
        self.add = QPushButton(icon("add"), self.tr("&Add…"))
        menu = QMenu(self.add)
        self.add_file = menu.addAction(self.tr("Bundle &file (.pia.zip)…"))
        self.add_folder = menu.addAction(self.tr("Bundle f&older…"))
        self.add.setMenu(menu)
        self.add.setToolTip(self.tr("Add a bundle that you have; or drop it onto this page"))
        self.wizard = QPushButton(icon("models"), self.tr("&Import and export…"))
        self.wizard.setToolTip(self.tr("Make a bundle of models that you have, and bring it into a fast format"))
        self.use = QPushButton(icon("animate"), self.tr("&Use"))
        self.use.setToolTip(self.tr("Animate with this bundle"))
        self.verify = QPushButton(icon("check"), self.tr("Verif&y"))
        self.verify.setToolTip(self.tr("Check every file of this bundle"))
        self.remove = QPushButton(icon("trash"), self.tr("&Remove…"))

    def _lay_out(self) -> None:
        left, right = QWidget(), QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(self.list, 1)
        below = QHBoxLayout()
        below.addWidget(self.add)
        below.addWidget(self.wizard)
        column.addLayout(below)
        hint = QLabel(self.tr("Or drop a bundle onto this page."))
        hint.setEnabled(False)
        column.addWidget(hint)
        column = QVBoxLayout(right)
        column.setContentsMargins(8, 0, 0, 0)
        actions = QHBoxLayout()
        for button in (self.use, self.verify, self.remove):
            actions.addWidget(button)
        actions.addStretch(1)
        column.addWidget(self.details, 1)
        column.addLayout(actions)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([320, 640])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        for widget in (self.note, splitter, self.errand):
            layout.addWidget(widget, 1 if widget is splitter else 0)

    def _connect(self) -> None:
        bundles = self._bundles
        self.add_file.triggered.connect(lambda: choose_archive(self, bundles.add))
        self.add_folder.triggered.connect(lambda: choose_folder(self, bundles.add))
        self.wizard.clicked.connect(self._open_wizard)
        self.use.clicked.connect(lambda: self._use(self.list.name()))
        self.verify.clicked.connect(lambda: bundles.verify(self.list.name() or ""))
        self.remove.clicked.connect(self._ask_to_remove)
        self.list.chosen.connect(self._show)
        self.list.use_requested.connect(self._use)
        bundles.changed.connect(self._offer)
        bundles.added.connect(self._choose_new)
        bundles.told.connect(self.note.tell)
        bundles.failed.connect(self.note.warn)
        bundles.clashed.connect(lambda seen: ask_about_clash(self, bundles, seen))
        self._desk.errands.changed.connect(self._offer)
        self._desk.draft.changed.connect(self._follow)

    def _follow(self, before: DraftState, now: DraftState) -> None:
        if before.bundle != now.bundle:
            self.list.show_all()
            self._offer()

    def _show(self, name: str) -> None:
        item = self._bundles.find(name)
        if item is not None:
            self.details.show_bundle(item, self._bundles.verdict(name))
        self._offer()

    def _offer(self) -> None:
        name = self.list.name()
        item = None if name is None else self._bundles.find(name)
        idle = self._desk.errands.current is None
        whole = item is not None and item.manifest is not None
        self.use.setEnabled(whole and name != self._bundles.used)
        self.verify.setEnabled(idle and whole)
        self.remove.setEnabled(idle and item is not None and not item.ships)
        self.remove.setToolTip(self.tr("The sample comes with PIA Edge and stays") if item and item.ships else "")
        self.wizard.setEnabled(idle)

    def _use(self, name: str | None) -> None:
        item = None if name is None else self._bundles.find(name)
        if item is not None and item.manifest is not None:
            self._bundles.use(item.name)
            self.used.emit()

    def _choose_new(self, name: str) -> None:
        if not self.list.choose(name):
            self._bundles.changed.connect(lambda: self.list.choose(name), Qt.ConnectionType.SingleShotConnection)

    def _ask_to_remove(self) -> None:
        item = self._bundles.find(self.list.name())
        if item is None:
            return
        ask = QMessageBox(self)
        ask.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        ask.setIcon(QMessageBox.Icon.Question)
        ask.setWindowTitle(self.tr("Remove a bundle"))
        ask.setText(self.tr("Remove {name}?").format(name=item.name))
        shared = item.size - item.own
        sentence = self.tr("This frees {own}.").format(own=bytes_in_words(item.own))
        if shared:
            rest = self.tr("{shared} are shared with other bundles and stay.").format(shared=bytes_in_words(shared))
            sentence = f"{sentence} {rest}"
        ask.setInformativeText(sentence if item.manifest is not None else self.tr("It is damaged."))
        remove = ask.addButton(self.tr("&Remove"), QMessageBox.ButtonRole.DestructiveRole)
        ask.addButton(QMessageBox.StandardButton.Cancel)
        ask.setDefaultButton(QMessageBox.StandardButton.Cancel)
        ask.finished.connect(lambda: self._bundles.remove(item.name) if ask.clickedButton() is remove else None)
        ask.open()

    def _open_wizard(self) -> None:
        wizard = ModelWizard(self._desk, self)
        wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        wizard.open()


def _dropped(event: QDropEvent) -> list[Path]:
    """What of a drop may be a bundle; a look into it comes later."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
