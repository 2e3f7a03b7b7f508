"""The sample bundle that ships: a small PIA model trained by ``pia_edge.training``."""

from pathlib import Path


def path() -> Path:
    """Return the folder of the sample bundle."""
    return Path(__file__).parent / "bundle"
