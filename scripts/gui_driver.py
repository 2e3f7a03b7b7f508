"""The desktop app driven from outside: found by what assistive technology is told, moved by mouse and keyboard."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402 - the version is chosen before

ROOT = Path(__file__).parent.parent
PATIENCE = 300.0


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
