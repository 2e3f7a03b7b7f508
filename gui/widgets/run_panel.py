"""The bar that begins and stops clips, and says how far the one is that is being made."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QPalette, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from pia_edge.errors import PiaError
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.queued_job import QueuedJob
from pia_edge.gui.widgets.error_line import ErrorLine
from pia_edge.gui.widgets.fit_width import fit_width
from pia_edge.gui.widgets.icons import icon
from pia_edge.gui.widgets.job_words import state_words
from pia_edge.gui.widgets.plan_line import PlanLine
from pia_edge.gui.widgets.progress_words import left_words, stage_words
from pia_edge.job import Made

_LOOK = 500
"""Milliseconds between two looks at how long it will still take."""
_PARTS = 1000


class RunPanel(QWidget):
    """Animate and Stop, the plan before a run, and the progress during it."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._plan, self._draft, self._log = desk.jobs, desk.plan, desk.draft, desk.log
        self._names = {
            "animate": self.tr("Animate"),
            "anyway": self.tr("Animate anyway"),
            "queue": self.tr("Add to queue"),
        }
        self.animate = QPushButton(icon("animate"), "", default=True)
        self.stop = QPushButton(icon("stop"), self.tr("Stop"), autoDefault=False)
        self.plan_line = PlanLine(desk.plan)
        self.bar = QProgressBar(maximum=_PARTS, textVisible=False)
        self.bar.setAccessibleName(self.tr("Progress of the clip"))
        self.status = QLabel()
        fit_width(self.status)
        self.status.setAccessibleName(self.tr("What happens now"))
        self.status.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.error_line = ErrorLine()
        self._timer = QTimer(self, interval=_LOOK)
        self._timer.timeout.connect(self._show_progress)
        self._lay_out()
        self._connect()
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the clip while it can be seen."""
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Rest."""
        self._timer.stop()
        super().hideEvent(event)

    def _lay_out(self) -> None:
        self.animate.setToolTip(self.tr("Make this clip (Ctrl+Return)"))
        self.stop.setToolTip(self.tr("Stop the clip that is being made (Esc)"))
        self.stop.setAccessibleName(self.tr("Stop the clip that is being made"))
        # The button says what it would do, and what stands beside it stays where it is.
        for name in self._names.values():
            self.animate.setText(name)
            self.animate.setMinimumWidth(max(self.animate.minimumWidth(), self.animate.sizeHint().width()))
        self.bar.setMaximumHeight(self.fontMetrics().height() // 2)
        buttons = QHBoxLayout()
        buttons.addWidget(self.animate)
        buttons.addWidget(self.stop)
        buttons.addStretch()
        buttons.addWidget(self.plan_line.more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(buttons)
        for widget in (self.plan_line, self.bar, self.status, self.error_line):
            column.addWidget(widget)

    def _connect(self) -> None:
        self.animate.clicked.connect(self._add)
        self.stop.clicked.connect(self._stop)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.animate.click)
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.stop.click)
        self.plan_line.shown.connect(self._refresh)
        self._jobs.changed.connect(self._refresh)
        self._jobs.progressed.connect(self._show_progress)
        self._jobs.noted.connect(lambda _, note: self.status.setToolTip(note))
        self._jobs.started.connect(lambda _: self.error_line.hide())
        self._jobs.finished.connect(self._tell_made)
        self._jobs.failed.connect(self._tell_failed)
        self._jobs.troubled.connect(self.error_line.show_error)

    def _add(self) -> None:
        try:
            self._jobs.add(self._draft.state)
        except PiaError as error:
            self.error_line.show_error(error)
        else:
            self.error_line.hide()

    def _stop(self) -> None:
        if (running := self._jobs.current) is not None:
            self._jobs.stop(running)
            self.status.setText(self.tr("Stopped. Nothing was written."))

    def _refresh(self) -> None:
        running = self._jobs.current
        plan = self._plan.plan
        if running is not None or self._jobs.waiting:
            self.animate.setText(self._names["queue"])
        elif plan is not None and not plan.fits:
            self.animate.setText(self._names["anyway"])
        else:
            self.animate.setText(self._names["animate"])
        self.animate.setEnabled(not self._plan.incomplete)
        self.stop.setEnabled(running is not None)
        self._escape.setEnabled(running is not None)
        self.bar.setVisible(running is not None)
        if running is None:
            self._timer.stop()
            self.bar.setValue(0)
        elif self.isVisible():
            self._timer.start()
            self._show_progress()
        self.status.setVisible(bool(self.status.text()))

    def _show_progress(self) -> None:
        if self._jobs.current is None:
            return
        course = self._jobs.course if self._jobs.here is not None else None
        if self._jobs.here is None:
            words = self.tr("Another window makes a clip")
        else:
            words = stage_words(None if course is None else course.progress)
        known = course is not None and course.fraction() > 0
        # Nothing is known of a clip in another window, and at first of one that loads: the bar says that it goes on.
        self.bar.setMaximum(_PARTS if known else 0)
        if course is not None and known:
            self.bar.setValue(round(course.fraction() * _PARTS))
        closing = self.tr("this window closes then") if self._jobs.held else ""
        self.status.setText(" · ".join(part for part in (words, left_words(course), closing) if part))
        self.status.setVisible(True)

    def _tell_made(self, row: QueuedJob, made: Made) -> None:
        words = self.tr("{done}, with seed {seed}. Saved as {name}.")
        name = made.path.name.encode(errors="backslashreplace").decode()
        self.status.setText(words.format(done=state_words(row, self._jobs), seed=row.seed, name=name))
        self._refresh()

    def _tell_failed(self, _row: QueuedJob, error: PiaError) -> None:
        self.status.clear()
        self.error_line.show_error(error, self._jobs.log, self._log.private)
        self._refresh()
