"""Makes the clips of the queue one after the other, in a worker of its own, beside the window."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from pia_edge.cancel import CancelToken
from pia_edge.errors import Cancelled, PiaError, as_pia_error
from pia_edge.files import explained
from pia_edge.gui.model.pace import Paces
from pia_edge.gui.model.queue_store import QueueStore
from pia_edge.gui.model.queued_job import JobState, QueuedJob
from pia_edge.gui.model.stopwatch import Stopwatch
from pia_edge.job import Made
from pia_edge.progress import Progress
from pia_edge.worker import Worker

_LOOK = 2.0
"""Seconds between two looks at whether another window has left a job behind."""

OpenBooks = Callable[[], tuple[QueueStore, Paces]]


class Runner(QObject):
    """One thread and one worker; signals arrive in the thread that owns this object."""

    began = Signal(object)
    """The job that is being made."""
    noted = Signal(object, str)
    """The job, and a sentence for the user."""
    progressed = Signal(object, object)
    """The job, and the newest progress; older ones are dropped where the window is slow."""
    ended = Signal(object, object)
    """The job, and what came of it: ``Made``, a ``PiaError``, or None if it was stopped."""
    troubled = Signal(object)
    """A ``PiaError``: the queue itself cannot be read or written."""
    _stepped = Signal()

    def __init__(
        self,
        open_books: OpenBooks,
        clips: Path,
        parent: QObject | None = None,
        *,
        worker: Worker | None = None,
        max_memory: Callable[[], int | None] = lambda: None,
    ) -> None:
        """Begin at once.

        Args:
            open_books: gives queue and paces; called in the thread that uses them.
            clips: the folder for finished clips.
            parent: who owns this object.
            worker: what makes clips; one of its own if None.
            max_memory: asked for the bytes that each clip may take; in the thread that makes it.
        """
        super().__init__(parent)
        self._open_books = open_books
        self._clips = clips
        self._worker = worker or Worker()
        self._max_memory = max_memory
        self._mutex = threading.Lock()
        self._running: tuple[QueuedJob, CancelToken] | None = None
        self._newest: tuple[QueuedJob, Progress] | None = None
        self._trouble = ""
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._held = threading.Event()
        self._stepped.connect(self._tell_newest)
        self._thread = threading.Thread(target=self._work, name="clips", daemon=True)
        self._thread.start()

    @property
    def log(self) -> list[str]:
        """The last lines that the worker wrote to stderr."""
        return self._worker.log

    @property
    def memory(self) -> int:
        """Bytes that the worker has."""
        return self._worker.memory

    def wake(self) -> None:
        """Look at once whether there is something to do."""
        self._wake.set()

    def hold(self, held: bool) -> None:
        """Begin no further job in this window; the one that runs goes on."""
        (self._held.set if held else self._held.clear)()
        self.wake()

    def stop(self, number: int) -> None:
        """Stop the job ``number`` if it runs here."""
        with self._mutex:
            if self._running is not None and self._running[0].number == number:
                self._running[1].cancel()

    def close(self) -> None:
        """End the worker; the job that runs waits for the next start."""
        self._closing.set()
        with self._mutex:
            if self._running is not None:
                self._running[1].cancel()
        self.wake()
        self._thread.join(10)

    def _work(self) -> None:
        books: tuple[QueueStore, Paces] | None = None
        while not self._closing.is_set():
            job = None
            try:
                books = books or self._open_books()
                job = None if self._held.is_set() else books[0].claim(self._clips)
                self._trouble = ""
            except Exception as error:  # whatever it is, the thread lives on and the user hears of it
                self._say_trouble(as_pia_error(error))
            if job is None or books is None:
                self._wake.wait(_LOOK)
                self._wake.clear()
            else:
                self._run(job, *books)
        self._worker.close()

    def _run(self, job: QueuedJob, store: QueueStore, paces: Paces) -> None:
        token, watch = CancelToken(), Stopwatch()
        with self._mutex:
            self._running = job, token
        outcome = self._outcome(job, store, token, watch)
        timing = watch.stop()
        with self._mutex:
            self._running = self._newest = None
        self._insist(lambda: self._record(store, job, outcome))
        if isinstance(outcome, Made):
            self._try(lambda: paces.learn(outcome, timing))
        self.ended.emit(job, outcome)

    def _outcome(
        self, job: QueuedJob, store: QueueStore, token: CancelToken, watch: Stopwatch
    ) -> Made | PiaError | None:
        def on_step(progress: Progress) -> None:
            watch.hear(progress)
            self._keep_newest(job, progress)

        try:
            # Whoever stopped it before this line finds it stopped in the database, and after it by the token.
            if self._closing.is_set() or store.state(job.number) is not JobState.RUNNING:
                return None
            with explained(self._clips):
                self._clips.mkdir(parents=True, exist_ok=True)
            self.began.emit(job)
            return self._worker.animate(
                job.job(max_memory=self._max_memory()),
                on_note=lambda note: self.noted.emit(job, note),
                on_step=on_step,
                cancel=token,
            )
        except Cancelled:
            return None
        except Exception as error:
            return as_pia_error(error)

    def _record(self, store: QueueStore, job: QueuedJob, outcome: Made | PiaError | None) -> None:
        if isinstance(outcome, Made):
            store.record(job.number, JobState.DONE)
        elif outcome is not None:
            store.record(job.number, JobState.FAILED, str(outcome))
        elif self._closing.is_set():
            store.give_back(job.number)

    def _insist(self, write: Callable[[], None]) -> None:
        """Write, again and again where the disk refuses; a job is not begun before the last one is recorded."""
        while not self._try(write):
            if self._closing.wait(_LOOK):
                return

    def _try(self, write: Callable[[], None]) -> bool:
        try:
            write()
        except PiaError as error:
            self._say_trouble(error)
            return False
        return True

    def _say_trouble(self, error: PiaError) -> None:
        if str(error) != self._trouble:
            self._trouble = str(error)
            self.troubled.emit(error)

    def _keep_newest(self, job: QueuedJob, progress: Progress) -> None:
        with self._mutex:
            waiting = self._newest
            if waiting is not None and progress.preview is None:
                progress = replace(progress, preview=waiting[1].preview)
            self._newest = job, progress
        if waiting is None:
            self._stepped.emit()

    def _tell_newest(self) -> None:
        with self._mutex:
            newest, self._newest = self._newest, None
        if newest is not None:
            self.progressed.emit(*newest)
