"""Damaged files of the app's own: moved aside, so that nothing in them is lost."""

from pathlib import Path


def move_aside(path: Path) -> Path:
    """Give ``path`` a name under which it is in nobody's way, and return that.

    Raises:
        OSError: the disk refuses.
    """
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    return path.rename(aside)
