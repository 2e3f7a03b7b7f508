"""What a worker says of this machine is what the command line says."""

import json
from itertools import count

import pytest

from pia_edge.backend import Array
from pia_edge.bundle import Bundle
from pia_edge.cancel import CancelToken
from pia_edge.cli import main
from pia_edge.errors import BackendError, BundleError, Cancelled
from pia_edge.modules import MODULES
from pia_edge.progress import Progress, Stage
from pia_edge.runtimes import cuda
from pia_edge.runtimes.reference import ReferenceSession
from pia_edge.worker.answering import Listener, answer
from pia_edge.worker.model_questions import BackendTried, DevicesListed, ListDevices, TryBackend

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def no_device_of_nvidia(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "find_driver", lambda: None)


def test_devices_are_those_of_the_command_line(sample_bundle: Bundle, capsys: Capture) -> None:
    assert main(["devices", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    reply = answer(ListDevices(), Listener(print, CancelToken()))
    assert isinstance(reply, DevicesListed)
    found = [
        {"backend": state.backend, "devices": list(state.devices), "refused": state.refused} for state in reply.backends
    ]
    assert found == rows
    assert main(["devices"]) == 0
    taken = next(line for line in capsys.readouterr().out.splitlines() if "taken by --backend auto" in line)
    assert taken.split()[0] == reply.automatic
    with pytest.raises(BundleError, match="expected a bundle"):
        answer(ListDevices("none"), Listener(print, CancelToken()))
    assert sample_bundle.manifest.format == "onnx"


def test_a_test_is_that_of_the_doctor(tiny: Bundle, capsys: Capture) -> None:
    steps: list[Progress] = []
    reply = answer(TryBackend("reference", str(tiny.path)), Listener(steps.append, CancelToken()))
    assert isinstance(reply, BackendTried)
    assert reply.passed
    assert [(step.stage, step.done, step.total) for step in steps] == [
        (Stage.PROVE, number, len(MODULES)) for number in range(1, len(MODULES) + 1)
    ]
    assert main(["doctor", "--bundle", str(tiny.path), "--backend", "reference"]) == 0
    # Times differ from run to run.
    shown = [line.split(" dB, loaded in")[0] for line in capsys.readouterr().out.splitlines()]
    assert [line.split(" dB, loaded in")[0] for line in reply.report.splitlines()] == shown
    assert str(tiny.path) not in reply.report


def test_a_device_that_computes_something_else(tiny: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    infer, number = ReferenceSession.infer, count()

    def drifting(self: ReferenceSession, **inputs: Array) -> tuple[Array, ...]:
        outputs = infer(self, **inputs)
        return tuple(array + next(number) for array in outputs) if "image" in inputs else outputs

    monkeypatch.setattr(ReferenceSession, "infer", drifting)
    reply = answer(TryBackend("reference", str(tiny.path)), Listener(print, CancelToken()))
    assert isinstance(reply, BackendTried)
    assert not reply.passed
    (failed,) = (line for line in reply.report.splitlines() if "FAILED" in line)
    assert failed.split()[0] == "vae_encoder"
    assert reply.report.endswith("something failed")


def test_backends_that_cannot_be_tested(sample_bundle: Bundle) -> None:
    assert sample_bundle.manifest.format == "onnx"
    with pytest.raises(BackendError, match="runs torch bundles, not onnx"):
        answer(TryBackend("reference"), Listener(print, CancelToken()))
    with pytest.raises(BackendError, match="Choose one"):
        answer(TryBackend("auto"), Listener(print, CancelToken()))
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        answer(TryBackend("cpu"), Listener(print, token))
