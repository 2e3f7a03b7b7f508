"""Long work, one piece after the other, in a process of its own: short questions never wait for it."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from pia_edge.cancel import CancelToken
from pia_edge.errors import PiaError
from pia_edge.gui.model.questions import Questions
from pia_edge.progress import Progress
from pia_edge.worker.questions import Question, Reply

_Reply = TypeVar("_Reply", bound=Reply)


@dataclass(frozen=True, eq=False)
class Errand:
    """One piece of work."""

    title: str
    """What is being done, for the user."""
    question: Question
    kind: type[Any]
    done: Callable[[Any], object]
    failed: Callable[[PiaError], object]
    stopped: Callable[[], object] | None


class Errands(QObject):
    """Errands that are done in the order in which they were given."""

    changed = Signal()
    """Another errand is being done, or none any more."""
    progressed = Signal()
    """The errand is further."""

    def __init__(self, parent: QObject | None = None, *, questions: Questions | None = None) -> None:
        super().__init__(parent)
        self._questions = questions or Questions(self)
        self._waiting: deque[Errand] = deque()
        self._current: Errand | None = None
        self._token = CancelToken()
        self._progress: Progress | None = None

    @property
    def current(self) -> Errand | None:
        """What is being done."""
        return self._current

    @property
    def progress(self) -> Progress | None:
        """How far it is; None while it has not said."""
        return self._progress

    def give(
        self,
        title: str,
        question: Question,
        kind: type[_Reply],
        done: Callable[[_Reply], object],
        failed: Callable[[PiaError], object],
        *,
        stopped: Callable[[], object] | None = None,
    ) -> None:
        """Have ``question`` answered once all before it are; one of the callbacks is called in this thread.

        Args:
            title: what is being done, for the user.
            question: one of :mod:`pia_edge.worker.questions`.
            kind: the answer that belongs to it.
            done: called with the answer.
            failed: called with the error.
            stopped: called where the user stopped it, or what was done before it.
        """
        self._waiting.append(Errand(title, question, kind, done, failed, stopped))
        if self._current is None:
            self._next()

    def stop(self) -> None:
        """Stop what is being done, and drop what waits."""
        if self._current is None:
            return
        stopped = [self._current, *self._waiting]
        self._waiting.clear()
        self._token.cancel()
        self._end(lambda: _tell_all(stopped))

    def close(self) -> None:
        """Stop everything and end the process."""
        self._waiting.clear()
        self._token.cancel()
        self._current = None
        self._questions.close()

    def _next(self) -> None:
        self._progress = None
        self._current = errand = self._waiting.popleft() if self._waiting else None
        if errand is None:
            # Models, runtimes and PyTorch leave memory with the process.
            self._questions.rest()
        else:
            self._token = self._questions.ask(
                errand.question,
                errand.kind,
                lambda reply: self._finish(errand, lambda: errand.done(reply)),
                lambda error: self._finish(errand, lambda: errand.failed(error)),
                on_step=self._step,
            )
        self.changed.emit()

    def _finish(self, errand: Errand, tell: Callable[[], object]) -> None:
        if errand is self._current:
            self._end(tell)

    def _end(self, tell: Callable[[], object]) -> None:
        self._current = None
        tell()
        # Whoever was told may have given another errand.
        if self._current is None:
            self._next()

    def _step(self, progress: Progress) -> None:
        self._progress = progress
        self.progressed.emit()


def _tell_all(errands: list[Errand]) -> None:
    for errand in errands:
        if errand.stopped is not None:
            errand.stopped()
