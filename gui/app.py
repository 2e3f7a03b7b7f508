"""``pia-edge gui`` and ``pia-edge-gui``: the program around the window."""

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication

from pia_edge._version import __version__
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.places import Places
from pia_edge.gui.widgets.main_window import MainWindow


def run(picture: Path | None = None, arguments: Sequence[str] = ()) -> int:
    """Show the window until it is closed, and return the exit code.

    Args:
        picture: opened at once.
        arguments: for Qt, such as ``-platform offscreen``.
    """
    application = QApplication([sys.argv[0], *arguments])
    application.setApplicationName("pia-edge")
    application.setApplicationDisplayName("PIA Edge")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("pia-edge")
    desk = Desk(Places.open())
    window = MainWindow(desk)
    if picture is not None:
        desk.draft.change(picture=picture.absolute())
    window.show()
    try:
        return application.exec()
    finally:
        window.deleteLater()
        desk.close()


def main() -> int:
    """The entry point ``pia-edge-gui``: through the command line, which explains what is missing."""
    from pia_edge.cli import main as command_line

    return command_line(["gui", *sys.argv[1:]])
