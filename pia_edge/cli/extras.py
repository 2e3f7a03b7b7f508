"""Libraries that the base install leaves out."""

import importlib.util
from collections.abc import Iterable

from pia_edge.errors import MissingExtraError


def check_installed(what: str, needed: Iterable[str], *, extra: str = "export") -> None:
    """Check for the libraries that ``what`` needs, which ``extra`` installs.

    Raises:
        MissingExtraError: one is not installed.
    """
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"{what} needs {', '.join(missing)}, which is not installed. Run: pip install 'pia-edge[{extra}]'"
        )
