"""``python -m pia_edge.export``: the same as ``pia-edge export``."""

import sys

from pia_edge.cli import main

if __name__ == "__main__":
    sys.exit(main(["export", *sys.argv[1:]]))
