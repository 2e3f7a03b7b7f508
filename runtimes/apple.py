"""Core ML bundles on Apple's neural engine, graphics processor or processor.

Core ML compiles a package for the machine (kept in the compile cache) and decides itself where each operation runs;
after loading it is asked, and a module of which nothing runs where it should is refused.
"""

import importlib.util
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import Event
from types import MappingProxyType
from typing import Any

import numpy as np

from pia_edge.backend import Array
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.bundle.mlpackage import DATA, MODEL
from pia_edge.errors import BackendError
from pia_edge.modules import Module
from pia_edge.runtimes.compile_cache import CompileCache, Key
from pia_edge.runtimes.fixed_shapes import Chain, FixedShapes

_MACOS = 15
"""The first that runs packages of several functions and with 4-bit weights."""
_UNITS = MappingProxyType({"ane": "CPU_AND_NE", "gpu": "CPU_AND_GPU", "cpu": "CPU_ONLY"})
"""What to allow for each device; the processor takes what the others cannot."""
_CLASSES = MappingProxyType(
    {"MLNeuralEngineComputeDevice": "ane", "MLGPUComputeDevice": "gpu", "MLCPUComputeDevice": "cpu"}
)
_EXACT = "cpu"
_MODEL_DEPTH = len(Path(DATA, MODEL).parts)
_COMPILED = "package.mlmodelc"


class Apple:
    """Core ML on one named device, for those operations that it can run there."""

    name = "apple"
    library = "coremltools"
    formats = (Format.COREML,)

    def unavailable(self) -> str | None:
        """Return why Core ML cannot be used, or None."""
        if platform.system() != "Darwin":
            return "Core ML is part of macOS and exists nowhere else"
        version = platform.mac_ver()[0]
        if int(version.partition(".")[0] or 0) < _MACOS:
            return f"these bundles need macOS {_MACOS} or later, and this is {version or 'an unknown one'}"
        if importlib.util.find_spec("coremltools") is None:
            return "coremltools is not installed; run: pip install 'pia-edge[apple]'"
        return None

    def memory_use(self, bundle: Bundle, device: str | None = None) -> None:
        """Return None: not measured on its hardware."""

    def devices(self) -> Sequence[str]:
        """Return what Core ML finds: the neural engine first, then the graphics processor, then the processor."""
        if self.unavailable():
            return ()
        from coremltools.models.compute_device import MLComputeDevice

        found = {_CLASSES.get(type(device).__name__) for device in MLComputeDevice.get_all_compute_devices()}
        return tuple(device for device in _UNITS if device in found)

    def load(self, bundle: Bundle, module: Module, device: str | None = None, *, exact: bool = False) -> "AppleSession":
        """Compile the packages of ``module`` for ``device``, or take them from the cache.

        With ``exact`` it is the processor, whatever ``device`` is. There float32 operations are computed as such;
        Core ML decides itself whether those that the package has in float16 are.

        Raises:
            BackendError: the device does not exist, Core ML refused a package, or would run nothing of it there.
        """
        if reason := self.unavailable():
            raise BackendError(f"apple: {reason}.")
        devices = self.devices()
        device = devices[0] if device is None else device
        if device not in devices:
            raise BackendError(f"apple: expected a device out of {', '.join(devices)}, found {device!a}.")
        if exact:
            # The neural engine has no float32, and the graphics processor may accumulate in float16.
            device = _EXACT
        packages = [graph.parents[_MODEL_DEPTH - 1] for graph in bundle.graphs(module)]
        compiled = [_compiled(bundle, package) for package in packages]
        return AppleSession(module, packages, compiled, device)


class AppleSession:
    """One module in Core ML; see :class:`pia_edge.backend.Session`."""

    def __init__(self, module: Module, packages: Sequence[Path], compiled: Sequence[Path], device: str) -> None:
        functions = [_functions(package) for package in packages]
        units = _units(device)
        chains = [
            Chain(
                [
                    CompiledFunction(path, name, units, *each[name])
                    for path, each in zip(compiled, functions, strict=True)
                ]
            )
            for name in functions[0]
        ]
        self._shapes = FixedShapes(module, packages[0].name, chains)
        self.exact = device == _EXACT
        self.device = _placed(module, compiled, device)

    def infer(self, **inputs: Array) -> tuple[Array, ...]:
        """Run the module, once for each element of the batch.

        Raises:
            BackendError: the inputs do not fit the border table or any size, or Core ML failed.
            Cancelled: the run was interrupted.
        """
        return self._shapes.infer(inputs)

    def interrupt(self) -> None:
        """End a running :meth:`infer` behind the package that is running: Core ML cannot be stopped within one."""
        self._shapes.interrupt()


class CompiledFunction:
    """One function of a compiled package, loaded when it is first run."""

    def __init__(
        self, path: Path, name: str, units: Any, shapes: Mapping[str, tuple[int, ...]], outputs: Sequence[str]
    ) -> None:
        self._path, self._name, self._units = path, name, units
        self._model: Any = None
        self.shapes = shapes
        """The shape of every input."""
        self.outputs = outputs
        """The name of every output."""

    def run(self, inputs: Mapping[str, Array], *, stop: Event) -> Sequence[Array]:  # noqa: ARG002
        """Return the outputs in their order, float32.

        Raises:
            BackendError: Core ML cannot load or run it.
        """
        try:
            if self._model is None:
                from coremltools.models import CompiledMLModel

                self._model = CompiledMLModel(str(self._path), self._units, self._name)
            found = self._model.predict({name: _given(inputs[name]) for name in self.shapes})
        except RuntimeError as error:  # what coremltools makes of Core ML's own errors
            raise BackendError(f"apple: {self._path.parent.name}, {self._name}: {error}") from error
        return [np.asarray(found[name], dtype=np.float32) for name in self.outputs]


def _given(array: Array) -> Array:
    # Core ML knows no whole numbers of 64 bits.
    return np.ascontiguousarray(array, dtype=np.int32 if array.dtype.kind == "i" else np.float32)


def _units(device: str) -> Any:
    import coremltools

    return coremltools.ComputeUnit[_UNITS[device]]


def _compiled(bundle: Bundle, package: Path) -> Path:
    import coremltools

    key: Key = {
        "bundle": bundle.sha256,
        "package": package.name,
        "runtime": f"coremltools {coremltools.__version__}, macOS {platform.mac_ver()[0]}",
        "machine": platform.machine(),
    }
    return CompileCache.open().get(key, partial(_compile, package)) / _COMPILED


def _compile(package: Path, folder: Path) -> None:
    from coremltools.models.utils import compile_model

    try:
        compile_model(str(package), str(folder / _COMPILED))
    except RuntimeError as error:
        raise BackendError(f"apple: Core ML refused {package.name}: {error}. Verify the bundle.") from error


def _functions(package: Path) -> dict[str, tuple[dict[str, tuple[int, ...]], list[str]]]:
    """The shapes of inputs and the names of outputs of each function, from the description in the package."""
    from coremltools.models.utils import load_spec

    description = load_spec(str(package)).description
    found = {}
    for name, part in {each.name: each for each in description.functions}.items() or [("", description)]:
        shapes = {each.name: tuple(each.type.multiArrayType.shape) for each in part.input}
        found[name] = (shapes, [each.name for each in part.output])
    return found


def _placed(module: Module, compiled: Sequence[Path], device: str) -> str:
    """Where Core ML runs the module: the device, and how many of the operations.

    Raises:
        BackendError: none of them run on the device.
    """
    from coremltools.models.compute_plan import MLComputePlan

    counts: Counter[str] = Counter()
    for path in compiled:
        plan = MLComputePlan.load_from_path(str(path), _units(device))
        for function in plan.model_structure.program.functions.values():
            for operation in function.block.operations:
                usage = plan.get_compute_device_usage_for_mlprogram_operation(operation)
                if usage is not None:  # constants run nowhere
                    kind = type(usage.preferred_compute_device).__name__
                    counts[_CLASSES.get(kind, kind)] += 1
    total = counts.total()
    if not counts[device]:
        elsewhere = ", ".join(sorted(counts)) or "nowhere"
        raise BackendError(
            f"apple: {module} should run on {device}, but Core ML would run all of it on {elsewhere}. "
            "Choose another device."
        )
    return device if counts[device] == total else f"{device} ({counts[device]} of {total} operations)"
