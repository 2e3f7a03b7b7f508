"""What can be asked of a child beside a clip: each question, and the answer to it.

A question is data; ``answers/`` says, one file a topic, how the child finds the answer. To add one, write its
question and answer here (those about bundles and models are in ``model_questions.py``), put both into the unions at
the end, and its function into ``answering.py``.
"""

import msgspec

from pia_edge.worker.model_questions import ModelQuestion, ModelReply


class CountTokens(msgspec.Struct, frozen=True, tag=True):
    """How many tokens a bundle's text encoder reads of each text."""

    texts: tuple[str, ...]
    bundle: str | None = None


class Counted(msgspec.Struct, frozen=True):
    """One text as the text encoder reads it."""

    count: int
    """Tokens of the whole text."""
    room: int
    """Tokens that are read at most."""
    cut: str
    """The end of the text that is not read."""


class TokensCounted(msgspec.Struct, frozen=True, tag=True):
    """The answer to :class:`CountTokens`, in the order of its texts."""

    texts: tuple[Counted, ...]


Question = CountTokens | ModelQuestion
Reply = TokensCounted | ModelReply
