"""``pia-edge doctor``: what it tries, and that a wrong device is found."""

import json
from typing import Any

import numpy as np
import pytest

from pia_edge.backend import Array
from pia_edge.bundle import Bundle
from pia_edge.cli import main
from pia_edge.errors import BackendError
from pia_edge.modules import MODULES, Module
from pia_edge.runtimes import cpu, cuda, self_test
from pia_edge.runtimes.cpu import Cpu

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def no_device_of_nvidia(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "find_driver", lambda: None)


def test_every_device_is_tried(tiny_onnx: Bundle, capsys: Capture) -> None:
    assert main(["doctor", "--bundle", str(tiny_onnx.path), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["passed"]
    tried = {each["backend"]: each for each in report["backends"]}
    assert tried["reference"] == {"backend": "reference", "refused": "runs torch bundles, not onnx"}
    for name in ("intel", "cpu"):
        rows = tried[name]["modules"]
        assert {row["module"] for row in rows} == set(MODULES)
        assert all(row["ran_on"] == "CPU" and 60 < row["psnr_db"] < 200 for row in rows), "compared with the other"
    assert str(tiny_onnx.path.parent) not in json.dumps(report)


def test_the_report_as_text(tiny: Bundle, capsys: Capture) -> None:
    assert main(["doctor", "--bundle", str(tiny.path), "--backend", "reference", "--device", "cpu"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("PIA Edge ")
    assert lines[-1] == "all that was tried is as it should be"
    assert sum("200.0 dB, loaded in" in line for line in lines) == len(MODULES)


def wrong(_array: Array) -> Array:
    return np.full_like(_array, np.nan)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda array: array + 1, "expected what the processor computes, found "),
        (wrong, "found NaN, infinity or another shape"),
        (lambda array: array[..., :-1], "found NaN, infinity or another shape"),
    ],
)
def test_a_device_that_computes_something_else(
    change: Any, said: str, tiny_onnx: Bundle, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    infer = cpu.CpuSession.infer

    def changed(self: Any, **inputs: Array) -> tuple[Array, ...]:
        outputs = infer(self, **inputs)
        return tuple(map(change, outputs)) if "timestep" in inputs else outputs

    monkeypatch.setattr(cpu.CpuSession, "infer", changed)
    assert main(["doctor", "--bundle", str(tiny_onnx.path), "--backend", "cpu"]) == 5
    lines = capsys.readouterr().out.splitlines()
    (failed,) = (line for line in lines if "FAILED" in line)
    assert failed.split()[0] == "unet"
    assert said in failed
    assert lines[-1] == "something failed"


def test_a_device_that_refuses_a_module(tiny_onnx: Bundle, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    load = Cpu.load

    def refuse(self: Cpu, bundle: Bundle, module: Module, *rest: Any, **named: Any) -> Any:
        if module is Module.VAE_DECODER:
            raise BackendError("the driver is too old")
        return load(self, bundle, module, *rest, **named)

    monkeypatch.setattr(Cpu, "load", refuse)
    assert main(["doctor", "--bundle", str(tiny_onnx.path), "--backend", "cpu", "--json"]) == 5
    (tried,) = json.loads(capsys.readouterr().out)["backends"]
    assert tried["modules"][-1] == {"module": "vae_decoder", "failed": "the driver is too old"}


def test_unknown_backends_and_devices(tiny_onnx: Bundle, capsys: Capture) -> None:
    assert main(["doctor", "--backend", "amd"]) == 5
    assert "Expected a backend out of" in capsys.readouterr().err
    assert main(["doctor", "--bundle", str(tiny_onnx.path), "--backend", "cpu", "--device", "TPU"]) == 5
    assert "found device 'TPU'" in capsys.readouterr().out


def test_nothing_to_compare_with(tiny_coreml: Bundle, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pia_edge.runtimes.apple.Apple.unavailable", lambda _self: None)
    monkeypatch.setattr(self_test, "_PROCESSORS", (("cpu", "CPU"),))
    assert main(["doctor", "--bundle", str(tiny_coreml.path)]) == 5
    assert "Nothing here runs coreml bundles on the processor" in capsys.readouterr().err
