"""The child: makes clips and answers questions as it is asked to on stdin, and says how far it is on stdout."""

import ctypes
import faulthandler
import os
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from pia_edge._version import __version__
from pia_edge.cancel import CancelToken
from pia_edge.errors import as_pia_error
from pia_edge.job import run_job
from pia_edge.progress import Progress
from pia_edge.worker import messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from pia_edge.pipeline import AnimationPipeline

_HEARTBEAT = 1.0
_PR_SET_PDEATHSIG = 1
_LAST_WORDS = 2.0
"""Seconds that a clip has to stop when the parent is gone."""


def serve() -> None:
    """Serve until stdin ends, which it does when the parent dies."""
    _die_with_the_parent()
    faulthandler.enable()
    # Ctrl-C may reach every process of a terminal; what it means is for the parent to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child = _Child(_own_stdout())
    child.say(messages.Hello(__version__))
    threading.Thread(target=child.keep_saying_alive, name="heartbeat", daemon=True).start()
    for line in sys.stdin.buffer:
        child.hear(messages.decode_request(line))
    child.stop()
    # A runtime's threads may still be busy and would keep the process alive.
    os._exit(0)


def _own_stdout() -> BinaryIO:
    """Return stdout for messages alone; what libraries print goes to stderr."""
    own = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return own


def _die_with_the_parent() -> None:
    if sys.platform != "linux":
        return
    # Beside the end of stdin, which a call that holds Python's lock would not notice.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # When memory runs out, this process goes and the one with the windows stays.
    try:
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
    except OSError as error:  # some containers
        sys.stderr.write(f"The system may end other programs first when memory runs out: {error}\n")


class _Child:
    def __init__(self, stdout: BinaryIO) -> None:
        self._stdout = stdout
        self._lock = threading.Lock()
        self._number = 0
        self._token = CancelToken()
        self._thread: threading.Thread | None = None
        self._key: tuple[str, str, str | None] | None = None
        self._pipeline: AnimationPipeline | None = None

    def say(self, message: messages.Answer) -> None:
        line = messages.encode(message)
        with self._lock:
            self._stdout.write(line)
            self._stdout.flush()

    def keep_saying_alive(self) -> None:
        beat = threading.Event()
        while not beat.wait(_HEARTBEAT):
            self.say(messages.Alive())

    def hear(self, request: messages.Request) -> None:
        if isinstance(request, messages.Cancel):
            if request.number == self._number:
                self._token.cancel()
            return
        if self._thread is not None:
            # The parent asks for the next clip once it has heard of this one: its thread is at its end.
            self._thread.join()
        self._number, self._token = request.number, CancelToken()
        work = self._make if isinstance(request, messages.Animate) else self._find
        self._thread = threading.Thread(target=self._say_what_comes_of, args=(work, request), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._token.cancel()
        if self._thread is not None:
            self._thread.join(_LAST_WORDS)

    def _say_what_comes_of(
        self, work: "Callable[[Any, CancelToken], messages.Answer]", request: messages.Animate | messages.Ask
    ) -> None:
        try:
            answer = work(request, self._token)
        except Exception as error:
            intended = as_pia_error(error)
            if intended is not error:
                traceback.print_exc()
            # File names that are not Unicode exist on Linux; JSON is.
            message = str(intended).encode(errors="backslashreplace").decode()
            answer = messages.Failed(request.number, type(intended).__name__, message)
        self.say(answer)

    def _make(self, request: messages.Animate, token: CancelToken) -> messages.Answer:
        number = request.number
        made = run_job(
            request.job,
            open_pipeline=self._open,
            on_note=lambda text: self.say(messages.Note(number, text)),
            on_step=lambda progress: self._tell(number, progress),
            cancel=token,
        )
        return messages.Finished(number, made)

    def _find(self, request: messages.Ask, token: CancelToken) -> messages.Answer:
        from pia_edge.worker.answering import Listener, answer

        listener = Listener(lambda progress: self._tell(request.number, progress), token)
        return messages.Answered(request.number, answer(request.question, listener))

    def _tell(self, number: int, progress: Progress) -> None:
        preview = messages.preview_of(progress.preview)
        self.say(messages.Step(number, progress.stage, progress.done, progress.total, progress.seconds_left, preview))

    def _open(self, bundle: str | None, backend: str, device: str | None) -> "AnimationPipeline":
        """The pipeline of the last clip, if the next one needs the same: its modules are loaded."""
        from pia_edge.bundle.find import find_bundle
        from pia_edge.bundle.opening import read_manifest
        from pia_edge.pipeline import AnimationPipeline

        # A name may stand for another bundle by now.
        key = (read_manifest(find_bundle(bundle))[1], backend, device)
        if self._pipeline is None or self._key != key:
            self._pipeline = None
            self._pipeline, self._key = AnimationPipeline.open(bundle, backend, device), key
        return self._pipeline
