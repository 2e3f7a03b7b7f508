"""The clip that was being composed when the window was last open, kept in a file."""

from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import msgspec
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from pia_edge.errors import OutputError, PiaError
from pia_edge.files import write_atomically
from pia_edge.gui.model.aside import move_aside
from pia_edge.gui.model.draft import Draft, DraftState
from pia_edge.gui.model.queued_job import draft_from_json, draft_to_json

translate = QCoreApplication.translate

_QUIET = 1000
"""Milliseconds without a change after which the draft is written."""
_LARGEST = 2**20


class RememberedDraft(QObject):
    """Gives a :class:`Draft` what it had, and writes it down a second after it was last changed.

    Several windows write the same file; the one that is changed last is remembered.
    """

    failed = Signal(object)
    """A ``PiaError``: what is being composed will not be there at the next start. Said once."""

    def __init__(self, path: Path, draft: Draft, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path, self._draft, self._told = path, draft, False
        self.note = self._restore()
        """Why nothing was restored, if something was there."""
        self._timer = QTimer(self, interval=_QUIET, singleShot=True)
        self._timer.timeout.connect(self._write)
        draft.changed.connect(self._timer.start)

    def close(self) -> None:
        """Write what is not written yet."""
        if self._timer.isActive():
            self._timer.stop()
            self._write()

    def _restore(self) -> str | None:
        try:
            with self._path.open("rb") as file:
                state = draft_from_json(file.read(_LARGEST))
            self._draft.replace(_without_vanished(state))
        except FileNotFoundError:
            return None
        except OSError as error:
            return _not_read(error)
        except (ValueError, PiaError) as error:
            with suppress(OSError):  # it is written over then
                move_aside(self._path)
            return _not_read(error)
        return None

    def _write(self) -> None:
        def write(file: BinaryIO) -> None:
            file.write(draft_to_json(self._draft.state))

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._path, write, overwrite=True)
        except (OSError, PiaError) as error:
            if not self._told:
                self._told = True
                told = translate("RememberedDraft", "What you compose is kept until the window is closed: {0}")
                self.failed.emit(OutputError(told.format(error)))


def _not_read(error: Exception) -> str:
    return translate("RememberedDraft", "What you were composing could not be read: {0}").format(error)


def _without_vanished(state: DraftState) -> DraftState:
    gone = [
        name
        for name in ("picture", "last_picture")
        if (path := getattr(state, name)) is not None and not path.is_file()
    ]
    return msgspec.structs.replace(state, **dict.fromkeys(gone))
