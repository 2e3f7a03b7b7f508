"""ONNX bundles on any processor through ONNX Runtime."""

import importlib.util
import threading
from collections.abc import Sequence
from typing import Any

from pia_edge._privacy import silence_runtimes
from pia_edge.backend import Array, check_inputs
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.errors import BackendError, OutOfMemoryError
from pia_edge.memory_use import MemoryUse
from pia_edge.modules import Module, border
from pia_edge.runtimes import memory_use

_PROVIDER = "CPUExecutionProvider"
_FLOATS = ("fp32", "fp16")
"""Of these bundles nothing is rounded to fewer bits than float32 has: float16 is how weights are stored."""


class Cpu:
    """ONNX Runtime's CPU provider, and no other: a missing provider is an error, never a fallback."""

    name = "cpu"
    library = "onnxruntime"
    formats = (Format.ONNX,)

    def unavailable(self) -> str | None:
        """Return why ONNX Runtime cannot be used, or None."""
        if importlib.util.find_spec("onnxruntime") is None:
            return "ONNX Runtime is not installed; run: pip install 'pia-edge[cpu]'"
        return None

    def devices(self) -> Sequence[str]:
        """Return ``("CPU",)``, or nothing where ONNX Runtime is missing."""
        return () if self.unavailable() else ("CPU",)

    def memory_use(self, bundle: Bundle, device: str | None = None) -> MemoryUse | None:  # noqa: ARG002
        """Return what ONNX Runtime takes."""
        return memory_use.onnx_cpu(bundle)

    def load(self, bundle: Bundle, module: Module, device: str | None = None, *, exact: bool = False) -> "CpuSession":
        """Load ``module`` and check that ONNX Runtime runs it on the processor.

        Raises:
            BackendError: another device was asked for, or ONNX Runtime refuses the module.
        """
        if device not in (None, "CPU"):
            raise BackendError(f"The backend cpu runs on CPU only, found device {device!a}. Leave the device out.")
        silence_runtimes()
        try:
            import onnxruntime
        except ImportError as error:  # not installed, or a system library that it needs is missing
            raise BackendError(
                f"cpu: ONNX Runtime cannot be loaded: {error}. Run: pip install 'pia-edge[cpu]'"
            ) from error

        graph = str(bundle.graph(module))
        try:
            precision = bundle.artifact(module).precision
            options = _options(precision, exact=exact)
            session = onnxruntime.InferenceSession(graph, options, providers=[_PROVIDER])
        except Exception as error:  # onnxruntime's exceptions share no base class of their own
            raise BackendError(f"cpu: ONNX Runtime refused {module}: {error}. Verify the bundle.") from error
        if session.get_providers() != [_PROVIDER]:
            raise BackendError(f"cpu: {module} should run on {_PROVIDER}, but runs on {session.get_providers()}.")
        return CpuSession(module, session, exact=exact or precision in _FLOATS)


def _options(precision: str, *, exact: bool) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.use_deterministic_compute = True
    options.log_severity_level = 3
    # A pattern of memory is laid out beside what the first run took: 0.58 instead of 0.40 GB for the sample at 256x256
    # pixels, for no speed.
    options.enable_mem_pattern = False
    if precision == "fp16":
        # Otherwise all weights are unpacked to float32 before the first run: at full size 7.6 instead of 3.4 GB and
        # 20 s instead of 1 s, for steps that are a tenth faster.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    if exact:
        # Otherwise what is multiplied with 8- and 4-bit matrices is rounded to 8 bits.
        options.add_session_config_entry("session.qdq_matmulnbits_accuracy_level", "1")
    return options


class CpuSession:
    """One module in ONNX Runtime."""

    device = "CPU"

    def __init__(self, module: Module, session: Any, *, exact: bool) -> None:
        self._module = module
        self._session = session
        self.exact = exact
        # Re-entrant: a signal handler may interrupt while the same thread is inside infer.
        self._lock = threading.RLock()
        self._running: Any = None

    def infer(self, **inputs: Array) -> tuple[Array, ...]:
        """Run the module once; see :class:`pia_edge.backend.Session`.

        Raises:
            BackendError: the inputs do not fit the border table, the run failed or was interrupted.
            OutOfMemoryError: ONNX Runtime could not allocate what the run needs.
        """
        import onnxruntime

        check_inputs(self._module, inputs)
        options = onnxruntime.RunOptions()
        with self._lock:
            self._running = options
        try:
            outputs = self._session.run([spec.name for spec in border(self._module).outputs], inputs, options)
        except Exception as error:  # see Cpu.load
            if "Failed to allocate" in str(error) or "bad allocation" in str(error):
                raise OutOfMemoryError(
                    f"cpu: {self._module} does not fit into memory. Ask for fewer frames or a smaller size."
                ) from error
            raise BackendError(f"cpu: {self._module} failed: {error}") from error
        finally:
            with self._lock:
                self._running = None
        return tuple(outputs)

    def interrupt(self) -> None:
        """End a running :meth:`infer` at the next node of the graph."""
        with self._lock:
            if self._running is not None:
                self._running.terminate = True
