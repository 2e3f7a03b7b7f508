"""The desktop app's database: opened safely, by as many windows as there are, and never in the way of a start."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pia_edge.errors import OutputError
from pia_edge.gui.model.aside import move_aside

_BUSY_SECONDS = 5.0
# Names of files are bytes on Linux, which text cannot hold.
_GALLERY = """
CREATE TABLE clips (
    id INTEGER PRIMARY KEY,
    path BLOB NOT NULL UNIQUE,
    prompt TEXT NOT NULL,
    words TEXT NOT NULL,
    recipe TEXT NOT NULL,
    picture BLOB,
    last_picture BLOB,
    bundle TEXT,
    made_at REAL NOT NULL,
    seconds REAL
);
CREATE INDEX clips_by_time ON clips (made_at DESC, id DESC)
"""
_QUEUE = """
CREATE TABLE jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    position INTEGER NOT NULL,
    state TEXT NOT NULL,
    owner TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    draft BLOB NOT NULL,
    output BLOB,
    error TEXT,
    added REAL NOT NULL,
    started REAL,
    ended REAL
);
CREATE INDEX jobs_by_state ON jobs (state, position);
CREATE TABLE queue (only INTEGER PRIMARY KEY CHECK (only = 1), paused INTEGER NOT NULL);
INSERT INTO queue VALUES (1, 0);
CREATE TABLE paces (
    bundle TEXT NOT NULL,
    bundle_name TEXT NOT NULL,
    backend TEXT NOT NULL,
    device TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    frames INTEGER NOT NULL,
    guided INTEGER NOT NULL,
    call REAL NOT NULL,
    decode REAL NOT NULL,
    cold REAL,
    warm REAL,
    PRIMARY KEY (bundle, backend, device, width, height, frames, guided)
)
"""
_TABLES: tuple[str, ...] = (_GALLERY, _QUEUE)
"""What made the tables, one step a version; a step that shipped is never changed, only followed by another."""


def open_database(path: Path) -> tuple[sqlite3.Connection, str | None]:
    """Return the database at ``path``, made where there is none, and what the user should be told, if anything.

    A damaged one is moved aside, never deleted, and a new one takes its place.

    Raises:
        OutputError: the folder cannot be written, or a newer version of the program has written the database.
    """
    note = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _opened(path), None
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            note = f"{path.name} was damaged ({error}); it was moved to {_move_aside(path).name} and begun anew."
            return _opened(path), note
    except (OSError, sqlite3.OperationalError) as error:
        raise OutputError(
            f"{path}: expected a database that can be written, found: {error}. Check disk and permissions, or set "
            "PIA_EDGE_HOME to another folder."
        ) from error


@contextmanager
def database_explained() -> Iterator[None]:
    """Turn what SQLite says of reading or writing an open database into words.

    Raises:
        OutputError: in place of any ``sqlite3.Error``.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise OutputError(
            f"The list of clips cannot be read or written: {error}. Check that the disk has room and works, then try "
            "again."
        ) from error


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        # WAL: a power cut loses at most the last commit, and a reader never waits for a writer.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        with closing(connection.execute("PRAGMA quick_check")) as check:
            if (found := check.fetchone()[0]) != "ok":
                raise sqlite3.DatabaseError(str(found))
        _migrate(path, connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(path: Path, connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(_TABLES):
        connection.execute("ROLLBACK")
        raise OutputError(
            f"{path} was written by a newer version of PIA Edge. Update the program, or set PIA_EDGE_HOME to another "
            "folder."
        )
    for step in _TABLES[version:]:
        for statement in step.split(";"):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version={len(_TABLES)}")
    connection.execute("COMMIT")


def _move_aside(path: Path) -> Path:
    """Move the database aside, and with it what was not yet written into it."""
    aside = move_aside(path)
    for suffix in ("-wal", "-shm"):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + suffix))
    return aside
