"""Work that is killed (SIGKILL) before each of its changes to the disk in turn, in a process without threads."""

import itertools
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

_CHANGES = ("os.link", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "fcntl.flock")


def kill_everywhere(
    root: Path, prepare: Callable[[Path], None], work: Callable[[Path], None], check: Callable[[Path], None]
) -> int:
    """Kill ``work`` before its first change to the disk, its second, …, until it ends by itself; return how often.

    Args:
        root: where each round gets a folder of its own.
        prepare: called with this folder first.
        work: called with it in a child process.
        check: called with it once the child is dead.
    """
    # What a process wrote outlives it without this; only a power cut would need it, and the disk is slow.
    os.fsync = lambda fd: None  # noqa: ARG005 - the name is part of the signature
    for step in itertools.count():
        folder = root / str(step)
        folder.mkdir(parents=True)
        prepare(folder)
        child = os.fork()
        if child == 0:
            _work(folder, work, step)
        status = os.waitpid(child, 0)[1]
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        check(folder)
        if not os.WIFSIGNALED(status):
            return step
    raise AssertionError("unreachable")


def _work(folder: Path, work: Callable[[Path], None], step: int) -> None:
    left = iter(range(step, -1, -1))

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if (event in _CHANGES or (event == "open" and _writes(folder, *arguments))) and next(left, 0) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    work(folder)
    os._exit(0)


def _writes(folder: Path, path: object, _mode: object, flags: object) -> bool:
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR)) and str(path).startswith(str(folder))
