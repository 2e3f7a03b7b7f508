"""Errors that nobody foresaw: the window stays, says so, and keeps the trace for a report."""

import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

from pia_edge.errors import PiaError, as_pia_error


@contextmanager
def told_of_unforeseen(tell: Callable[[PiaError], object], log: Callable[[str], object]) -> Iterator[None]:
    """While the block runs, what a slot raises is told to the user, and its trace kept.

    Qt calls slots, and what they raise goes no further than ``sys.excepthook``, which nobody reads in a program without
    a terminal.
    """
    before = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        before(kind, error, trace)
        if isinstance(error, Exception):
            log("".join(traceback.format_exception(error)))
            tell(as_pia_error(error))

    sys.excepthook = hook
    try:
        yield
    finally:
        sys.excepthook = before
