"""Names of finished clips: the first words of the prompt, and the time."""

import re
import time
from collections.abc import Callable
from pathlib import Path

_WORDS = 6
_LETTERS = 40


def clip_path(folder: Path, prompt: str, taken: Callable[[Path], bool]) -> Path:
    """Return a path in ``folder`` that is not ``taken``."""
    words = re.findall(r"\w+", prompt.lower())[:_WORDS]
    stem = "-".join(words)[:_LETTERS].strip("-_") or "clip"
    stem = f"{stem}-{time.strftime('%Y-%m-%d-%H%M%S')}"
    path, number = folder / f"{stem}.apng", 1
    while taken(path):
        number += 1
        path = folder / f"{stem}-{number}.apng"
    return path
