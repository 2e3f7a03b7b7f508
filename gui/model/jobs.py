"""The queue as the window shows it: what waits, runs and is done, and what the user does with it."""

from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from pia_edge.errors import OutputError, PiaError
from pia_edge.gui.model.course import Course
from pia_edge.gui.model.draft import DraftState
from pia_edge.gui.model.pace import Prediction
from pia_edge.gui.model.places import Places
from pia_edge.gui.model.questions import Questions
from pia_edge.gui.model.queue_home import QueueHome
from pia_edge.gui.model.queued_job import JobState, QueuedJob
from pia_edge.gui.model.runner import Runner
from pia_edge.job import Made
from pia_edge.job_plan import JobPlan
from pia_edge.progress import Progress
from pia_edge.request import draw_seed
from pia_edge.worker import Worker
from pia_edge.worker.plan_questions import PlanJob, Planned

_LOOK = 1000
"""Milliseconds between two looks at whether another window has changed the queue."""


class JobQueue(QObject):
    """Jobs in their order, shared by all windows; one is made at a time, in the window that claims it.

    A row is a :class:`QueuedJob`, which never changes: :attr:`rows` holds others once :attr:`changed` was emitted.
    """

    started = Signal(object)
    """The row whose clip this window makes."""
    progressed = Signal(object, object)
    """The row, and its ``Progress``; with a preview while it is denoised."""
    noted = Signal(object, str)
    """The row, and a sentence for the user."""
    finished = Signal(object, object)
    """The row, and what was ``Made``."""
    failed = Signal(object, object)
    """The row, and the ``PiaError``."""
    troubled = Signal(object)
    """A ``PiaError`` of the queue itself."""
    changed = Signal()

    def __init__(
        self,
        places: Places,
        questions: Questions,
        parent: QObject | None = None,
        *,
        worker: Worker | None = None,
        max_memory: Callable[[], int | None] = lambda: None,
    ) -> None:
        """Open the queue, and go on with what waits in it.

        Args:
            places: where queue and clips lie.
            questions: asked what a running job will do, for the time it takes.
            parent: who owns this object.
            worker: what makes clips; one of its own if None.
            max_memory: asked, in any thread, for the bytes that a clip may take.
        """
        super().__init__(parent)
        self._questions = questions
        self._home = QueueHome(places)
        self._store, self._paces = self._home.store, self._home.paces
        self.rows: tuple[QueuedJob, ...] = ()
        self.paused = False
        self.held = False
        """Whether this window begins no further job."""
        self.course: Course | None = None
        """Of the clip that this window makes."""
        self._here: QueuedJob | None = None
        self._loaded: tuple[str, str] | None = None
        self._version = self._store.version()
        self._read()
        self.notes = tuple(note for note in (self._home.note, self._left_behind()) if note)
        """What the user should know of the queue when the window opens."""
        self.max_memory = max_memory
        self._runner = self._started(places.clips, worker)
        self._timer = QTimer(self, interval=_LOOK)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    @property
    def current(self) -> QueuedJob | None:
        """The job that runs, here or in another window."""
        return next((row for row in self.rows if row.state is JobState.RUNNING), None)

    @property
    def here(self) -> QueuedJob | None:
        """The job that runs in this window."""
        running = self.current
        return running if running and self._here and running.number == self._here.number else None

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return sum(row.state is JobState.WAITING for row in self.rows)

    @property
    def log(self) -> list[str]:
        """The last lines that the worker wrote to stderr."""
        return self._runner.log

    @property
    def memory(self) -> int:
        """Bytes that the worker has, and uses again for the next clip."""
        return self._runner.memory

    def predict(self, plan: JobPlan) -> Prediction | None:
        """Return how long a clip will take here, or None if none like it was made yet."""
        try:
            return self._paces.predict(plan, loaded=(plan.bundle_sha256, plan.backend) == self._loaded)
        except OutputError as error:
            self.troubled.emit(error)
            return None

    def add(self, draft: DraftState) -> QueuedJob:
        """Append the clip that ``draft`` describes, with a seed if it has none, and return its row.

        Raises:
            RequestError: there is no picture or no prompt yet, or a value is impossible.
            OutputError: the queue cannot be written.
        """
        if draft.seed is None:
            draft = msgspec.structs.replace(draft, seed=draw_seed())
        draft.job(Path("clip.apng"))
        row = self._store.add(draft)
        self._after()
        return row

    def stop(self, row: QueuedJob) -> None:
        """Stop a job that waits or runs, at once; its worker is given a moment to follow."""
        self._do(lambda: self._store.stop(row.number))
        self._runner.stop(row.number)

    def pause(self) -> None:
        """Finish the clip that is being made, and begin no other."""
        self._do(lambda: self._store.set_paused(True))

    def resume(self) -> None:
        """Go on with the next job."""
        self._do(lambda: self._store.set_paused(False))

    def move(self, row: QueuedJob, index: int) -> None:
        """Put a job at ``index`` of :attr:`rows`."""
        self._do(lambda: self._store.move(row.number, index))

    def remove(self, row: QueuedJob) -> None:
        """Forget a job, stopped if it runs; a finished clip stays."""
        self.stop(row)
        self._do(lambda: self._store.remove(row.number))

    def retry(self, row: QueuedJob) -> None:
        """Let a job that ended wait again, with its seed."""
        self._do(lambda: self._store.retry(row.number))

    def clear_ended(self) -> None:
        """Forget every job that ended; finished clips stay."""
        ended = [row.number for row in self.rows if row.state.ended]
        self._do(lambda: self._store.remove(*ended))

    def hold(self, held: bool) -> None:
        """Begin no further job in this window, which is about to close; others go on."""
        self.held = held
        self._runner.hold(held)
        self.changed.emit()

    def close(self) -> None:
        """End the worker; what it made waits for the next start."""
        self._timer.stop()
        self._runner.close()
        self._home.close()

    def _started(self, clips: Path, worker: Worker | None) -> Runner:
        runner = Runner(self._home.books, clips, self, worker=worker, max_memory=self.max_memory)
        runner.began.connect(self._begin)
        runner.noted.connect(self.noted)
        runner.progressed.connect(self._hear)
        runner.ended.connect(self._end)
        runner.troubled.connect(self.troubled)
        return runner

    def _left_behind(self) -> str | None:
        count = sum(not row.state.ended for row in self.rows)
        if not count or not self._home.alone():
            return None
        if self.paused:
            return self.tr("%n clip(s) wait, and the queue is paused.", "", count)
        return self.tr("%n clip(s) were waiting when the window closed, and are made now.", "", count)

    def _do(self, change: Callable[[], None]) -> None:
        self._try(change)
        self._after()

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except PiaError as error:
            self.troubled.emit(error)

    def _after(self) -> None:
        self._look(always=True)
        self._runner.wake()

    def _look(self, *, always: bool = False) -> None:
        """Read the queue again if somebody changed it."""
        try:
            version = self._store.version()
            if not always and version == self._version:
                return
            self._version = version
            before = self.rows, self.paused
            self._read()
        except PiaError as error:
            self.troubled.emit(error)
            return
        if self._here is not None and self.here is None:
            self._runner.stop(self._here.number)
        if before != (self.rows, self.paused):
            self.changed.emit()

    def _read(self) -> None:
        self.rows, self.paused = tuple(self._store.rows()), self._store.paused

    def _row(self, job: QueuedJob) -> QueuedJob:
        return next((row for row in self.rows if row.number == job.number), job)

    def _begin(self, job: QueuedJob) -> None:
        self._here, self.course = job, Course()
        self._look(always=True)
        self.started.emit(job)
        question = PlanJob(job.job(max_memory=self.max_memory()), self.memory)
        # Whatever is wrong, the job itself will say.
        self._questions.ask(question, Planned, self._foresee, lambda _: None, topic="running clip")

    def _foresee(self, planned: Planned) -> None:
        if self.course is not None:
            self.course.prediction = self.predict(planned.plan)

    def _hear(self, job: QueuedJob, progress: Progress) -> None:
        if self.course is None or self.here is None or job.number != self.here.number:
            return
        self.course.hear(progress)
        self.progressed.emit(self.here, progress)

    def _end(self, job: QueuedJob, outcome: Made | PiaError | None) -> None:
        self._here = self.course = None
        self._try(self._read)
        row = self._row(job)
        if isinstance(outcome, Made):
            self._loaded = outcome.recipe.bundle_sha256, outcome.recipe.backend
            self.finished.emit(row, outcome)
        elif outcome is not None:
            self._loaded = None
            self.failed.emit(row, outcome)
        self.changed.emit()
