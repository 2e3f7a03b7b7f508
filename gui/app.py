"""``pia-edge gui`` and ``pia-edge-gui``: the program around the window."""

import faulthandler
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication

from pia_edge._version import __version__
from pia_edge.gui import translation
from pia_edge.gui.ending import ended_by_signals
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.places import Places
from pia_edge.gui.model.preferences import Preferences
from pia_edge.gui.unforeseen import told_of_unforeseen
from pia_edge.gui.watch import Watch
from pia_edge.gui.widgets.icons import app_icon
from pia_edge.gui.widgets.main_window import MainWindow
from pia_edge.gui.widgets.theme import Theme


def run(picture: Path | None = None, arguments: Sequence[str] = ()) -> int:
    """Show the window until it is closed, and return the exit code.

    Args:
        picture: opened at once.
        arguments: for Qt, such as ``-platform offscreen``.
    """
    if sys.stderr is not None:  # a program without a console has none on Windows
        faulthandler.enable()
    application = _application(arguments)
    places = Places.open()
    preferences = Preferences(places.preferences)
    # Before anything is worded.
    translation.install(application, preferences.choices.language)
    Theme(application, preferences)
    desk = Desk(places, preferences=preferences)
    window = MainWindow(desk)
    if picture is not None:
        desk.draft.change(picture=picture.absolute())
    window.show()
    watch = Watch(window)
    if os.environ.get("PIA_EDGE_LOG") == "debug":
        watch.start()
    try:
        with ended_by_signals(application), told_of_unforeseen(window.tell_unforeseen, desk.log.note):
            return application.exec()
    finally:
        if os.environ.get("PIA_EDGE_LOG") == "debug":
            print(f"The window was deaf for {watch.stop():.0f} ms at most.", file=sys.stderr)
        window.deleteLater()
        desk.close()


def _application(arguments: Sequence[str]) -> QApplication:
    application = QApplication([sys.argv[0], *arguments])
    application.setApplicationName("pia-edge")
    application.setOrganizationName("pia-edge")
    application.setApplicationDisplayName("PIA Edge")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("pia-edge")
    application.setWindowIcon(app_icon())
    return application


def main() -> int:
    """The entry point ``pia-edge-gui``: through the command line, which explains what is missing."""
    from pia_edge.cli import main as command_line

    return command_line(["gui", *sys.argv[1:]])
