"""How results are printed: JSON on one line, sizes as text."""

import sys


def print_json(result: object) -> None:
    """Print ``result`` as one line of JSON on stdout."""
    import msgspec

    sys.stdout.write(msgspec.json.encode(result).decode() + "\n")


def in_words(size: int) -> str:
    """Return a size in bytes as text."""
    return f"{size / 2**20:.1f} MB" if size >= 2**20 else f"{size / 2**10:.1f} kB"
