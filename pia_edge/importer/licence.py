"""The licence of a model, where its model card or its file states one."""

import re
from collections.abc import Mapping
from pathlib import Path

NOT_STATED = "not stated"

_KEYS = ("modelspec.license", "license", "licence")
_LONGEST = 200


def licence_of(path: Path, values: Mapping[str, str | int | float]) -> str:
    """Return the licence of the model in ``path``, or that none is stated.

    Args:
        path: what the user named; a folder may hold a model card ``README.md``, whose front matter counts first.
        values: what the file of weights says in words.

    Raises:
        OSError: the model card cannot be read.
    """
    card = path / "README.md"
    stated = [_of_card(card) if card.is_file() else None, *(values.get(key) for key in _KEYS)]
    found = (text.strip() for text in stated if isinstance(text, str))
    return next((text[:_LONGEST] for text in found if text), NOT_STATED)


def _of_card(card: Path) -> str | None:
    beginning = card.read_bytes()[:65536].decode(errors="replace")
    front = re.match(r"---\n(.*?)\n---", beginning, re.DOTALL)
    found = re.search(r"^license: *(\S.*?) *$", front[1], re.MULTILINE) if front else None
    return found[1].strip("\"'") if found else None
