"""Questions to a worker process from the window's thread, without waiting."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from PySide6.QtCore import QObject, Signal

from pia_edge.cancel import CancelToken
from pia_edge.errors import Cancelled, PiaError, as_pia_error
from pia_edge.progress import OnStep
from pia_edge.worker import Worker
from pia_edge.worker.questions import Question, Reply

_Reply = TypeVar("_Reply", bound=Reply)


@dataclass(frozen=True)
class _Asked:
    question: Question
    kind: type[Any]
    done: Callable[[Any], object]
    failed: Callable[[PiaError], object] | None
    on_step: OnStep | None
    topic: str | None
    token: CancelToken


class Questions(QObject):
    """Asks a worker of its own, one question after the other, and calls back in the thread that owns this object.

    Clips are made by another worker, so that questions are answered while one is being made.
    """

    failed = Signal(object)
    """A ``PiaError`` that no caller wanted to hear of."""
    _heard = Signal(object)

    def __init__(self, parent: QObject | None = None, *, worker: Worker | None = None) -> None:
        super().__init__(parent)
        self._worker = worker or Worker()
        self._waiting: queue.Queue[_Asked | Literal["rest"] | None] = queue.Queue()
        self._newest: dict[str, _Asked] = {}
        self._present: _Asked | None = None
        self._heard.connect(lambda call: call())
        self._thread = threading.Thread(target=self._work, name="questions", daemon=True)
        self._thread.start()

    @property
    def log(self) -> list[str]:
        """The last lines that the worker wrote to stderr."""
        return self._worker.log

    def ask(
        self,
        question: Question,
        kind: type[_Reply],
        done: Callable[[_Reply], object],
        failed: Callable[[PiaError], object] | None = None,
        *,
        on_step: OnStep | None = None,
        topic: str | None = None,
    ) -> CancelToken:
        """Ask ``question`` and return at once.

        Args:
            question: one of :mod:`pia_edge.worker.questions`.
            kind: the answer that belongs to it.
            done: called with the answer.
            failed: called with the error; :attr:`failed` is emitted if None. Not called for what was cancelled.
            on_step: called while the answer is being found.
            topic: a newer question on the same topic takes the place of this one, whose answer nobody hears then.

        Returns:
            Takes the question back when it is cancelled.
        """
        asked = _Asked(question, kind, done, failed, on_step, topic, CancelToken())
        if topic is not None:
            older = self._newest.get(topic)
            if older is not None:
                older.token.cancel()
            self._newest[topic] = asked
        self._waiting.put(asked)
        return asked.token

    def rest(self) -> None:
        """End the worker's process once all that was asked is answered; the next question starts another one."""
        self._waiting.put("rest")

    def close(self) -> None:
        """Take every question back and end the worker."""
        for asked in (*self._newest.values(), self._present):
            if asked is not None:
                asked.token.cancel()
        while not self._waiting.empty():
            self._waiting.get_nowait()
        self._waiting.put(None)
        self._thread.join(10)

    def _work(self) -> None:
        while (asked := self._waiting.get()) is not None:
            if asked == "rest":
                self._worker.close()
                continue
            if asked.token.cancelled:
                continue
            self._present = asked
            try:
                reply = self._worker.ask(asked.question, asked.kind, on_step=self._step_of(asked), cancel=asked.token)
            except Cancelled:
                continue
            except Exception as error:  # whatever it is, the thread lives on and the user hears of it
                self._call(asked, asked.failed or self.failed.emit, as_pia_error(error))
            else:
                self._call(asked, asked.done, reply)
        self._worker.close()

    def _step_of(self, asked: _Asked) -> OnStep | None:
        on_step = asked.on_step
        return None if on_step is None else lambda progress: self._call(asked, on_step, progress)

    def _call(self, asked: _Asked, callback: Callable[[Any], object], value: object) -> None:
        def call() -> None:
            if not asked.token.cancelled:
                callback(value)

        self._heard.emit(call)
