"""The page on which clips are made: what they are made from, how they move, and the clip itself."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedLayout, QVBoxLayout, QWidget

from pia_edge import sample
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.draft import DraftState
from pia_edge.gui.model.queued_job import QueuedJob
from pia_edge.gui.widgets.bundle_chooser import BundleChooser
from pia_edge.gui.widgets.first_run import FirstRun
from pia_edge.gui.widgets.motion_panel import MotionPanel
from pia_edge.gui.widgets.picture_panel import PicturePanel
from pia_edge.gui.widgets.player import Player
from pia_edge.gui.widgets.prompt_panel import PromptPanel
from pia_edge.gui.widgets.queue_panel import QueuePanel
from pia_edge.gui.widgets.run_panel import RunPanel
from pia_edge.gui.widgets.scrolled_column import ScrolledColumn
from pia_edge.gui.widgets.settings_panel import SettingsPanel
from pia_edge.job import Made
from pia_edge.progress import Progress


class AnimatePage(QWidget):
    """Three columns: picture and prompt, motion and settings, the clip with its queue."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._last: Path | None = None
        self._previewing = False
        self.picture, self.prompt, self.motion = PicturePanel(desk), PromptPanel(desk), MotionPanel(desk)
        self.settings, self.chooser = SettingsPanel(desk), BundleChooser(desk)
        self.player, self.run, self.queue = Player(desk), RunPanel(desk), QueuePanel(desk)
        self.welcome = FirstRun(desk)
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        self._pages = QStackedLayout(self)
        self._lay_out()
        self._connect()
        if FirstRun.due(desk):
            self._pages.setCurrentWidget(self.welcome)

    def open_clip(self, path: Path) -> None:
        """Play the clip at ``path``."""
        self._pages.setCurrentWidget(self.columns)
        self._last, self._previewing = path, False
        self.player.open(path)

    def use(self, state: DraftState) -> None:
        """Compose a clip from the settings of an older one."""
        self._pages.setCurrentWidget(self.columns)
        self._desk.draft.replace(state)

    def _lay_out(self) -> None:
        below = QWidget()
        layout = QVBoxLayout(below)
        layout.addWidget(self.run)
        layout.addWidget(self.queue, 1)
        clip = QSplitter(Qt.Orientation.Vertical)
        clip.addWidget(self.player)
        clip.addWidget(below)
        clip.setStretchFactor(0, 3)
        clip.setStretchFactor(1, 2)
        clip.setCollapsible(0, False)
        clip.setSizes([480, 300])
        made_from = ScrolledColumn(self.picture, self.prompt, growing=self.picture)
        how = ScrolledColumn(self.chooser, self.motion, self.settings)
        for widget, share in ((made_from, 4), (how, 4), (clip, 6)):
            self.columns.addWidget(widget)
            self.columns.setStretchFactor(self.columns.count() - 1, share)
        self.columns.setChildrenCollapsible(False)
        self._pages.addWidget(self.columns)
        self._pages.addWidget(self.welcome)

    def _connect(self) -> None:
        jobs = self._desk.jobs
        self.welcome.animate_requested.connect(self._animate_example)
        self.welcome.dismissed.connect(lambda: self._pages.setCurrentWidget(self.columns))
        self.picture.example_requested.connect(self._take_example)
        self.prompt.animate_requested.connect(self.run.animate.click)
        self.queue.open_requested.connect(self.open_clip)
        self.queue.settings_requested.connect(self.use)
        jobs.progressed.connect(self._show_progress)
        jobs.finished.connect(self._keep)
        jobs.changed.connect(self._end_preview)

    def _take_example(self) -> None:
        self._desk.draft.change(picture=sample.picture(), prompt=self._desk.draft.state.prompt or sample.PROMPT)

    def _animate_example(self) -> None:
        self._pages.setCurrentWidget(self.columns)
        self.run.animate.click()

    def _show_progress(self, _row: QueuedJob, progress: Progress) -> None:
        if progress.preview is not None:
            self._previewing = True
            self.player.show_preview(progress.preview)

    def _end_preview(self) -> None:
        """Show again what was there before a clip that did not come to be."""
        if not self._previewing or self._desk.jobs.here is not None:
            return
        self._previewing = False
        if self._last is not None and self._last.exists():
            self.player.open(self._last)
        else:
            self.player.clear()

    def _keep(self, row: QueuedJob, made: Made) -> None:
        self._last, self._previewing = made.path, False
        self._desk.gallery.add(made.path, made, row.draft)
        self.settings.set_last_seed(made.recipe.seed)
        self.player.open(made.path)
