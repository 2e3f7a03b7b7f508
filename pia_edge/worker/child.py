"""One child process: started, spoken to, listened to, ended."""

import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from pia_edge.errors import PiaError
from pia_edge.worker import messages

_AFTER_SILENCE = 3.0
"""Seconds that a child which said its last word has to end."""
_NICE = 5
# Windows has neither the signal nor such exit codes.
_SIGKILLED = -9


class Ended(msgspec.Struct, frozen=True):
    """The child is gone."""

    how: str
    """For the user: how it ended."""
    killed: bool
    """By SIGKILL, which the system sends when memory runs out."""


class Child:
    """A child process and what it says; it dies with this one."""

    def __init__(
        self, log: Callable[[str], object], command: Sequence[str] | None = None, *, yielding: bool = False
    ) -> None:
        """Start it.

        Args:
            log: told each line that it writes to stderr, in another thread.
            command: what to start; this program's own if None.
            yielding: whether other programs come first where processors are short.
        """
        self.said: queue.Queue[messages.Answer | Ended] = queue.Queue()
        self._log = log
        self._yielding = yielding
        self._command = list(command or _command())
        self._process: subprocess.Popen[bytes] | None = None
        started = threading.Event()
        # On Linux a child dies with the thread that started it, so that thread stays as long as the child.
        threading.Thread(target=self._run, args=(started,), name="worker's voice", daemon=True).start()
        started.wait()

    def tell(self, message: messages.Request) -> None:
        """Send ``message``; one that has ended does not hear it, and says so by :class:`Ended`."""
        if self._process is None or self._process.stdin is None:
            return
        try:
            self._process.stdin.write(messages.encode(message))
            self._process.stdin.flush()
        except (OSError, ValueError):
            # Ended is on its way; what cannot be said to a dead child need not be.
            self._log("(did not hear the last request)")

    def memory(self) -> int:
        """Return its resident size in bytes; 0 once it has ended."""
        import psutil

        if self._process is None:
            return 0
        try:
            return int(psutil.Process(self._process.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def terminate(self) -> None:
        """Ask the system to end it."""
        if self._process is not None:
            self._process.terminate()

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()

    def close(self, patience: float) -> None:
        """End it: by the end of its stdin, and after ``patience`` seconds at once."""
        if self._process is None:
            return
        if self._process.stdin is not None:
            try:
                self._process.stdin.close()
            except OSError:
                self._log("(was gone already)")
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _run(self, started: threading.Event) -> None:
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                # Ctrl-C in a terminal is for the parent, which then cancels.
                start_new_session=True,
                # No console flashes up on Windows.
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            started.set()
            self.said.put(Ended(f"cannot be started: {error}", killed=False))
            return
        if self._yielding:
            _yield(self._process.pid)
        started.set()
        logger = threading.Thread(target=self._keep_log, args=(self._process,), name="worker's log", daemon=True)
        logger.start()
        fault = self._listen(self._process) or self._outlives_its_voice(self._process)
        if fault:
            self._process.kill()
        code = self._process.wait()
        logger.join()
        self._close_pipes(self._process)
        self.said.put(Ended(fault or _how(code), killed=not fault and code == _SIGKILLED))

    def _listen(self, process: "subprocess.Popen[bytes]") -> str | None:
        """Pass on what the child says until it falls silent; return what was wrong with it, if anything."""
        if process.stdout is None:
            raise TypeError("stdout is a pipe")
        while line := process.stdout.readline(messages.LARGEST):
            if not line.endswith(b"\n"):
                return None if len(line) < messages.LARGEST else "said more than a line may have"
            try:
                self.said.put(messages.decode_answer(line))
            except (msgspec.MsgspecError, PiaError):
                return f"said what is no message: {line[:60]!a}"
        return None

    def _close_pipes(self, process: "subprocess.Popen[bytes]") -> None:
        for pipe in (process.stdin, process.stdout, process.stderr):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:  # a request that it did not hear
                self._log("(did not hear the last request)")

    def _outlives_its_voice(self, process: "subprocess.Popen[bytes]") -> str | None:
        try:
            process.wait(_AFTER_SILENCE)
        except subprocess.TimeoutExpired:
            return "closed its output"
        return None

    def _keep_log(self, process: "subprocess.Popen[bytes]") -> None:
        if process.stderr is None:
            raise TypeError("stderr is a pipe")
        while line := process.stderr.readline(4096):
            self._log(line.decode(errors="replace").rstrip())


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        program = Path(sys.executable)
        # A program with windows has no stdin on Windows; the one beside it, with a console, has.
        beside = program.with_name(f"pia-edge{program.suffix}")
        return [str(beside if beside.exists() else program), "_worker"]
    # -P: a folder that happens to be the current one is no place for code.
    return [sys.executable, "-P", "-m", "pia_edge.worker"]


def _yield(pid: int) -> None:
    """Let other programs come before a process that has just begun; its threads inherit that."""
    import psutil

    with suppress(psutil.Error):  # it has ended already
        process = psutil.Process(pid)
        if sys.platform == "win32":
            process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            process.nice(max(process.nice(), _NICE))


def _how(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"ended by signal {-code}"
