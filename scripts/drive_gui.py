"""The story that scripts/drive-gui plays: a new user animates, stops, draws, saves, and survives what goes wrong."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from gui_driver import PATIENCE, ROOT, App, drag, until, xdotool

DRAG_SOURCE = """
import sys
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication, QLabel
class Source(QLabel):
    def mouseMoveEvent(self, event):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(sys.argv[1])])
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.CopyAction)
application = QApplication([])
label = Source("drag me")
label.setWindowTitle("drag source")
label.setGeometry(1400, 600, 160, 100)
label.show()
application.exec()
"""

DROP_TARGET = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication, QLabel
class Target(QLabel):
    def dragEnterEvent(self, event):
        event.acceptProposedAction()
    def dropEvent(self, event):
        event.acceptProposedAction()
        Path(sys.argv[1]).write_text(event.mimeData().urls()[0].toLocalFile())
application = QApplication([])
label = Target("drop here")
label.setAcceptDrops(True)
label.setWindowTitle("drop target")
label.setGeometry(1400, 300, 160, 100)
label.show()
application.exec()
"""


def first_run(app: App) -> None:
    app.shot("first-run")
    app.click("Animate the example", "push button")
    until("a clip in the making", lambda: app.node("Progress of the clip"))
    time.sleep(12)
    app.shot("animating")
    until("the clip", lambda: app.text("Done in"))
    app.shot("done")


def stop(app: App) -> None:
    app.prompt("the camera zooms in")
    app.key("ctrl+Return")
    until("a clip in the making", lambda: app.node("Stop the clip that is being made"))
    time.sleep(4)
    began = time.monotonic()
    app.key("Escape")
    until("a stopped clip", lambda: app.text("Stopped"), 20)
    print(f"stopped within {time.monotonic() - began:.1f} s", flush=True)
    app.shot("stopped")


def curve(app: App) -> None:
    app.click("Affinity of frame")
    app.key("Home", "Right", "Right", "Down", "Down", "Page_Down")
    x, y = app.place("Affinity of frame")
    xdotool("mousemove", x - 60, y - 30, "mousedown", 1)
    for step in range(12):
        xdotool("mousemove", x - 60 + 14 * step, y - 30 + 5 * step)
    xdotool("mouseup", 1)
    app.shot("curve")
    app.key("ctrl+z")


def clipboard(app: App, picture: Path) -> None:
    with picture.open("rb") as file:
        subprocess.run(["xclip", "-selection", "clipboard", "-t", "image/png", "-i"], stdin=file, check=True)
    app.click("Paste", "push button")
    until("the pasted picture", lambda: app.text(".png"), 30)
    app.shot("pasted")


def drag_and_drop(app: App, picture: Path) -> None:
    source = subprocess.Popen([app.venv / "bin" / "python", "-c", DRAG_SOURCE, picture])
    try:
        until("the window to drag from", lambda: app.node("drag me"), 30)
        time.sleep(0.5)
        drag(app.place("drag me"), app.place("Picture"))
        until("the dropped picture", lambda: app.text(picture.name), 30)
    finally:
        source.terminate()
        source.wait()
    app.shot("dropped")


def drag_out(app: App) -> None:
    told = app.home / "dropped.txt"
    target = subprocess.Popen([app.venv / "bin" / "python", "-c", DROP_TARGET, told])
    try:
        until("the window to drop on", lambda: app.node("drop here"), 30)
        time.sleep(0.5)
        drag(app.place("Clip"), app.place("drop here"))
        until("the clip that was dragged out", told.is_file, 30)
    finally:
        target.terminate()
        target.wait()
    dragged = Path(told.read_text())
    if dragged.parent != app.home / "clips" or not dragged.is_file():
        raise SystemExit(f"drive-gui: expected a clip to be dragged out, found {dragged}.")


def save(app: App, folder: Path) -> None:
    app.click("Save as…", "push button")
    until("the dialog", lambda: app.node("In folder"), 30)
    time.sleep(4)
    app.shot("save")
    app.click("Save", "push button")
    until("a saved clip", lambda: any(folder.rglob("*.gif")), 60)


def gallery(app: App) -> None:
    app.key("ctrl+2")
    time.sleep(2)
    app.key("Tab", "Tab", "Tab", "Home", "space")
    time.sleep(1)
    app.shot("gallery")
    app.key("ctrl+f")
    app.type("boat")
    time.sleep(1)
    app.shot("gallery-search")
    app.key("ctrl+1")


def worker_killed(app: App) -> None:
    app.prompt("it snows")
    app.key("ctrl+Return")
    until("a clip in the making", lambda: app.node("Progress of the clip"))
    time.sleep(6)
    # The child that makes clips was started last.
    os.kill(max(app.children()), signal.SIGSEGV)
    until("a sentence about the worker", lambda: app.text("ended by SIGSEGV") or app.text("The worker"), 60)
    app.shot("worker-killed")


def killed_and_restarted(app: App) -> None:
    for text in ("the sun rises", "mist comes in"):
        app.prompt(text)
        app.key("ctrl+Return")
        time.sleep(1)
    app.shot("queue")
    app.process.send_signal(signal.SIGKILL)
    app.process.wait()
    time.sleep(1)
    app.start()
    app.shot("restarted")
    clips = app.home / "clips"
    until("both clips that waited", lambda: len(list(clips.glob("*.apng"))) == 3, 2 * PATIENCE)
    app.shot("resumed")


def other_pages(app: App) -> None:
    app.key("ctrl+3")
    time.sleep(2)
    app.shot("models")
    app.key("ctrl+4")
    time.sleep(2)
    app.shot("devices")
    app.key("ctrl+1", "ctrl+l")
    time.sleep(1)
    app.shot("log")
    app.key("alt+F4")


def main() -> int:
    shots, venv = Path(sys.argv[1]), Path(sys.argv[2])
    picture = ROOT / "docs" / "example.png"
    with tempfile.TemporaryDirectory(prefix="drive-gui-") as folder:
        home = Path(folder)
        dropped = home / "lighthouse.png"
        subprocess.run(["convert", picture, "-flop", dropped], check=True)
        app = App(venv, home, shots)
        app.start()
        first_run(app)
        stop(app)
        curve(app)
        clipboard(app, picture)
        drag_and_drop(app, dropped)
        drag_out(app)
        save(app, home)
        gallery(app)
        worker_killed(app)
        killed_and_restarted(app)
        other_pages(app)
        app.process.terminate()
        app.process.wait(20)
    print(f"{app.count} screenshots in {shots}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
