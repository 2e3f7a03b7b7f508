"""What ships to begin with: a small PIA model trained by ``pia_edge.training``, and a picture to animate."""

from pathlib import Path


def path() -> Path:
    """Return the folder of the sample bundle."""
    return Path(__file__).parent / "bundle"


def picture() -> Path:
    """Return the example picture."""
    return Path(__file__).parent / "example.png"


PROMPT = "a boat on the sea, night falls"
"""What happens in the example picture."""
