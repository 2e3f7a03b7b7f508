"""The queue: what waits, runs and is done, in an order that the user may change."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.queued_job import JobState, QueuedJob
from pia_edge.gui.widgets.icons import icon
from pia_edge.gui.widgets.job_painter import JobPainter
from pia_edge.gui.widgets.job_words import summary
from pia_edge.gui.widgets.quiet import quiet
from pia_edge.gui.widgets.spoken_queue import SpokenQueue


class QueuePanel(QWidget):
    """Shows a :class:`JobQueue`."""

    open_requested = Signal(object)
    """The path of a finished clip."""
    settings_requested = Signal(object)
    """The ``DraftState`` of a job."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = desk.jobs
        self.rows = SpokenQueue(desk.jobs, self)
        self.view = QListView()
        self.summary = QLabel()
        self.summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.note = quiet("\n".join(desk.jobs.notes))
        self.empty = quiet(self.tr("Clips that you animate wait here for their turn."))
        self.pause = QPushButton(autoDefault=False)
        self.clear = QPushButton(self.tr("Clear"), autoDefault=False)
        self._actions = self._made_actions()
        self._set_up_view()
        self._lay_out()
        self.pause.clicked.connect(lambda: self._jobs.resume() if self._jobs.paused else self._jobs.pause())
        self.clear.clicked.connect(self._jobs.clear_ended)
        self._jobs.changed.connect(self._refresh)
        self._jobs.started.connect(self._bring_into_view)
        self._refresh()

    @property
    def chosen(self) -> QueuedJob | None:
        """The job that is selected."""
        return self.rows.row(self.view.currentIndex().row())

    def _made_actions(self) -> dict[str, QAction]:
        keys = QKeySequence
        return {
            "stop": self._action("stop", self.tr("Stop"), None, self._jobs.stop),
            "retry": self._action("retry", self.tr("Try again"), None, self._jobs.retry),
            "remove": self._action(
                "trash", self.tr("Remove"), keys(QKeySequence.StandardKey.Delete), self._jobs.remove
            ),
            "up": self._action("up", self.tr("Move up"), keys("Alt+Up"), lambda row: self._shift(row, -1)),
            "down": self._action("down", self.tr("Move down"), keys("Alt+Down"), lambda row: self._shift(row, 1)),
            "open": self._action("play", self.tr("Play"), None, self._open),
            "settings": self._action(
                "settings", self.tr("Use these settings"), None, lambda row: self.settings_requested.emit(row.draft)
            ),
        }

    def _action(self, sign: str, text: str, keys: QKeySequence | None, do: Callable[[QueuedJob], object]) -> QAction:
        action = QAction(icon(sign), text, self.view)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        if keys is not None:
            action.setShortcut(keys)
            action.setToolTip(f"{text} ({keys.toString(QKeySequence.SequenceFormat.NativeText)})")

        def act() -> None:
            if (row := self.chosen) is not None:
                do(row)

        action.triggered.connect(act)
        self.view.addAction(action)
        return action

    def _set_up_view(self) -> None:
        self.view.setModel(self.rows)
        self.view.setItemDelegate(JobPainter(self._jobs, self.view))
        self.view.setAccessibleName(self.tr("Queue"))
        self.view.setAccessibleDescription(self.tr("Alt with the arrow keys moves a clip, Delete removes it."))
        self.view.setUniformItemSizes(True)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.view.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._show_menu)
        self.view.selectionModel().currentChanged.connect(lambda *_: self._refresh())
        self.view.activated.connect(lambda _: self._actions["open"].trigger())

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Queue"))
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        self.summary.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.tools = QWidget()
        tools = QHBoxLayout(self.tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(0)
        for name in ("stop", "retry", "remove", "up", "down"):
            tools.addWidget(self._button(self._actions[name]))
        head = QHBoxLayout()
        head.addWidget(title)
        head.addWidget(self.summary, 1)
        for widget in (self.tools, self.pause, self.clear):
            head.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self.note)
        column.addWidget(self.empty, 1)
        column.addWidget(self.view, 1)

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setDefaultAction(action)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(action.text())
        return button

    def _refresh(self) -> None:
        jobs, row = self._jobs, self.chosen
        self.summary.setText(summary(jobs))
        self.summary.setToolTip(self.summary.text())
        self.pause.setText(self.tr("Resume") if jobs.paused else self.tr("Pause"))
        self.pause.setIcon(icon("play" if jobs.paused else "pause"))
        self.pause.setToolTip(
            self.tr("Go on with the next clip") if jobs.paused else self.tr("Finish the present clip, then pause")
        )
        self.pause.setEnabled(jobs.paused or jobs.waiting > 0 or jobs.current is not None)
        self.clear.setToolTip(self.tr("Forget what is done, failed or stopped; finished clips stay in the gallery"))
        self.clear.setAccessibleName(self.tr("Clear finished jobs"))
        self.clear.setEnabled(any(each.state.ended for each in jobs.rows))
        self.note.setVisible(bool(self.note.text()) and bool(jobs.waiting or jobs.current))
        self.empty.setVisible(not jobs.rows)
        self.view.setVisible(bool(jobs.rows))
        self.tools.setVisible(row is not None)
        ended, index = row is not None and row.state.ended, self.view.currentIndex().row()
        enabled = {
            "stop": row is not None and not ended,
            "retry": row is not None and ended,
            "remove": row is not None,
            "up": row is not None and index > 0,
            "down": row is not None and index < len(jobs.rows) - 1,
            "open": row is not None and row.state is JobState.DONE and row.output is not None,
            "settings": row is not None,
        }
        for name, action in self._actions.items():
            action.setEnabled(enabled[name])

    def _bring_into_view(self, row: QueuedJob) -> None:
        index = self.rows.index_of(row.number)
        # Whoever moves about in the list is not carried away.
        if index is not None and not self.view.hasFocus():
            self.view.scrollTo(self.rows.index(index))

    def _shift(self, row: QueuedJob, step: int) -> None:
        self._jobs.move(row, max(0, self.view.currentIndex().row() + step))
        self._refresh()

    def _open(self, row: QueuedJob) -> None:
        if row.state is JobState.DONE and row.output is not None:
            self.open_requested.emit(row.output)

    def menu(self) -> QMenu:
        """Return what can be done with the chosen job."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in ("open", "settings", "retry", "stop", "remove", "up", "down"):
            if self._actions[name].isEnabled():
                menu.addAction(self._actions[name])
        return menu

    def _show_menu(self, at: QPoint) -> None:
        if self.chosen is not None:
            self.menu().popup(self.view.viewport().mapToGlobal(at))
