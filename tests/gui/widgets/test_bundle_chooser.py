"""Bundle and backend on the Animate page."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from pia_edge.bundle.store import Store
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.widgets.bundle_chooser import BundleChooser
from tests.bundle.small import small
from tests.gui.accessibility import faults

SECONDS_20 = 20_000


@pytest.fixture
def chooser(desk: Desk, qtbot: QtBot, tmp_path: Path) -> BundleChooser:
    Store.open().add(small(tmp_path / "mine", name="mine"), overwrite=False)
    chooser = BundleChooser(desk)
    qtbot.addWidget(chooser)
    chooser.show()
    qtbot.waitUntil(lambda: chooser.bundle.count() == 2 and bool(desk.devices.backends), timeout=SECONDS_20)
    return chooser


def choose(combo: QComboBox, text: str) -> None:
    """Choose by keyboard, as a user does."""
    row = next(row for row in range(combo.count()) if combo.itemText(row).startswith(text))
    QTest.keyClick(combo, Qt.Key.Key_Home)
    for _ in range(combo.count()):
        if combo.currentIndex() == row:
            return
        QTest.keyClick(combo, Qt.Key.Key_Down)
    raise AssertionError(f"{text} cannot be reached")


def test_it_follows_and_sets_the_draft(chooser: BundleChooser, desk: Desk) -> None:
    assert (chooser.bundle.currentText(), chooser.device.currentText()) == ("sample", "Automatic: OpenVINO")
    assert not chooser.reason.isVisible()
    assert faults(chooser) == []
    choose(chooser.device, "ONNX Runtime")
    assert (desk.draft.state.backend, desk.draft.state.device) == ("cpu", None)
    choose(chooser.bundle, "mine")
    assert desk.draft.state.bundle == "mine"
    desk.draft.change(bundle=None, backend="intel")
    assert (chooser.bundle.currentText(), chooser.device.currentText()) == ("sample", "OpenVINO")


def test_a_backend_that_cannot_run_the_bundle_says_why(chooser: BundleChooser, desk: Desk, qtbot: QtBot) -> None:
    choose(chooser.device, "ONNX Runtime")
    choose(chooser.bundle, "mine")
    qtbot.waitUntil(chooser.reason.isVisible, timeout=SECONDS_20)
    assert "ONNX Runtime cannot run this bundle here: runs onnx" in chooser.reason.text()
    assert "not torch" in chooser.reason.text()
    assert chooser.device.currentText() == "ONNX Runtime", "the choice of the user is not changed behind their back"
    choose(chooser.device, "PyTorch")
    assert desk.draft.state.backend == "reference"
    assert not chooser.reason.isVisible()
    with pytest.raises(AssertionError, match="cannot be reached"):
        choose(chooser.device, "OpenVINO")


def test_a_bundle_that_is_not_in_the_list(chooser: BundleChooser, desk: Desk, qtbot: QtBot) -> None:
    desk.draft.change(bundle="/somewhere/else")
    assert chooser.bundle.currentText() == "/somewhere/else"
    qtbot.waitUntil(chooser.reason.isVisible, timeout=SECONDS_20)
    assert "expected a bundle, which is a folder with manifest.json" in chooser.reason.text()
    desk.draft.change(bundle=None)
    qtbot.waitUntil(lambda: not chooser.reason.isVisible(), timeout=SECONDS_20)
    desk.draft.change(backend="intel", device="NPU.9")
    assert chooser.reason.text() == "There is no device NPU.9 here. Choose another."
