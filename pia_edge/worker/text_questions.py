"""Questions about prompts."""

import msgspec


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
