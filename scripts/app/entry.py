"""Where the packaged program begins: both executables, and every worker that they start."""

import locale
import multiprocessing
import os
import sys
from pathlib import Path


def restore_environment() -> None:
    """Leave to programs that this one starts, such as a file manager, what the starter of this one changed."""
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    else:
        os.environ.pop("LD_LIBRARY_PATH", None)
    if locale.setlocale(locale.LC_CTYPE) in ("C", "POSIX"):
        # As Python itself does where it is installed: names of files are UTF-8.
        os.environ["LC_CTYPE"] = "C.UTF-8"


def main() -> int:
    multiprocessing.freeze_support()
    restore_environment()
    from pia_edge.cli import main as command_line

    arguments = sys.argv[1:]
    windowed = Path(sys.executable).stem == "pia-edge-gui" and arguments[:1] != ["_worker"]
    return command_line(["gui", *arguments] if windowed else arguments)


if __name__ == "__main__":
    sys.exit(main())
