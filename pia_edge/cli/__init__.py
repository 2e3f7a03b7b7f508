"""``pia-edge``: the command line, one file per command."""

from pia_edge.cli.main import main

__all__ = ["main"]
