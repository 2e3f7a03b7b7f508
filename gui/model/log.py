"""What happened since the window was opened: notes, errors, and what the workers wrote to stderr."""

import enum
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pia_edge.errors import PiaError

_ENTRIES = 1000


class Kind(enum.StrEnum):
    """What an entry is."""

    NOTE = "note"
    ERROR = "error"
    WORKER = "worker"
    """A line that a worker wrote to stderr."""


@dataclass(frozen=True)
class Entry:
    """One thing that happened."""

    number: int
    """Counts from 0 since the window was opened."""
    time: datetime
    kind: Kind
    text: str

    def line(self) -> str:
        """Return it for a list or a report."""
        return f"{self.time:%H:%M:%S} {self.kind:<6} {self.text}"


class Log:
    """The last thousand entries. Any thread may add one; whoever shows them asks for what is new while it is seen."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_ENTRIES)
        self._lock = threading.Lock()
        self._count = 0
        self._private: dict[str, None] = {}
        self._facts: dict[str, str] = {}

    def note(self, text: str) -> None:
        """Keep a sentence that the user was told."""
        self._add(Kind.NOTE, text)

    def error(self, error: PiaError) -> None:
        """Keep an error."""
        self._add(Kind.ERROR, f"{type(error).__name__}: {error}")

    def worker(self, name: str) -> Callable[[str], None]:
        """Return what keeps a line that the worker called ``name`` writes; for ``Worker(on_log=…)``."""
        return lambda line: self._add(Kind.WORKER, f"[{name}] {line}")

    def keep_private(self, *texts: str | None) -> None:
        """Remember prompts, so that no report holds them unasked."""
        with self._lock:
            self._private.update((text, None) for text in texts if text)

    def describe(self, name: str, fact: str) -> None:
        """State something of this machine that stands in every report, such as a device; the newest counts."""
        with self._lock:
            self._facts[name] = fact

    @property
    def facts(self) -> list[str]:
        """All that :meth:`describe` was told."""
        with self._lock:
            return [f"{name}: {fact}" for name, fact in self._facts.items()]

    @property
    def private(self) -> tuple[str, ...]:
        """All that was given to :meth:`keep_private`."""
        with self._lock:
            return tuple(self._private)

    def since(self, number: int) -> list[Entry]:
        """Return the entries from ``number`` on that are still kept."""
        with self._lock:
            return [entry for entry in self._entries if entry.number >= number]

    def _add(self, kind: Kind, text: str) -> None:
        with self._lock:
            self._entries.append(Entry(self._count, datetime.now().astimezone(), kind, text))
            self._count += 1
