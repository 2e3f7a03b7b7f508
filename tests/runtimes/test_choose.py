"""Choosing a backend: the order, and a reason for everyone that was not taken."""

import importlib.util
from collections.abc import Callable
from dataclasses import replace
from importlib.machinery import ModuleSpec

import msgspec
import pytest

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.errors import BackendError
from pia_edge.runtimes import BACKENDS, choose, cuda, pick, refusals
from tests.backends import PRESENT

Hide = Callable[..., None]

# As everywhere but on the machines of their makers.
APPLE = "runs coreml bundles, not onnx"
CUDA = "NVIDIA's driver is not installed, or finds no device"


@pytest.fixture(autouse=True)
def no_device_of_nvidia(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "find_driver", lambda: None)


@pytest.fixture
def hide(monkeypatch: pytest.MonkeyPatch) -> Hide:
    """Make libraries look as if they were not installed."""
    real = importlib.util.find_spec

    def hide_all(*hidden: str) -> None:
        def find_spec(name: str, package: str | None = None) -> ModuleSpec | None:
            return None if name in hidden else real(name, package)

        monkeypatch.setattr(importlib.util, "find_spec", find_spec)

    return hide_all


def test_the_first_that_runs_the_format_is_taken(tiny: Bundle, tiny_onnx: Bundle) -> None:
    assert list(BACKENDS) == ["apple", "cuda", "intel", "cpu", "reference"]
    onnx, torch = pick(tiny_onnx), pick(tiny)
    assert (onnx.backend.name, onnx.refused) == ("intel", {"apple": APPLE, "cuda": CUDA})
    assert torch.backend.name == "reference"
    assert torch.refused == {
        "apple": "runs coreml bundles, not torch",
        "cuda": "runs onnx bundles, not torch",
        "intel": "runs openvino and onnx bundles, not torch",
        "cpu": "runs onnx bundles, not torch",
    }


def test_a_machine_too_small_for_one_frame_is_refused(tiny_onnx: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "all_memory", lambda: 10**7)
    found = refusals(tiny_onnx)
    for name in ("intel", "cpu"):
        assert "GB of memory, and there are 0.0" in str(found[name])
    with pytest.raises(BackendError, match="take fewer bits"):
        pick(tiny_onnx, "cpu")


@pytest.mark.parametrize("name", ["intel", "cpu"])
def test_the_one_asked_for_is_taken(name: str, tiny_onnx: Bundle) -> None:
    assert pick(tiny_onnx, name).backend.name == name


def test_a_missing_library_is_a_reason_with_the_command_to_install_it(tiny_onnx: Bundle, hide: Hide) -> None:
    hide("openvino")
    choice = pick(tiny_onnx)
    assert choice.backend.name == "cpu"
    missing = "OpenVINO is not installed; run: pip install openvino"
    assert choice.refused == {"apple": APPLE, "cuda": CUDA, "intel": missing}


def test_none_can_run_it(tiny_onnx: Bundle, hide: Hide) -> None:
    hide("openvino", "onnxruntime")
    with pytest.raises(BackendError) as raised:
        pick(tiny_onnx)
    lines = str(raised.value).splitlines()
    assert lines[0] == "No backend can run the bundle 'tiny' (onnx) here."
    assert [line.split(":")[0].strip() for line in lines[1:]] == list(BACKENDS)
    assert "pip install 'pia-edge[cpu]'" in lines[4]


def test_the_reference_names_every_missing_library(tiny: Bundle, hide: Hide) -> None:
    hide("diffusers", "transformers")
    assert refusals(tiny)["reference"] == "diffusers, transformers not installed; run: pip install 'pia-edge[export]'"
    with pytest.raises(BackendError, match="diffusers, transformers not installed"):
        pick(tiny, "reference")


def test_hidden_libraries_leave_no_devices(hide: Hide) -> None:
    hide("openvino", "onnxruntime", "torch")
    assert {name: tuple(make().devices()) for name, make in BACKENDS.items()} == dict.fromkeys(BACKENDS, ())


def test_an_unknown_name(tiny_onnx: Bundle) -> None:
    with pytest.raises(BackendError, match=r"out of auto, apple, cuda, intel, cpu, reference; found 'g\\xfcnther'"):
        pick(tiny_onnx, "günther")


def test_a_format_that_nobody_runs(tiny_onnx: Bundle) -> None:
    manifest = msgspec.structs.replace(tiny_onnx.manifest, format=Format.COREML)
    with pytest.raises(BackendError, match=r"intel: runs openvino and onnx bundles, not coreml"):
        pick(replace(tiny_onnx, manifest=manifest))


@pytest.mark.parametrize("name", BACKENDS)
def test_every_backend_says_what_it_is(name: str) -> None:
    backend = BACKENDS[name]()
    assert backend.name == name
    assert backend.formats
    assert importlib.util.find_spec(backend.library) is not None
    assert (backend.unavailable() is None) == bool(backend.devices())
    assert name in PRESENT or backend.unavailable()
