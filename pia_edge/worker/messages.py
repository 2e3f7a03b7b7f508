"""What the two processes say to each other: one JSON object a line, UTF-8."""

from typing import Any

import msgspec

from pia_edge.job import Job, Made
from pia_edge.json_paths import decode_path, encode_path
from pia_edge.progress import Stage
from pia_edge.worker.questions import Question, Reply

LARGEST = 2**24
"""Bytes of the longest line; more is not ours."""
_LARGEST_PREVIEW = 2**22


class Animate(msgspec.Struct, frozen=True, tag=True):
    """Asks for a clip; ``number`` is in every answer."""

    number: int
    job: Job


class Cancel(msgspec.Struct, frozen=True, tag=True):
    """Asks to stop."""

    number: int


class Hello(msgspec.Struct, frozen=True, tag=True):
    """The child's first line."""

    version: str


class Alive(msgspec.Struct, frozen=True, tag=True):
    """Said every second, whatever else goes on."""


class Preview(msgspec.Struct, frozen=True):
    """The clip as the network sees it now."""

    shape: tuple[int, int, int, int]
    """Frames, height, width and 3."""
    pixels: bytes


class Note(msgspec.Struct, frozen=True, tag=True):
    """A sentence for the user."""

    number: int
    text: str


class Step(msgspec.Struct, frozen=True, tag=True):
    """How far the clip is; see :class:`pia_edge.progress.Progress`."""

    number: int
    stage: Stage
    done: int
    total: int
    seconds_left: float | None
    preview: Preview | None


class Finished(msgspec.Struct, frozen=True, tag=True):
    """The clip is written."""

    number: int
    made: Made


class Failed(msgspec.Struct, frozen=True, tag=True):
    """It is not, and why: the name of a class of ``errors.py``, and its message."""

    number: int
    error: str
    message: str


class Ask(msgspec.Struct, frozen=True, tag=True):
    """Asks a question; ``number`` is in every answer."""

    number: int
    question: Question


class Answered(msgspec.Struct, frozen=True, tag=True):
    """The answer to a question."""

    number: int
    reply: Reply


Request = Animate | Ask | Cancel
Answer = Hello | Alive | Note | Step | Finished | Answered | Failed


def encode(message: Request | Answer) -> bytes:
    """Return ``message`` as a line."""
    return msgspec.json.encode(message, enc_hook=encode_path) + b"\n"


def decode_request(line: bytes) -> Request:
    """Return what the parent said.

    Raises:
        msgspec.MsgspecError: it is none of ours.
    """
    request: Request = msgspec.json.decode(line, type=Request, dec_hook=decode_path)
    return request


def decode_answer(line: bytes) -> Answer:
    """Return what the child said.

    Raises:
        msgspec.MsgspecError: it is none of ours.
        PiaError: a value in it is impossible.
    """
    answer: Answer = msgspec.json.decode(line, type=Answer, dec_hook=decode_path)
    return answer


def preview_of(frames: Any) -> Preview | None:
    """Return uint8 ``frames`` (frames, height, width, 3) for a message, or None for none and for too many."""
    if frames is None or frames.nbytes > _LARGEST_PREVIEW:
        return None
    return Preview(frames.shape, frames.tobytes())
