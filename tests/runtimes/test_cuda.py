"""NVIDIA's backend, with ONNX Runtime's processor in the place of a graphics processor."""

import ctypes
import threading
import time
from typing import Any

import numpy as np
import onnxruntime
import pytest

from pia_edge.bundle import Bundle
from pia_edge.errors import BackendError, OutOfMemoryError
from pia_edge.export.parity import difference, example_inputs
from pia_edge.modules import MODULES, Module
from pia_edge.runtimes import cuda, nvidia
from pia_edge.runtimes.cuda import Cuda
from pia_edge.runtimes.nvidia import Driver, Gpu
from pia_edge.runtimes.reference import Reference

CPU = "CPUExecutionProvider"
TWO = Driver("12.8", (Gpu("first", 2**34), Gpu("second", 2**33)))


class Asked:
    """What ONNX Runtime was asked for."""

    def __init__(self) -> None:
        self.providers: list[Any] = []
        self.available = ["TensorrtExecutionProvider", "CUDAExecutionProvider", CPU]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """A machine with two devices, on which everything runs on the processor."""
    found = Asked()
    session = onnxruntime.InferenceSession

    def open_session(graph: str, options: Any, providers: list[Any]) -> Any:
        found.providers = providers
        return session(graph, options, providers=[CPU])

    monkeypatch.setattr(cuda, "find_driver", lambda: TWO)
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: found.available)
    monkeypatch.setattr(onnxruntime, "InferenceSession", open_session)
    monkeypatch.setattr(cuda, "_MEMORY", "cpu")
    monkeypatch.setattr(cuda, "_CUDA", CPU)
    return found


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("module", MODULES)
def test_every_module_agrees_with_the_reference(module: Module, tiny: Bundle, tiny_onnx: Bundle) -> None:
    session, theirs = Cuda().load(tiny_onnx, module), Reference().load(tiny, module, "cpu")
    results = []
    for seed, size in enumerate(((8, 8), (8, 8), (6, 9))):
        inputs = example_inputs(tiny, module, frames=3, height=size[0], width=size[1], seed=seed)
        results.append((session.infer(**inputs), theirs.infer(**inputs)))
    # Compared at the end: no result may lie where a later run writes.
    for found, expected in results:
        assert difference(found, expected).psnr_db > 100


def test_devices_and_what_is_asked_of_them(asked: Asked, tiny_onnx: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Cuda().devices() == ("cuda:0", "cuda:1", "tensorrt:0", "tensorrt:1")
    assert Cuda().load(tiny_onnx, Module.CONDITION).device == "cuda:0"
    assert asked.providers == [(CPU, {"device_id": "0", "use_tf32": "0"})]
    monkeypatch.setattr(cuda, "_TENSORRT", CPU)
    asked.available = [CPU]
    assert Cuda().load(tiny_onnx, Module.CONDITION, "tensorrt:1").device == "tensorrt:1"
    (name, options), fallback = asked.providers
    assert (name, options["device_id"], options["trt_fp16_enable"]) == (CPU, "1", "0")
    assert fallback == (CPU, {"device_id": "1", "use_tf32": "0"})
    with pytest.raises(BackendError, match=r"expected a device out of cuda:0, cuda:1, .*found 'cuda:2'"):
        Cuda().load(tiny_onnx, Module.CONDITION, "cuda:2")


@pytest.mark.usefixtures("asked")
def test_a_session_that_fell_back_is_refused(tiny_onnx: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "_CUDA", "CUDAExecutionProvider")
    with pytest.raises(BackendError, match=r"condition should run on cuda:0 .* would run it on CPUExecutionProvider"):
        Cuda().load(tiny_onnx, Module.CONDITION)


def test_machines_without(asked: Asked, monkeypatch: pytest.MonkeyPatch, tiny_onnx: Bundle) -> None:
    asked.available = ["AzureExecutionProvider"]
    assert "built without CUDA; run: pip uninstall onnxruntime" in (Cuda().unavailable() or "")
    monkeypatch.setattr(cuda, "find_driver", lambda: Driver("12.8", ()))
    assert Cuda().unavailable() == "NVIDIA's driver is not installed, or finds no device"
    assert Cuda().devices() == ()
    with pytest.raises(BackendError, match="NVIDIA's driver is not installed"):
        Cuda().load(tiny_onnx, Module.CONDITION)


@pytest.mark.usefixtures("asked")
def test_memory_of_the_device(tiny: Bundle, tiny_onnx: Bundle) -> None:
    session = Cuda().load(tiny_onnx, Module.CONDITION)

    class Full:
        def io_binding(self) -> None:
            raise RuntimeError("BFCArena: Failed to allocate memory for requested buffer of size 1")

    vars(session)["_session"] = Full()
    inputs = example_inputs(tiny, Module.CONDITION, frames=1, height=4, width=4, seed=0)
    with pytest.raises(OutOfMemoryError, match="condition does not fit into the memory of cuda:0"):
        session.infer(**inputs)


@pytest.mark.usefixtures("asked")
def test_a_run_is_interrupted_and_the_session_stays_usable(tiny: Bundle, tiny_onnx: Bundle) -> None:
    session = Cuda().load(tiny_onnx, Module.UNET)
    large = example_inputs(tiny, Module.UNET, frames=16, height=96, width=96, seed=0)
    small = example_inputs(tiny, Module.UNET, frames=2, height=8, width=8, seed=0)
    before = session.infer(**small)
    threading.Timer(0.05, session.interrupt).start()
    started = time.monotonic()
    with pytest.raises(BackendError):
        session.infer(**large)
    assert time.monotonic() - started < 2
    np.testing.assert_array_equal(session.infer(**small)[0], before[0])


class Library:
    """NVIDIA's driver as its documentation describes it."""

    def __init__(self, broken: bool) -> None:
        self.cuInit = lambda _flags: 100 if broken else 0

    def cuDriverGetVersion(self, version: Any) -> int:  # noqa: N802 - theirs
        version._obj.value = 12080
        return 0

    def cuDeviceGetCount(self, count: Any) -> int:  # noqa: N802
        count._obj.value = 1
        return 0

    def cuDeviceGet(self, device: Any, number: int) -> int:  # noqa: N802
        device._obj.value = number
        return 0

    def cuDeviceGetName(self, name: Any, length: int, _device: Any) -> int:  # noqa: N802
        assert length == len(name)
        name.value = b"NVIDIA H100"
        return 0

    def cuDeviceTotalMem_v2(self, memory: Any, _device: Any) -> int:  # noqa: N802
        memory._obj.value = 80 * 2**30
        return 0


def test_the_driver_is_asked_without_any_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: Library(broken=False))
    assert nvidia.find_driver() == Driver("12.8", (Gpu("NVIDIA H100", 80 * 2**30),))
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: Library(broken=True))
    assert nvidia.find_driver() is None

    def missing(_name: str) -> None:
        raise OSError("libcuda.so.1: cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", missing)
    assert nvidia.find_driver() is None
