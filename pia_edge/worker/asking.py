"""The parent: asks a child process for clips and answers, and starts another one when it dies."""

import math
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import NoReturn, Self, TypeVar

from pia_edge import errors
from pia_edge._version import __version__
from pia_edge.cancel import CancelToken
from pia_edge.errors import OutOfMemoryError, PiaError, WorkerError
from pia_edge.job import Job, Made
from pia_edge.progress import OnStep, Progress
from pia_edge.worker import messages
from pia_edge.worker.child import Child, Ended
from pia_edge.worker.questions import Question, Reply

_Reply = TypeVar("_Reply", bound=Reply)
_TERMINATE_AFTER = 2.0
_KILL_AFTER = 5.0
"""Seconds after which a child that was asked to stop is made to."""
_LOG_LINES = 200
_NO_LAST_WORDS = ("Extension modules:", "(", "  ", "Current thread", "Thread")
"""How lines begin that help nobody: of a dump of Python's, and notes of our own."""
_LOOK = 0.05
"""Seconds between two looks at whether to stop."""


class Worker:
    """Makes clips in a child process, one at a time; the child keeps the bundle of the last clip loaded.

    A child that crashes, hangs or is killed costs the clip that it was making and nothing else: the next call starts
    another one. The child ends with this process, however that ends.
    """

    def __init__(
        self,
        *,
        command: Sequence[str] | None = None,
        patience: float = 60.0,
        on_log: Callable[[str], object] | None = None,
        yielding: bool = False,
    ) -> None:
        """Start nothing yet: the child is started for the first clip.

        Args:
            command: what to start; this program's own if None.
            patience: seconds of silence after which a child counts as hung. It says every second that it is alive.
            on_log: told each line that a child writes to stderr, in a thread of its own.
            yielding: let other programs come first where processors are short.
        """
        self._command = command
        self._patience = patience
        self._child: Child | None = None
        self._lock = threading.Lock()
        self._log: deque[str] = deque(maxlen=_LOG_LINES)
        self._on_log = on_log
        self._yielding = yielding
        self._number = 0
        self._busy = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def log(self) -> list[str]:
        """The last lines that children wrote to stderr, also those of one that is gone."""
        return list(self._log)

    @property
    def memory(self) -> int:
        """Resident size of the child in bytes; 0 if there is none."""
        child = self._child
        return 0 if child is None else child.memory()

    def animate(
        self,
        job: Job,
        *,
        on_note: Callable[[str], object] | None = None,
        on_step: OnStep | None = None,
        cancel: CancelToken | None = None,
    ) -> Made:
        """Make a clip; another thread that calls this waits until it is done.

        Args:
            job: what to do.
            on_note: told each note, in this thread.
            on_step: told how far the clip is, in this thread.
            cancel: stops the work within a step; a child that does not stop is ended.

        Raises:
            WorkerError: the child ended or hung; the next call starts another one.
            OutOfMemoryError: the work does not fit, or the system killed the child.
            Cancelled: ``cancel`` was used.
            PiaError: whatever the work itself raises; see :func:`pia_edge.job.run_job`.
        """
        answer = self._request(lambda number: messages.Animate(number, job), on_note, on_step, cancel)
        return answer.made if isinstance(answer, messages.Finished) else self._stray(answer)

    def ask(
        self,
        question: Question,
        kind: type[_Reply],
        *,
        on_step: OnStep | None = None,
        cancel: CancelToken | None = None,
    ) -> _Reply:
        """Ask what is not a clip, and return the answer; another thread that calls this waits until it is there.

        Args:
            question: one of ``questions.py``.
            kind: the answer that belongs to it.
            on_step: told how far the answer is, in this thread.
            cancel: stops the work; a child that does not stop is ended.

        Raises:
            WorkerError, OutOfMemoryError, Cancelled, PiaError: as :meth:`animate`.
        """
        answer = self._request(lambda number: messages.Ask(number, question), None, on_step, cancel)
        if isinstance(answer, messages.Answered) and isinstance(answer.reply, kind):
            return answer.reply
        return self._stray(answer)

    def _request(
        self,
        message: Callable[[int], messages.Animate | messages.Ask],
        on_note: Callable[[str], object] | None,
        on_step: OnStep | None,
        cancel: CancelToken | None,
    ) -> messages.Finished | messages.Answered:
        token = cancel or CancelToken()
        with self._lock:
            token.check()
            child = self._started()
            self._number += 1
            self._busy = True
            try:
                child.tell(message(self._number))
                return self._wait(child, token, on_note, on_step)
            finally:
                if self._busy:
                    self._end(child)

    def _stray(self, answer: messages.Answer) -> NoReturn:
        self.close()
        raise WorkerError(f"The worker answered by {type(answer).__name__}, which was not asked for, and was ended.")

    def close(self) -> None:
        """End the child, if there is one."""
        with self._lock:
            if self._child is not None:
                self._child.close(_TERMINATE_AFTER)
                self._child = None

    def _started(self) -> Child:
        if self._child is None:
            self._child = Child(self._keep, self._command, yielding=self._yielding)
        return self._child

    def _keep(self, line: str) -> None:
        self._log.append(line)
        if self._on_log is not None:
            self._on_log(line)

    def _end(self, child: Child) -> None:
        child.kill()
        self._child, self._busy = None, False

    def _wait(
        self, child: Child, token: CancelToken, on_note: Callable[[str], object] | None, on_step: OnStep | None
    ) -> messages.Finished | messages.Answered:
        heard, asked = time.monotonic(), math.inf
        while True:
            if token.cancelled and math.isinf(asked):
                child.tell(messages.Cancel(self._number))
                asked = time.monotonic()
            try:
                message = child.said.get(timeout=_LOOK)
            except queue.Empty:
                self._hurry(child, time.monotonic() - heard, time.monotonic() - asked)
                continue
            heard = time.monotonic()
            if isinstance(message, Ended):
                token.check()
                raise self._ended(message)
            if isinstance(message, messages.Hello):
                self._check_version(message)
            elif isinstance(message, messages.Alive) or message.number != self._number:
                continue
            elif isinstance(message, messages.Finished | messages.Answered):
                self._busy = False
                return message
            elif isinstance(message, messages.Failed):
                self._busy = False
                raise _error(message)
            elif isinstance(message, messages.Note):
                if on_note is not None:
                    on_note(message.text)
            elif on_step is not None:
                on_step(_progress(message))

    def _hurry(self, child: Child, silent: float, stopping: float) -> None:
        """End a child that does not stop when it was asked to, or says nothing."""
        if stopping > _KILL_AFTER:
            child.kill()
        elif stopping > _TERMINATE_AFTER:
            child.terminate()
        elif silent > self._patience:
            raise WorkerError(
                f"The worker has said nothing for {silent:.0f} seconds and was ended. The next clip starts another one."
            )

    def _ended(self, message: Ended) -> PiaError:
        if message.killed:
            return OutOfMemoryError(
                "The worker was killed, most likely because memory ran out. Ask for fewer frames or a smaller size, "
                "or close other programs."
            )
        last = next((line for line in reversed(self.log) if not line.startswith(_NO_LAST_WORDS)), "")
        said = f" It said last: {last[:200]}" if last else ""
        return WorkerError(f"The worker {message.how}. The next clip starts another one.{said}")

    def _check_version(self, hello: messages.Hello) -> None:
        if hello.version != __version__:
            raise WorkerError(
                f"Expected a worker of version {__version__}, found {hello.version[:60]!a}. Restart the program, which "
                "was updated while it ran."
            )


def _error(failed: messages.Failed) -> PiaError:
    kind = getattr(errors, failed.error, None)
    if isinstance(kind, type) and issubclass(kind, PiaError):
        return kind(failed.message)
    return PiaError(failed.message)


def _progress(step: messages.Step) -> Progress:
    preview = None
    if step.preview is not None:
        import numpy as np

        preview = np.frombuffer(step.preview.pixels, np.uint8).reshape(step.preview.shape)
    return Progress(step.stage, step.done, step.total, step.seconds_left, preview)
