"""Backends and devices for the bundle of the draft."""

import pytest
from pytestqt.qtbot import QtBot

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.devices import AUTOMATIC, Choice, Devices
from pia_edge.worker.model_questions import BackendState, DevicesListed

SECONDS_20 = 20_000
LISTED = DevicesListed(
    (
        BackendState("apple", (), "runs coreml bundles, not onnx"),
        BackendState("intel", ("GPU.0", "CPU"), None),
        BackendState("cpu", ("CPU",), None),
    ),
    "intel",
)


@pytest.fixture
def devices(desk: Desk) -> Devices:
    """As they are after an answer."""
    desk.devices.take(LISTED)
    return desk.devices


def test_real_ones(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.devices.changed, timeout=SECONDS_20):
        desk.devices.refresh()
    assert [state.backend for state in desk.devices.backends] == ["apple", "cuda", "intel", "cpu", "reference"]
    assert desk.devices.automatic is not None
    assert desk.devices.refusal("reference") == "runs torch bundles, not onnx"
    with qtbot.waitSignal(desk.devices.changed, timeout=SECONDS_20):
        desk.draft.change(bundle="none")
    qtbot.waitUntil(lambda: desk.devices.problem is not None, timeout=SECONDS_20)
    assert "expected a bundle, found neither" in str(desk.devices.problem)
    assert desk.devices.backends == ()


def test_choices(desk: Desk, devices: Devices) -> None:
    assert devices.choices() == (
        Choice(AUTOMATIC),
        Choice("apple"),
        Choice("intel"),
        Choice("intel", "GPU.0"),
        Choice("intel", "CPU"),
        Choice("cpu"),
    )
    devices.choose(Choice("cpu", "CPU"))
    assert (desk.draft.state.backend, desk.draft.state.device) == ("cpu", "CPU")
    assert devices.choices()[-1] == devices.chosen, "what the draft says is always there"


def test_why_a_choice_cannot_be(devices: Devices) -> None:
    assert devices.refusal("apple") == "runs coreml bundles, not onnx"
    assert devices.refusal("cpu") is None
    assert devices.refusal(AUTOMATIC) is None
    assert devices.missing_device(Choice("intel", "NPU")) == "NPU"
    assert devices.missing_device(Choice("intel", "unet=GPU.0,CPU")) is None
    assert devices.missing_device(Choice("apple", "ane")) is None, "the reason for the backend says more"
    devices.take(DevicesListed(LISTED.backends[:1], None))
    assert "Nothing on this computer runs this bundle" in str(devices.refusal(AUTOMATIC))


def test_a_test_of_a_backend_that_cannot_run_here(devices: Devices, qtbot: QtBot) -> None:
    devices.test("apple")
    assert devices.testing == "apple"
    qtbot.waitUntil(lambda: devices.testing is None, timeout=SECONDS_20)
    result = devices.result("apple")
    assert result is not None
    assert not result.passed
    assert "apple: runs coreml bundles, not onnx" in result.report


def test_results_are_of_one_bundle(desk: Desk, devices: Devices, qtbot: QtBot) -> None:
    devices.test("apple")
    qtbot.waitUntil(lambda: devices.result("apple") is not None, timeout=SECONDS_20)
    desk.draft.change(prompt="a cat")
    assert devices.result("apple") is not None
    desk.draft.change(bundle="other")
    assert devices.result("apple") is None
    desk.draft.change(bundle=None)
    devices.test("apple")
    desk.draft.change(bundle="other")
    qtbot.waitUntil(lambda: devices.testing is None, timeout=SECONDS_20)
    assert devices.result("apple") is None, "it was another bundle's"
