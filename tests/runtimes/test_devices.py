"""Where a module really runs: wrong devices, silent fallbacks, broken libraries, new shapes."""

import builtins
from types import SimpleNamespace
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch

from pia_edge.bundle import Bundle
from pia_edge.errors import BackendError, BundleError, OutOfMemoryError
from pia_edge.export.parity import example_inputs
from pia_edge.modules import Module
from pia_edge.runtimes import BACKENDS, intel
from pia_edge.runtimes.cpu import Cpu
from pia_edge.runtimes.intel import Intel
from pia_edge.runtimes.reference import Reference


@pytest.mark.parametrize(
    ("backend", "message"),
    [("intel", "expected a device out of CPU"), ("cpu", "CPU only"), ("reference", "cpu, found")],
)
@pytest.mark.parametrize("device", ["GPU.7", "", "cuda:9"])
def test_a_device_that_is_not_there(backend: str, message: str, device: str, tiny: Bundle, tiny_onnx: Bundle) -> None:
    bundle = tiny if backend == "reference" else tiny_onnx
    with pytest.raises(BackendError, match=message):
        BACKENDS[backend]().load(bundle, Module.CONDITION, device)


def test_devices_are_reported_by_the_runtime(tiny: Bundle, tiny_onnx: Bundle) -> None:
    assert Cpu().load(tiny_onnx, Module.CONDITION).device == "CPU"
    assert Reference().load(tiny, Module.CONDITION, "cpu").device == "cpu"
    session = Intel().load(tiny_onnx, Module.CONDITION)
    session.infer(**example_inputs(tiny, Module.CONDITION, frames=1, height=4, width=4, seed=0))
    assert session.device == "CPU"


def test_onnx_runtime_on_another_provider_is_an_error(tiny_onnx: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnxruntime.InferenceSession, "get_providers", lambda _self: ["AzureExecutionProvider"])
    with pytest.raises(BackendError, match="should run on CPUExecutionProvider, but runs on"):
        Cpu().load(tiny_onnx, Module.CONDITION)


class FakeCore:
    """OpenVINO's core with the answer of a compiled model exchanged."""

    def __init__(self, executed: list[str], *, devices: tuple[str, ...] = ("CPU", "GPU")) -> None:
        self._real = intel._core()
        self._executed = executed
        self.available_devices = devices

    def read_model(self, path: Any) -> Any:
        return self._real.read_model(path)

    def compile_model(self, model: Any, _device: str, _config: dict[str, str]) -> Any:
        return self._exchanged(self._real.compile_model(model, "CPU"))

    def import_model(self, blob: Any, _device: str, _config: dict[str, str]) -> Any:
        return self._exchanged(self._real.import_model(blob, "CPU", {}))

    def get_property(self, _device: str, name: str) -> Any:
        return self._real.get_property("CPU", name)

    def _exchanged(self, compiled: Any) -> Any:
        return SimpleNamespace(
            get_property=lambda _name: self._executed,
            create_infer_request=compiled.create_infer_request,
            export_model=compiled.export_model,
        )


@pytest.mark.parametrize("executed", [["CPU"], ["GPU.0", "CPU"], [], ["GPU1"]])
def test_openvino_on_another_device_is_an_error(
    executed: list[str], tiny: Bundle, tiny_onnx: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = FakeCore(executed)
    monkeypatch.setattr(intel, "_core", lambda: core)
    session = Intel().load(tiny_onnx, Module.CONDITION, "GPU")
    with pytest.raises(BackendError, match="should run on GPU, but runs on"):
        session.infer(**example_inputs(tiny, Module.CONDITION, frames=1, height=4, width=4, seed=0))


def test_openvino_numbers_the_only_gpu(tiny: Bundle, tiny_onnx: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    core = FakeCore(["GPU.0"])
    monkeypatch.setattr(intel, "_core", lambda: core)
    session = Intel().load(tiny_onnx, Module.CONDITION, "GPU")
    session.infer(**example_inputs(tiny, Module.CONDITION, frames=1, height=4, width=4, seed=0))
    assert session.device == "GPU.0"


def test_the_processor_is_openvinos_first_device(monkeypatch: pytest.MonkeyPatch) -> None:
    core = FakeCore([], devices=("NPU", "GPU.1", "CPU", "GPU.0"))
    monkeypatch.setattr(intel, "_core", lambda: core)
    assert Intel().devices() == ("CPU", "GPU.0", "GPU.1", "NPU")


def test_openvino_without_a_device(tiny_onnx: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    core = FakeCore([], devices=())
    monkeypatch.setattr(intel, "_core", lambda: core)
    assert Intel().unavailable() == "OpenVINO finds no device here"
    with pytest.raises(BackendError, match="finds no device"):
        Intel().load(tiny_onnx, Module.CONDITION)


@pytest.mark.parametrize("error", [ImportError("libtbb.so.12: cannot open"), RuntimeError("driver is broken")])
def test_an_openvino_that_cannot_be_used_is_a_reason(
    error: Exception, tiny_onnx: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def core() -> Any:
        raise error

    monkeypatch.setattr(intel, "_core", core)
    assert str(error) in (Intel().unavailable() or "")
    assert Intel().devices() == ()
    with pytest.raises(BackendError, match=str(error)):
        Intel().load(tiny_onnx, Module.CONDITION)


def test_an_onnx_runtime_that_cannot_be_loaded(tiny_onnx: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *others: Any, **named: Any) -> Any:
        if name == "onnxruntime":
            raise ImportError("DLL load failed")
        return real(name, *others, **named)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(BackendError, match="cannot be loaded: DLL load failed"):
        Cpu().load(tiny_onnx, Module.CONDITION)


def test_openvino_compiles_anew_for_new_shapes_only(tiny: Bundle, tiny_onnx: Bundle) -> None:
    session = Intel().load(tiny_onnx, Module.CONDITION)
    requests = []
    for height, width in ((4, 4), (4, 4), (6, 3), (4, 4)):
        inputs = example_inputs(tiny, Module.CONDITION, frames=1, height=height, width=width, seed=0)
        appearance, _ = session.infer(**inputs)
        assert appearance.shape[2:] == (height, width)
        requests.append(vars(session)["_pieces"][0]())
    assert requests[0] is requests[1]
    assert requests[1] is not requests[2]
    assert requests[2] is not requests[3]


def test_openvino_computes_an_exact_module_exactly(tiny: Bundle, tiny_onnx: Bundle) -> None:
    session = Intel().load(tiny_onnx, Module.CONDITION)
    session.infer(**example_inputs(tiny, Module.CONDITION, frames=1, height=4, width=4, seed=0))
    compiled = vars(session)["_pieces"][0]().get_compiled_model()
    assert compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name() == "f32"


@pytest.mark.parametrize("backend", ["intel", "cpu"])
def test_a_graph_that_is_none(
    backend: str, tiny_onnx: Bundle, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    broken = tmp_path_factory.mktemp("broken") / "condition.onnx"
    broken.write_bytes(b"not a graph")
    monkeypatch.setattr(Bundle, "graph", lambda _self, _module: broken)
    with pytest.raises(BackendError, match=r"refused condition: .* Verify the bundle\."):
        BACKENDS[backend]().load(tiny_onnx, Module.CONDITION)


def test_a_reference_bundle_has_no_graph(tiny: Bundle) -> None:
    with pytest.raises(BundleError, match="Export the bundle"):
        Cpu().load(tiny, Module.CONDITION)


def test_more_memory_than_there_is_in_openvino(tiny_onnx: Bundle) -> None:
    session = Intel().load(tiny_onnx, Module.VAE_DECODER)
    # 9 TB of latents that repeat one number without memory of their own.
    with pytest.raises(OutOfMemoryError, match="vae_decoder does not fit into memory"):
        session.infer(latents=np.broadcast_to(np.float32(0), (1, 4, 2**20, 2**19)))


def test_more_memory_than_there_is_in_onnx_runtime(tiny_onnx: Bundle) -> None:
    session = Cpu().load(tiny_onnx, Module.VAE_DECODER)
    # The attention of the decoder's middle block compares every latent with every other: 4 TB at this size.
    with pytest.raises(OutOfMemoryError, match="vae_decoder does not fit into memory"):
        session.infer(latents=np.zeros((1, 4, 1024, 1024), np.float32))


def test_more_memory_than_there_is_in_pytorch(tiny: Bundle) -> None:
    session = Reference().load(tiny, Module.CONDITION)
    # PyTorch's own complaint; its attention never holds the whole matrix, so no input of ours is large enough.
    session.network.register_forward_pre_hook(lambda *_: torch.empty(2**60))
    with pytest.raises(OutOfMemoryError, match="condition does not fit into the memory of cpu"):
        session.infer(**example_inputs(tiny, Module.CONDITION, frames=1, height=4, width=4, seed=0))
