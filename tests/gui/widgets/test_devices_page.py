"""The page of devices."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.widgets.devices_page import DevicesPage
from pia_edge.worker.model_questions import BackendState, DevicesListed
from tests.gui.accessibility import faults

SECONDS_20 = 20_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> DevicesPage:
    page = DevicesPage(desk)
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    qtbot.waitUntil(lambda: len(page.boxes) == 5, timeout=SECONDS_20)
    return page


def test_each_backend_says_how_it_is(page: DevicesPage, desk: Desk) -> None:
    assert list(page.boxes) == ["apple", "cuda", "intel", "cpu", "reference"]
    assert page.boxes["reference"].state.text() == "Not for this bundle here: runs torch bundles, not onnx."
    assert not page.boxes["reference"].test.isEnabled()
    taken = page.boxes[desk.devices.automatic or ""]
    assert taken.state.text().startswith("Taken automatically. Devices: ")
    assert taken.test.isEnabled()
    assert "sample" in page.heading.text()
    assert faults(page) == []
    desk.devices.take(DevicesListed((BackendState("cpu", ("CPU",), None),), "cpu"))
    assert page.boxes["cpu"].state.text() == "Taken automatically. Devices: CPU"


def test_a_test_is_run_and_its_report_copied(page: DevicesPage, desk: Desk, qtbot: QtBot) -> None:
    box = page.boxes["cpu"]
    assert not box.report.isVisible()
    QTest.mouseClick(box.test, LEFT)
    assert box.verdict.text() == "It is being tested…"
    assert page.errand.title.text() == "Testing ONNX Runtime"
    assert not any(each.test.isEnabled() for each in page.boxes.values())
    qtbot.waitUntil(lambda: desk.errands.current is None, timeout=120_000)
    assert box.verdict.text() == "It computes what it should."
    QTest.mouseClick(box.copy, LEFT)
    copied = QApplication.clipboard().text()
    assert copied == box.report.toPlainText()
    assert copied.startswith("PIA Edge ")
    assert copied.endswith("all that was tried is as it should be")


def test_a_test_is_stopped(page: DevicesPage, desk: Desk) -> None:
    box = page.boxes["cpu"]
    QTest.mouseClick(box.test, LEFT)
    QTest.mouseClick(page.errand.stop, LEFT)
    assert desk.errands.current is None
    assert not box.verdict.isVisible()
    assert box.test.isEnabled()


def test_a_bundle_that_is_gone(page: DevicesPage, desk: Desk, qtbot: QtBot) -> None:
    desk.draft.change(bundle="gone")
    qtbot.waitUntil(page.problem.isVisible, timeout=SECONDS_20)
    assert "gone: expected a bundle" in page.problem.text()
    assert not any(box.isVisible() for box in page.boxes.values())
