"""The story that scripts/drive-gui plays: a new user animates, stops, draws, saves, and survives what goes wrong."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402 - the version is chosen before

ROOT = Path(__file__).parent.parent
PATIENCE = 300.0
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


def xdotool(*arguments: object) -> None:
    subprocess.run(["xdotool", *map(str, arguments)], check=True, timeout=30)


def until(what: str, found: Callable[[], object], patience: float = PATIENCE) -> object:
    """Wait until ``found`` returns something, and return that."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if (value := found()) is not None and value is not False:
            return value
        time.sleep(0.2)
    raise SystemExit(f"drive-gui: expected {what} within {patience:.0f} s, found none.")


def walk(node: Atspi.Accessible, depth: int = 0) -> Iterator[Atspi.Accessible]:
    if node is None or depth > 40:
        return
    yield node
    for index in range(node.get_child_count()):
        yield from walk(node.get_child_at_index(index), depth + 1)


def _plain(node: Atspi.Accessible) -> str:
    return node.get_name().replace("&", "")


def _said(node: Atspi.Accessible) -> Iterator[str]:
    """All that a screen reader may say of something."""
    yield node.get_name() or ""
    yield node.get_description() or ""
    if node.get_text_iface() is not None:
        yield node.get_text_iface().get_text(0, -1)


class App:
    """The program under test, seen as assistive technology sees it."""

    def __init__(self, venv: Path, home: Path, shots: Path) -> None:
        self.venv, self.home, self.shots = venv, home, shots
        self.count = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = os.environ | {
            "PIA_EDGE_LOG": "debug",
            "PIA_EDGE_HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.home),
        }
        self.process = subprocess.Popen([self.venv / "bin" / "pia-edge", "gui"], env=environment)
        until("the window", lambda: self.node("Pages"))
        xdotool("search", "--sync", "--onlyvisible", "--name", "PIA Edge", "windowactivate")
        time.sleep(1.0)

    def children(self) -> list[int]:
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        return [int(line) for line in found.stdout.split()]

    def node(self, name: str, role: str | None = None) -> Atspi.Accessible | None:
        """What is shown under a name, or one that begins so; what takes the keyboard comes first."""
        found = [one for one in self.shown() if _plain(one).startswith(name) and role in (None, one.get_role_name())]
        exact = [one for one in found if _plain(one) == name] or found
        keyed = [one for one in exact if one.get_state_set().contains(Atspi.StateType.FOCUSABLE)]
        return next(iter(keyed or exact), None)

    def shown(self) -> Iterator[Atspi.Accessible]:
        """Everything that can be seen, in all windows."""
        desktop = Atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            for one in walk(desktop.get_child_at_index(index)):
                try:
                    if one.get_state_set().contains(Atspi.StateType.SHOWING):
                        yield one
                except gi.repository.GLib.GError:  # it was deleted while it was looked at
                    continue

    def text(self, part: str) -> bool:
        """Whether something that is shown says ``part``."""
        return any(part in said for one in self.shown() for said in _said(one))

    def place(self, name: str, role: str | None = None) -> tuple[int, int]:
        node = until(f"{name!r} in the window", lambda: self.node(name, role), 30)
        box = node.get_extents(Atspi.CoordType.SCREEN)
        return box.x + box.width // 2, box.y + box.height // 2

    def click(self, name: str, role: str | None = None) -> None:
        xdotool("mousemove", *self.place(name, role), "click", 1)
        time.sleep(0.4)

    def shot(self, name: str) -> None:
        self.count += 1
        path = self.shots / f"{self.count:02d}-{name}.png"
        time.sleep(0.5)
        subprocess.run(["import", "-window", "root", path], check=True, timeout=30)
        print(path.name, flush=True)

    def type(self, text: str) -> None:
        xdotool("type", "--delay", 12, text)

    def key(self, *keys: str) -> None:
        for key in keys:
            xdotool("key", key)
            time.sleep(0.15)

    def prompt(self, text: str) -> None:
        self.click("Prompt")
        self.key("ctrl+a")
        self.type(text)


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


def drag(start: tuple[int, int], target: tuple[int, int]) -> None:
    xdotool("mousemove", *start, "mousedown", 1)
    for step in range(1, 21):
        xdotool("mousemove", *(a + (b - a) * step // 20 for a, b in zip(start, target, strict=True)))
        time.sleep(0.1)
    # The two windows talk about what is dragged before it may be let go.
    time.sleep(1.5)
    xdotool("mousemove", target[0] + 2, target[1] + 2)
    time.sleep(0.5)
    xdotool("mouseup", 1)


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
