"""The queue in the database, which is the truth: windows show it, and each claims jobs from it."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from pia_edge.errors import PiaError
from pia_edge.gui.model.clip_names import clip_path
from pia_edge.gui.model.database import database_explained
from pia_edge.gui.model.draft import DraftState
from pia_edge.gui.model.queued_job import JobState, QueuedJob, draft_from_json, draft_to_json
from pia_edge.gui.model.window_lock import WindowLock

Row = tuple[Any, ...]
_COLUMNS = "number, state, draft, output, error, added, started, ended"
_UNREADABLE = "unreadable"
"""The state of a row that this version cannot read; it is kept, and shown to nobody."""
_ENDED = ", ".join(f"'{state}'" for state in JobState if state.ended)
_KEPT = 100
"""How many jobs that ended are shown: whoever looks for more looks into the gallery."""
_ATTEMPTS = 2
"""How often a job may end the whole program before it is left alone."""
_TOO_OFTEN = (
    "The program ended {count} times while it made this clip, most likely because memory ran out. Ask for fewer frames "
    "or a smaller size, then try again."
)


class QueueStore:
    """The queue as one thread of one window sees it: each thread has a connection of its own."""

    def __init__(self, connection: sqlite3.Connection, lock: WindowLock) -> None:
        self._connection = connection
        self._lock = lock

    def version(self) -> int:
        """Return a number that changes when another connection changes the database."""
        with database_explained():
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def rows(self) -> list[QueuedJob]:
        """Return all jobs in their order."""
        with database_explained():
            found = self._connection.execute(
                f"SELECT {_COLUMNS} FROM jobs WHERE state != ? ORDER BY position, number", [_UNREADABLE]
            ).fetchall()
        return [row for row in map(self._read, found) if row is not None]

    def state(self, number: int) -> JobState | None:
        """Return where a job stands, or None if it is gone."""
        with database_explained():
            found = self._connection.execute("SELECT state FROM jobs WHERE number = ?", [number]).fetchone()
        return None if found is None or found[0] == _UNREADABLE else JobState(found[0])

    @property
    def paused(self) -> bool:
        """Whether no further job is begun."""
        with database_explained():
            return bool(self._connection.execute("SELECT paused FROM queue").fetchone()[0])

    def set_paused(self, paused: bool) -> None:
        """Say whether further jobs are begun."""
        with self._change() as connection:
            connection.execute("UPDATE queue SET paused = ?", [paused])

    def add(self, draft: DraftState) -> QueuedJob:
        """Append a job; what ended long ago is forgotten, and its clip stays."""
        added = time.time()
        with self._change() as connection:
            cursor = connection.execute(
                "INSERT INTO jobs (position, state, draft, added) "
                "VALUES ((SELECT COALESCE(MAX(position) + 1, 0) FROM jobs), ?, ?, ?)",
                [JobState.WAITING, draft_to_json(draft), added],
            )
            connection.execute(
                f"DELETE FROM jobs WHERE state IN ({_ENDED}) AND number NOT IN "
                f"(SELECT number FROM jobs WHERE state IN ({_ENDED}) ORDER BY ended DESC, number DESC LIMIT ?)",
                [_KEPT],
            )
        return QueuedJob(number=cursor.lastrowid or 0, state=JobState.WAITING, draft=draft, added=added)

    def claim(self, clips: Path) -> QueuedJob | None:
        """Take the next job for this window, to be written into ``clips``; None if there is nothing to begin.

        One clip is made at a time, whatever the number of windows: two would share the memory of the machine.
        """
        if not self._anything_to_do():
            return None
        with self._change() as connection:
            self._take_over(connection)
            if self._count(JobState.RUNNING) or self.paused:
                return None
            while (row := self._first_waiting()) is not None:
                if (waiting := self._read(row)) is not None:
                    return self._begin(connection, waiting, clips)
        return None

    def record(self, number: int, state: JobState, error: str | None = None) -> None:
        """Say what became of a job that this window ran. What was stopped meanwhile stays so, unless it is done."""
        before = [JobState.RUNNING, JobState.STOPPED if state is JobState.DONE else JobState.RUNNING]
        with self._change() as connection:
            connection.execute(
                "UPDATE jobs SET state = ?, error = ?, ended = ?, owner = NULL "
                "WHERE number = ? AND owner = ? AND state IN (?, ?)",
                [state, error, time.time(), number, self._lock.name, *before],
            )

    def give_back(self, number: int) -> None:
        """Let a job that this window began wait again, as if it had not begun."""
        with self._change() as connection:
            connection.execute(
                "UPDATE jobs SET state = ?, owner = NULL, output = NULL, started = NULL, attempts = attempts - 1 "
                "WHERE number = ? AND owner = ? AND state = ?",
                [JobState.WAITING, number, self._lock.name, JobState.RUNNING],
            )

    def stop(self, number: int) -> None:
        """Stop a job that waits or runs; whichever window runs it sees that."""
        with self._change() as connection:
            connection.execute(
                "UPDATE jobs SET state = ?, ended = ? WHERE number = ? AND state IN (?, ?)",
                [JobState.STOPPED, time.time(), number, JobState.WAITING, JobState.RUNNING],
            )

    def retry(self, number: int) -> None:
        """Let a job that ended wait again, at the end of the queue."""
        with self._change() as connection:
            connection.execute(
                "UPDATE jobs SET state = ?, owner = NULL, attempts = 0, output = NULL, error = NULL, started = NULL, "
                "ended = NULL, position = (SELECT MAX(position) + 1 FROM jobs) WHERE number = ? AND state IN (?, ?, ?)",
                [JobState.WAITING, number, JobState.DONE, JobState.FAILED, JobState.STOPPED],
            )

    def remove(self, *numbers: int) -> None:
        """Forget jobs; their clips stay."""
        with self._change() as connection:
            connection.executemany("DELETE FROM jobs WHERE number = ?", [[number] for number in numbers])

    def move(self, number: int, index: int) -> None:
        """Put a job at ``index`` of all jobs."""
        with self._change() as connection:
            found = connection.execute(
                "SELECT number FROM jobs WHERE state != ? AND number != ? ORDER BY position, number",
                [_UNREADABLE, number],
            ).fetchall()
            order = [each for (each,) in found]
            order.insert(max(0, index), number)
            connection.executemany("UPDATE jobs SET position = ? WHERE number = ?", list(enumerate(order)))

    def _anything_to_do(self) -> bool:
        with database_explained():
            found = self._connection.execute(
                "SELECT 1 FROM jobs WHERE state IN (?, ?) LIMIT 1", [JobState.WAITING, JobState.RUNNING]
            )
            return found.fetchone() is not None

    def _count(self, state: JobState) -> int:
        return int(self._connection.execute("SELECT COUNT(*) FROM jobs WHERE state = ?", [state]).fetchone()[0])

    def _first_waiting(self) -> Row | None:
        found: Row | None = self._connection.execute(
            f"SELECT {_COLUMNS} FROM jobs WHERE state = ? ORDER BY position, number LIMIT 1", [JobState.WAITING]
        ).fetchone()
        return found

    def _begin(self, connection: sqlite3.Connection, waiting: QueuedJob, clips: Path) -> QueuedJob:
        def taken(path: Path) -> bool:
            found = connection.execute("SELECT 1 FROM jobs WHERE output = ?", [os.fsencode(path)]).fetchone()
            return found is not None or os.path.lexists(path)

        begun = msgspec.structs.replace(
            waiting,
            state=JobState.RUNNING,
            output=clip_path(clips, waiting.draft.prompt, taken),
            started=time.time(),
        )
        connection.execute(
            "UPDATE jobs SET state = ?, owner = ?, attempts = attempts + 1, output = ?, started = ? WHERE number = ?",
            [begun.state, self._lock.name, os.fsencode(begun.output or clips), begun.started, begun.number],
        )
        return begun

    def _take_over(self, connection: sqlite3.Connection) -> None:
        """Let jobs wait again whose window is gone. A clip appears whole or not at all: one that is there is done."""
        found = connection.execute(
            "SELECT number, owner, output, attempts FROM jobs WHERE state = ?", [JobState.RUNNING]
        ).fetchall()
        for number, owner, output, attempts in found:
            if owner is not None and self._lock.lives(owner):
                continue
            state, error = JobState.WAITING, None
            if output is not None and Path(os.fsdecode(output)).exists():
                state = JobState.DONE
            elif attempts >= _ATTEMPTS:
                state, error = JobState.FAILED, _TOO_OFTEN.format(count=attempts)
            connection.execute(
                "UPDATE jobs SET state = ?, error = ?, output = ?, owner = NULL, ended = ? WHERE number = ?",
                [
                    state,
                    error,
                    output if state is JobState.DONE else None,
                    time.time() if state.ended else None,
                    number,
                ],
            )

    def _read(self, row: Row) -> QueuedJob | None:
        number, state, draft, output, error, added, started, ended = row
        try:
            return QueuedJob(
                number=number,
                state=JobState(state),
                draft=draft_from_json(draft),
                output=None if output is None else Path(os.fsdecode(output)),
                error=error,
                added=added,
                started=started,
                ended=ended,
            )
        except (ValueError, TypeError, PiaError):  # written by another version, or by a disk that lies
            with self._change() as connection:
                connection.execute("UPDATE jobs SET state = ? WHERE number = ?", [_UNREADABLE, number])
            return None

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """One transaction, which other windows see whole or not at all."""
        inside = self._connection.in_transaction
        if inside:
            yield self._connection
            return
        with database_explained():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk has ended it already
                    self._connection.execute("ROLLBACK")
                raise
