"""Progress on stderr, streams that print anything, and work that Ctrl-C or SIGTERM reaches within a step."""

import io
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TextIO, TypeVar

from pia_edge.cancel import CancelToken
from pia_edge.errors import Cancelled
from pia_edge.progress import OnStep, Progress, Stage

Result = TypeVar("Result")

_SIGTERM_EXIT = 128 + signal.SIGTERM

_WORDS = {
    Stage.ENCODE: "reading picture and prompt",
    Stage.PREPARE: "preparing the network",
    Stage.DENOISE: "animating",
    Stage.DECODE: "drawing frames",
    Stage.READ_SOURCES: "reading models (MB)",
    Stage.WRITE_WEIGHTS: "writing bundle (MB)",
    Stage.CALIBRATE: "measuring what layers are given",
    Stage.CONVERT: "converting modules",
    Stage.PROVE: "comparing with the reference",
    Stage.MEASURE: "measuring all layers",
    Stage.SEARCH: "trying recipes",
    Stage.EVALUATE: "measuring clips",
    Stage.COPY: "copying the bundle (MB)",
    Stage.VERIFY: "checking the bundle (MB)",
}


class ProgressLine:
    """One line that is redrawn on a terminal; a line per fifth of a stage elsewhere."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._redraw = self._stream.isatty()
        self._last = ""

    def __call__(self, progress: Progress) -> None:
        """Show ``progress``."""
        fifth = max(1, progress.total // 5)
        if not self._redraw and progress.done % fifth and progress.done != progress.total:
            return
        seconds = progress.seconds_left or 0.0
        left = f", {_duration(seconds)} left" if seconds >= 1 else ""
        text = f"{_WORDS[progress.stage]}: {progress.done} of {progress.total}{left}"
        if not self._redraw:
            self._stream.write(text + "\n")
        else:
            width = shutil.get_terminal_size().columns - 1
            text = text[:width]
            self._stream.write("\r" + text.ljust(min(width, len(self._last))))
        self._last = text
        self._stream.flush()

    def close(self) -> None:
        """Leave the cursor at the start of a clean line."""
        if self._redraw and self._last:
            self._stream.write("\r" + " " * len(self._last) + "\r")
            self._stream.flush()


def print_note(text: str) -> None:
    """Show a sentence for the user on stderr, in the place of a line of progress if there is one."""
    if sys.stderr.isatty():
        sys.stderr.write("\r" + " " * (shutil.get_terminal_size().columns - 1) + "\r")
    sys.stderr.write(f"note: {text}\n")
    sys.stderr.flush()


def _duration(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}" if whole >= 60 else f"{whole} s"


def prepare_streams(*, as_json: bool) -> None:
    """Make stdout and stderr take any text whatever the terminal's encoding; JSON is always UTF-8 (RFC 8259)."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us
            setattr(sys, name, io.StringIO())
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8" if as_json else None, errors="backslashreplace")


@contextmanager
def ending_on_sigterm() -> Iterator[None]:
    """While the block runs, SIGTERM raises ``SystemExit(143)``, so that half-written files are removed."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(_SIGTERM_EXIT)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def run_with_progress(work: Callable[[CancelToken, OnStep | None], Result], *, quiet: bool) -> Result:
    """Return what ``work`` returns, run by :func:`run_interruptibly`; its progress is shown unless ``quiet``."""
    if quiet:
        return run_interruptibly(lambda token: work(token, None))
    line = ProgressLine()
    try:
        return run_interruptibly(lambda token: work(token, line))
    finally:
        line.close()


def run_interruptibly(work: Callable[[CancelToken], Result]) -> Result:
    """Return what ``work`` returns; Ctrl-C or SIGTERM cancels its token, the same signal again kills the process.

    Python runs signal handlers in the main thread alone, and not while it is inside a runtime's call, so the work
    runs in a thread of its own and the main thread only waits.

    Raises:
        Cancelled: a signal came; the exit code is 128 and the signal's number, 130 or 143.
    """
    token = CancelToken()
    received: list[int] = []
    results: list[Result] = []
    errors: list[BaseException] = []

    def target() -> None:
        try:
            results.append(work(token))
        except BaseException as error:  # handed to the caller's thread below
            errors.append(error)

    def stop(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        received.append(number)
        token.cancel()

    if threading.current_thread() is not threading.main_thread():
        return work(token)
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    thread = threading.Thread(target=target, name="animate", daemon=True)
    try:
        thread.start()
        while thread.is_alive():
            thread.join(0.1)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if errors:
        if received and isinstance(errors[0], Cancelled):
            errors[0].exit_code = 128 + received[0]
        raise errors[0]
    return results[0]
