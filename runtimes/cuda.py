"""ONNX bundles on NVIDIA's graphics processors through ONNX Runtime, by its own kernels or by TensorRT."""

import importlib.util
import platform
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pia_edge._privacy import silence_runtimes
from pia_edge.backend import Array, check_inputs
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.errors import BackendError, OutOfMemoryError
from pia_edge.modules import Module, border
from pia_edge.runtimes.compile_cache import CompileCache
from pia_edge.runtimes.nvidia import find_driver

_INSTALL = "run: pip uninstall onnxruntime, then pip install 'pia-edge[cuda]'"
_CUDA = "CUDAExecutionProvider"
_TENSORRT = "TensorrtExecutionProvider"
_CPU = "CPUExecutionProvider"
_MEMORY = "cuda"
"""Where inputs and outputs lie, as ONNX Runtime calls it."""


class Cuda:
    """One graphics processor; what ONNX Runtime leaves to the processor is counted and reported."""

    name = "cuda"
    library = "onnxruntime"
    formats = (Format.ONNX,)

    def unavailable(self) -> str | None:
        """Return why ONNX Runtime cannot use an NVIDIA device, or None."""
        if importlib.util.find_spec("onnxruntime") is None:
            return f"ONNX Runtime is not installed; {_INSTALL}"
        driver = find_driver()
        if driver is None or not driver.gpus:
            return "NVIDIA's driver is not installed, or finds no device"
        silence_runtimes()
        import onnxruntime

        if _CUDA not in onnxruntime.get_available_providers():
            return f"this ONNX Runtime was built without CUDA; {_INSTALL}"
        return None

    def memory_use(self, bundle: Bundle, device: str | None = None) -> None:
        """Return None: a graphics card has memory of its own, which has not been measured."""

    def devices(self) -> Sequence[str]:
        """Return ``cuda:0``, ``cuda:1`` …, then the same for TensorRT, which compiles for minutes first."""
        driver = find_driver()
        if self.unavailable() or driver is None:
            return ()
        import onnxruntime

        kinds = ["cuda", *(["tensorrt"] if _TENSORRT in onnxruntime.get_available_providers() else [])]
        return tuple(f"{kind}:{number}" for kind in kinds for number in range(len(driver.gpus)))

    def load(self, bundle: Bundle, module: Module, device: str | None = None, *, exact: bool = False) -> "CudaSession":
        """Load ``module`` on ``device`` and check that ONNX Runtime runs it there.

        Raises:
            BackendError: the device does not exist, or ONNX Runtime refuses the module or runs it elsewhere.
        """
        if reason := self.unavailable():
            raise BackendError(f"cuda: {reason}.")
        devices = self.devices()
        device = devices[0] if device is None else device
        if device not in devices:
            raise BackendError(f"cuda: expected a device out of {', '.join(devices)}, found {device!a}.")
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.add_session_config_entry("session.record_ep_graph_assignment_info", "1")
        providers = _providers(bundle, module, device, exact=exact)
        try:
            session = onnxruntime.InferenceSession(str(bundle.graph(module)), options, providers=providers)
        except Exception as error:  # onnxruntime's exceptions share no base class of their own
            raise BackendError(
                f"cuda: ONNX Runtime refused {module} on {device}: {error}. Verify the bundle."
            ) from error
        return CudaSession(module, session, device, exact=_is_exact(bundle, module, exact=exact))


class CudaSession:
    """One module in ONNX Runtime, whose inputs keep their places on the device between runs."""

    def __init__(self, module: Module, session: Any, device: str, *, exact: bool) -> None:
        self._module, self._session, self._wanted = module, session, device
        self.exact = exact
        self._number = int(device.partition(":")[2])
        self.device = _placed(module, session, device)
        self._values: dict[str, Any] = {}
        # Re-entrant: a signal handler may interrupt while the same thread is inside infer.
        self._lock = threading.RLock()
        self._running: Any = None

    def infer(self, **inputs: Array) -> tuple[Array, ...]:
        """Run the module once; see :class:`pia_edge.backend.Session`.

        Raises:
            BackendError: the inputs do not fit the border table, the run failed or was interrupted.
            OutOfMemoryError: the device could not hold what the run needs.
        """
        import onnxruntime

        check_inputs(self._module, inputs)
        options = onnxruntime.RunOptions()
        with self._lock:
            self._running = options
        try:
            binding = self._bound(inputs)
            self._session.run_with_iobinding(binding, options)
            # Copied: the device's own buffers are written again by the next run.
            return tuple(np.array(value.numpy(), dtype=np.float32) for value in binding.get_outputs())
        except Exception as error:  # see Cuda.load
            if "Failed to allocate" in str(error) or "out of memory" in str(error):
                raise OutOfMemoryError(
                    f"cuda: {self._module} does not fit into the memory of {self._wanted}. "
                    "Ask for fewer frames or a smaller size."
                ) from error
            raise BackendError(f"cuda: {self._module} failed on {self._wanted}: {error}") from error
        finally:
            with self._lock:
                self._running = None

    def interrupt(self) -> None:
        """End a running :meth:`infer` at the next node of the graph."""
        with self._lock:
            if self._running is not None:
                self._running.terminate = True

    def _bound(self, inputs: dict[str, Array]) -> Any:
        binding = self._session.io_binding()
        for spec in border(self._module).inputs:
            binding.bind_ortvalue_input(spec.name, self._on_device(spec.name, inputs[spec.name]))
        for spec in border(self._module).outputs:
            # Allocated by ONNX Runtime, and so never the memory of an input.
            binding.bind_output(spec.name, _MEMORY, self._number)
        return binding

    def _on_device(self, name: str, array: Array) -> Any:
        import onnxruntime

        value = self._values.get(name)
        if value is None or tuple(value.shape()) != array.shape:
            # Memory of its own: a value made from an array may lie in that.
            value = onnxruntime.OrtValue.ortvalue_from_shape_and_type(array.shape, array.dtype, _MEMORY, self._number)
            self._values[name] = value
        value.update_inplace(np.ascontiguousarray(array))
        return value


def _is_exact(bundle: Bundle, module: Module, *, exact: bool) -> bool:
    return exact or bundle.artifact(module).precision == "fp32"


def _providers(bundle: Bundle, module: Module, device: str, *, exact: bool) -> list[Any]:
    kind, _, number = device.partition(":")
    exactly = _is_exact(bundle, module, exact=exact)
    # TF32 would keep 10 bits of the factors of every product.
    cuda = (_CUDA, {"device_id": number, "use_tf32": "0" if exactly else "1"})
    if kind == "cuda":
        return [cuda]
    options = {
        "device_id": number,
        "trt_fp16_enable": "0" if exactly else "1",
        "trt_engine_cache_enable": "1",
        "trt_timing_cache_enable": "1",
        "trt_engine_cache_path": str(_engines(bundle, module, number)),
    }
    return [(_TENSORRT, options), cuda]


def _engines(bundle: Bundle, module: Module, number: str) -> Path:
    """The folder where TensorRT keeps what it compiled; it names the engines of other shapes by itself."""
    import onnxruntime

    driver = find_driver()
    key = {
        "bundle": bundle.sha256,
        "module": module.value,
        "runtime": f"onnxruntime {onnxruntime.__version__}, TensorRT",
        "device": driver.gpus[int(number)].name if driver else "",
        "driver": driver.version if driver else "",
        "machine": platform.machine(),
    }
    return CompileCache.open().growing(key)


def _placed(module: Module, session: Any, device: str) -> str:
    """Where ONNX Runtime runs the module: the device, and how many nodes of the graph.

    Raises:
        BackendError: none of them run on the device.
    """
    wanted = _TENSORRT if device.startswith("tensorrt") else _CUDA
    counts: Counter[str] = Counter()
    for part in session.get_provider_graph_assignment_info():
        counts[part.ep_name] += len(part.get_nodes())
    if not counts[wanted]:
        elsewhere = ", ".join(sorted(counts)) or "nowhere"
        raise BackendError(
            f"cuda: {module} should run on {device} ({wanted}), but ONNX Runtime would run it on {elsewhere}. Check "
            "the versions of CUDA, cuDNN and TensorRT that it needs, or choose another backend."
        )
    total = counts.total()
    return device if counts[wanted] == total else f"{device} ({counts[wanted]} of {total} nodes)"
