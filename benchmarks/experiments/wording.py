"""How the page puts what was measured: tables, shares, verdicts."""

import functools
from collections.abc import Sequence
from typing import Any

from figures import Mean

Found = dict[str, Any]


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Return a Markdown table."""
    return [
        "| " + " | ".join(heads) + " |",
        "|" + "---|" * len(heads),
        *("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows),
    ]


def by_picture(found: Found, *keys: str) -> dict[str, list[float]]:
    """Return the values below ``keys`` of each picture."""
    return {picture: functools.reduce(lambda inside, key: inside[key], keys, of) for picture, of in found.items()}


def verdict(held: bool, text: str) -> str:
    """Return a sentence that says whether what was to be reached was."""
    return f"**{'Held' if held else 'Did not hold'}**: {text}"


def per_cent(mean: Mean) -> str:
    """Return a share with its interval, in per cent."""
    return f"{mean.value:.0%} ({mean.low:.0%} to {mean.high:.0%})"


def scaled(mean: Mean, by: float) -> Mean:
    """Return ``mean`` in another unit."""
    return Mean(mean.value * by, mean.low * by, mean.high * by)
