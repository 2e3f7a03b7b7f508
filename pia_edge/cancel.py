"""Stopping a running animation from another thread or a signal handler."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pia_edge.errors import Cancelled

_AGAIN = 0.05
"""Seconds until an interrupt is repeated."""


class CancelToken:
    """Carries the wish to stop from whoever has it to whatever is running."""

    def __init__(self) -> None:
        # Re-entrant: a signal handler may cancel while the same thread is inside one of these methods.
        self._lock = threading.RLock()
        self._cancelled = False
        self._interrupt: Callable[[], None] | None = None

    @property
    def cancelled(self) -> bool:
        """Whether :meth:`cancel` was called."""
        return self._cancelled

    def cancel(self) -> None:
        """Ask to stop; what runs under :meth:`interrupting` is interrupted at once. May be called twice."""
        with self._lock:
            self._cancelled = True
            if self._interrupt is not None:
                self._interrupt()
                # A runtime that still compiles or has not begun loses the interrupt, so it is repeated until the
                # block has ended.
                again = threading.Timer(_AGAIN, self.cancel)
                again.daemon = True
                again.start()

    def check(self) -> None:
        """Return if nobody asked to stop.

        Raises:
            Cancelled: somebody did.
        """
        if self._cancelled:
            raise Cancelled("Stopped as asked; nothing was written.")

    @contextmanager
    def interrupting(self, interrupt: Callable[[], None]) -> Iterator[None]:
        """While the block runs, :meth:`cancel` also calls ``interrupt``; errors it causes become ``Cancelled``."""
        with self._lock:
            self.check()
            self._interrupt = interrupt
        try:
            yield
        except Exception:
            self.check()
            raise
        finally:
            with self._lock:
                self._interrupt = None
        self.check()
