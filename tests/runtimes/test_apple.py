"""Core ML's backend on a stand-in for Core ML that runs the packages operation by operation."""

import platform
import shutil
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import coremltools
import numpy as np
import pytest

from pia_edge.backend import Array
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize
from pia_edge.errors import BackendError, Cancelled
from pia_edge.export.coreml.evaluator import Evaluator
from pia_edge.export.coreml.program import read_programs
from pia_edge.export.coreml.session import MilEvaluator
from pia_edge.export.coreml.size import example
from pia_edge.export.parity import difference
from pia_edge.modules import MODULES, Module
from pia_edge.runtimes.apple import Apple
from pia_edge.runtimes.reference import Reference


class CompiledMLModel:
    """Takes what coremltools' class takes, and gives what Core ML gives: a dictionary of arrays by name."""

    loaded: ClassVar[list[tuple[str, str]]] = []

    def __init__(self, path: str, compute_units: Any, function_name: str) -> None:
        assert isinstance(compute_units, coremltools.ComputeUnit)
        self.loaded.append((compute_units.name, function_name))
        self._evaluator = Evaluator(read_programs(Path(path))[function_name or "main"])

    def predict(self, data: dict[str, Array]) -> dict[str, Array]:
        assert data.keys() == self._evaluator.shapes.keys()
        assert {array.dtype.name for array in data.values()} <= {"float32", "int32"}
        return dict(zip(self._evaluator.outputs, self._evaluator.run(data), strict=True))


class MLNeuralEngineComputeDevice: ...


class MLGPUComputeDevice: ...


class MLCPUComputeDevice: ...


KINDS = {"ane": MLNeuralEngineComputeDevice, "gpu": MLGPUComputeDevice, "cpu": MLCPUComputeDevice}


class CoreMl:
    """What the tests change of the stand-in."""

    def __init__(self) -> None:
        self.devices = ["ane", "gpu", "cpu"]
        self.operations = ["ane", "ane", "cpu", None]
        """Where each operation of every package runs."""
        self.compiled: list[str] = []

    def compile_model(self, model: str, destination_path: str) -> str:
        self.compiled.append(Path(model).name)
        return str(shutil.copytree(model, destination_path))

    def load_from_path(self, path: str, compute_units: Any) -> Any:
        assert Path(path).is_dir()
        assert compute_units.name in {"CPU_AND_NE", "CPU_AND_GPU", "CPU_ONLY"}
        block = SimpleNamespace(operations=self.operations)
        program = SimpleNamespace(functions={"main": SimpleNamespace(block=block)})
        return SimpleNamespace(
            model_structure=SimpleNamespace(program=program),
            get_compute_device_usage_for_mlprogram_operation=lambda place: (
                place and SimpleNamespace(preferred_compute_device=KINDS[place]())
            ),
        )


@pytest.fixture
def core_ml(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CoreMl:
    stand_in = CoreMl()
    monkeypatch.setenv("PIA_EDGE_HOME", str(tmp_path))
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    monkeypatch.setattr(platform, "mac_ver", lambda: ("15.4", ("", "", ""), "arm64"))
    monkeypatch.setattr(coremltools.models, "CompiledMLModel", CompiledMLModel)
    monkeypatch.setattr(coremltools.models.utils, "compile_model", stand_in.compile_model)
    monkeypatch.setattr(coremltools.models.compute_plan, "MLComputePlan", stand_in)
    find = SimpleNamespace(get_all_compute_devices=lambda: [KINDS[name]() for name in stand_in.devices])
    monkeypatch.setattr(coremltools.models.compute_device, "MLComputeDevice", find)
    CompiledMLModel.loaded.clear()
    return stand_in


@pytest.mark.usefixtures("core_ml")
@pytest.mark.parametrize("module", MODULES)
def test_every_module_agrees_with_the_reference(module: Module, tiny: Bundle, tiny_coreml: Bundle) -> None:
    clip = tiny_coreml.manifest.clips[0]
    inputs = example(tiny, module, clip)
    batched = {name: np.concatenate([array, array]) if _is_batched(name) else array for name, array in inputs.items()}
    found = Apple().load(tiny_coreml, module).infer(**batched)
    assert difference(found, Reference().load(tiny, module, "cpu").infer(**batched)).psnr_db > 50
    theirs = MilEvaluator().load(tiny_coreml, module).infer(**batched)
    assert difference(found, theirs).max_abs_error == 0


def _is_batched(name: str) -> bool:
    return name in {"input_ids", "image", "latents", "encoder_hidden_states"}


def test_packages_are_compiled_once_for_every_device(core_ml: CoreMl, tiny_coreml: Bundle) -> None:
    session = Apple().load(tiny_coreml, Module.CONDITION)
    assert session.device == "ane (2 of 3 operations)"
    core_ml.operations = ["gpu", "gpu"]
    assert Apple().load(tiny_coreml, Module.CONDITION, "gpu").device == "gpu"
    assert core_ml.compiled == ["condition.mlpackage"]
    core_ml.operations = ["cpu"]
    assert Apple().load(tiny_coreml, Module.CONDITION, exact=True).device == "cpu"
    assert Apple().load(tiny_coreml, Module.CONDITION, "ane", exact=True).device == "cpu", "which has float32"
    assert CompiledMLModel.loaded == [], "functions are loaded when they are first run"


def test_a_module_that_would_run_elsewhere_is_refused(core_ml: CoreMl, tiny_coreml: Bundle) -> None:
    core_ml.operations = ["cpu", "gpu"]
    with pytest.raises(BackendError, match="condition should run on ane, but Core ML would run all of it on cpu, gpu"):
        Apple().load(tiny_coreml, Module.CONDITION, "ane")


def test_devices_are_those_that_core_ml_finds(core_ml: CoreMl, tiny_coreml: Bundle) -> None:
    assert Apple().devices() == ("ane", "gpu", "cpu")
    core_ml.devices = ["cpu", "gpu"]
    assert Apple().devices() == ("gpu", "cpu")
    with pytest.raises(BackendError, match="expected a device out of gpu, cpu, found 'ane'"):
        Apple().load(tiny_coreml, Module.CONDITION, "ane")


def test_other_systems_have_no_core_ml(core_ml: CoreMl, monkeypatch: pytest.MonkeyPatch, tiny_coreml: Bundle) -> None:
    assert core_ml.compiled == []
    monkeypatch.setattr(platform, "mac_ver", lambda: ("14.7.1", ("", "", ""), "arm64"))
    assert Apple().unavailable() == "these bundles need macOS 15 or later, and this is 14.7.1"
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    assert Apple().devices() == ()
    with pytest.raises(BackendError, match="Core ML is part of macOS"):
        Apple().load(tiny_coreml, Module.CONDITION)


def test_a_package_that_core_ml_refuses(
    core_ml: CoreMl, monkeypatch: pytest.MonkeyPatch, tiny_coreml: Bundle, tmp_path: Path
) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("Error compiling model")

    monkeypatch.setattr(coremltools.models.utils, "compile_model", refuse)
    with pytest.raises(BackendError, match=r"Core ML refused condition\.mlpackage: Error compiling model"):
        Apple().load(tiny_coreml, Module.CONDITION)
    assert list(tmp_path.glob("compiled/*/entry.json")) == []
    monkeypatch.setattr(coremltools.models.utils, "compile_model", core_ml.compile_model)
    Apple().load(tiny_coreml, Module.CONDITION)


@pytest.mark.usefixtures("core_ml")
def test_sizes_that_no_package_has(tiny: Bundle, tiny_coreml: Bundle) -> None:
    other = example(tiny, Module.CONDITION, ClipSize(frames=4, width=8, height=8))
    with pytest.raises(BackendError, match="expected inputs of"):
        Apple().load(tiny_coreml, Module.CONDITION).infer(**other)


@pytest.mark.usefixtures("core_ml")
def test_a_run_ends_between_two_calls(tiny: Bundle, tiny_coreml: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Apple().load(tiny_coreml, Module.VAE_DECODER)
    inputs = example(tiny, Module.VAE_DECODER, tiny_coreml.manifest.clips[0])
    calls: list[threading.Event] = []
    predict = CompiledMLModel.predict

    def interrupted(self: CompiledMLModel, data: dict[str, Array]) -> dict[str, Array]:
        calls.append(threading.Event())
        session.interrupt()
        return predict(self, data)

    monkeypatch.setattr(CompiledMLModel, "predict", interrupted)
    with pytest.raises(Cancelled):
        session.infer(latents=np.concatenate([inputs["latents"]] * 3))
    assert len(calls) == 1
    monkeypatch.setattr(CompiledMLModel, "predict", predict)
    session.infer(**inputs)
