"""One job of the queue as it stands now, and its form in the database."""

from enum import StrEnum
from pathlib import Path

import msgspec

from pia_edge.gui.model.draft import DraftState
from pia_edge.job import Job
from pia_edge.json_paths import decode_path, encode_path


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def ended(self) -> bool:
        """Whether nothing more comes of it by itself."""
        return self in (JobState.DONE, JobState.FAILED, JobState.STOPPED)


class QueuedJob(msgspec.Struct, frozen=True, kw_only=True):
    """A job of the queue; another value takes its place when it changes, with the same ``number``."""

    number: int
    state: JobState
    draft: DraftState
    """Its seed is drawn."""
    output: Path | None = None
    """Where the clip is written; chosen when the work begins."""
    error: str | None = None
    """Why it failed, for the user."""
    added: float
    """Seconds since 1970, as the other times."""
    started: float | None = None
    ended: float | None = None

    @property
    def seed(self) -> int | None:
        """The seed of the clip."""
        return self.draft.seed

    @property
    def picture_name(self) -> str:
        """The picture's file name, in letters that can be shown."""
        name = "" if self.draft.picture is None else self.draft.picture.name
        return name.encode(errors="backslashreplace").decode()

    def job(self, *, max_memory: int | None = None) -> Job:
        """Return what the worker is asked for, which may take ``max_memory`` bytes.

        Raises:
            RequestError: nobody has chosen where the clip goes.
        """
        return self.draft.job(self.output or Path(), max_memory=max_memory)


def draft_to_json(draft: DraftState) -> bytes:
    """Return ``draft`` for the database."""
    return msgspec.json.encode(draft, enc_hook=encode_path)


def draft_from_json(text: bytes) -> DraftState:
    """Return what :func:`draft_to_json` was given.

    Raises:
        msgspec.MsgspecError: it is damaged.
        PiaError: a value in it is impossible.
    """
    return msgspec.json.decode(text, type=DraftState, dec_hook=decode_path)
