"""A worker without a process that takes as long as the test wants."""

import queue
import threading
from typing import Any

from pia_edge.cancel import CancelToken
from pia_edge.errors import Cancelled
from pia_edge.progress import OnStep, Progress, Stage
from pia_edge.worker import Worker
from pia_edge.worker.questions import Question


class SlowWorker(Worker):
    """Answers by what :meth:`answer` is given; reports one step of four before."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Question] = []
        self.closed = 0
        self._answers: queue.Queue[Any] = queue.Queue()

    def answer(self, reply: object) -> None:
        """Let the question that is asked be answered by ``reply``, or fail by it if it is an error."""
        self._answers.put(reply)

    def ask(
        self, question: Question, kind: type[Any], *, on_step: OnStep | None = None, cancel: CancelToken | None = None
    ) -> Any:
        """Wait for the answer, or until the question is taken back."""
        self.asked.append(question)
        if on_step is not None:
            on_step(Progress(Stage.VERIFY, 1, 4, 2.0))
        while True:
            if cancel is not None and cancel.cancelled:
                raise Cancelled("Stopped as asked.")
            try:
                reply = self._answers.get(timeout=0.01)
            except queue.Empty:
                continue
            if isinstance(reply, Exception):
                raise reply
            assert isinstance(reply, kind)
            return reply

    def close(self) -> None:
        """Count it."""
        assert threading.current_thread() is not threading.main_thread()
        self.closed += 1
