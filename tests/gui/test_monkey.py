"""Our pages bear a user without a plan; and the monkey really does something."""

import gc
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMessageBox, QPushButton, QSlider, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.widgets.first_run import FirstRun
from pia_edge.gui.widgets.log_view import LogView
from pia_edge.gui.widgets.preferences_dialog import PreferencesDialog
from tests.gui.monkey import Monkey, objects_of

STEPS = 200


class Toy(QWidget):
    """Counts what happens to it, and opens a dialog at times."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.clicked = 0
        self.edit, self.slider, button = QLineEdit(), QSlider(), QPushButton("Ask")
        layout = QVBoxLayout(self)
        for widget in (self.edit, self.slider, button):
            layout.addWidget(widget)
        button.clicked.connect(self._ask)
        self.asked = 0

    def _ask(self) -> None:
        self.asked += 1
        if self.asked % 2:
            QMessageBox.question(self, "Toy", "Go on?")
        else:
            QFileDialog.getOpenFileName(self, "Toy")


def test_it_does_the_same_for_the_same_seed(qtbot: QtBot, tmp_path: Path) -> None:
    deeds = []
    for seed in (1, 1, 2):
        toy = QLineEdit()
        qtbot.addWidget(toy)
        toy.show()
        monkey = Monkey(toy, tmp_path, seed)
        monkey.play(30)
        deeds.append(monkey.done)
        toy.close()
    assert deeds[0] == deeds[1] != deeds[2]


def test_it_reaches_everything_and_gets_out_of_dialogs(qtbot: QtBot, tmp_path: Path) -> None:
    toy = Toy()
    qtbot.addWidget(toy)
    toy.show()
    monkey = Monkey(toy, tmp_path, 5)
    monkey.play(STEPS)
    assert len(monkey.done) >= STEPS
    assert toy.asked > 1
    assert toy.edit.text()
    assert {deed.split()[0] for deed in monkey.done} >= {"click", "drag", "drop", "paste", "type", "wheel"}


@pytest.mark.parametrize("kind", [PreferencesDialog, LogView, FirstRun])
def test_our_pages(
    kind: Callable[[Desk], QWidget], desk: Desk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    page = kind(desk)
    qtbot.addWidget(page)
    page.show()
    monkey = Monkey(page, tmp_path / "offers", 7)
    # Menus and completers are made when they are first needed.
    monkey.play(STEPS // 2)
    before = objects_of(page)
    monkey.play(STEPS // 2)
    gc.collect()
    assert objects_of(page) <= before + 5, monkey.done
