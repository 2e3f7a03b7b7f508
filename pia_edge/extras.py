"""Libraries that the base install leaves out."""

import importlib.util
from collections.abc import Iterable

from pia_edge.errors import MissingExtraError

IMPORTING = ("torch", "diffusers", "transformers")
EXPORTING = (*IMPORTING, "onnx", "onnxscript")


def check_installed(what: str, needed: Iterable[str], *, extra: str = "export") -> None:
    """Check for the libraries that ``what`` needs, which ``extra`` installs.

    Raises:
        MissingExtraError: one is not installed.
    """
    if missing := missing_of(needed):
        raise MissingExtraError(
            f"{what} needs {', '.join(missing)}, which is not installed. Run: {install_command(extra)}"
        )


def missing_of(needed: Iterable[str]) -> list[str]:
    """Return those of the libraries ``needed`` that are not installed; none is imported."""
    return [name for name in needed if importlib.util.find_spec(name) is None]


def install_command(extra: str) -> str:
    """Return what installs ``extra``."""
    return f"pip install 'pia-edge[{extra}]'"


def needed_for_export(target: str) -> tuple[str, ...]:
    """Return the libraries that exporting to ``target`` needs."""
    return (*EXPORTING, "coremltools") if target == "coreml" else EXPORTING
