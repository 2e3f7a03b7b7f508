"""OpenVINO and ONNX bundles through OpenVINO: any processor, Intel GPUs and NPUs."""

import importlib.util
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any

from pia_edge._privacy import silence_runtimes
from pia_edge.backend import Array, check_inputs
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.errors import BackendError, OutOfMemoryError
from pia_edge.memory_use import MemoryUse
from pia_edge.modules import Module, border
from pia_edge.runtimes import memory_use
from pia_edge.runtimes.openvino_attention import regroup_attention
from pia_edge.runtimes.openvino_compiling import Compiler
from pia_edge.runtimes.openvino_halves import multiply_by_halves
from pia_edge.runtimes.openvino_pieces import cut


@cache
def _core() -> Any:
    silence_runtimes()
    import openvino

    return openvino.Core()


class Intel:
    """OpenVINO on one named device. AUTO and HETERO are never used: they choose devices silently."""

    name = "intel"
    library = "openvino"
    formats = (Format.OPENVINO, Format.ONNX)

    def unavailable(self) -> str | None:
        """Return why OpenVINO cannot be used, or None."""
        if importlib.util.find_spec("openvino") is None:
            return "OpenVINO is not installed; run: pip install openvino"
        try:
            return None if self._found() else "OpenVINO finds no device here"
        except (ImportError, OSError, RuntimeError) as error:  # a system library is missing, or a driver is broken
            return f"OpenVINO is installed but cannot be used: {_first_line(error)}. Install it again"

    def devices(self) -> Sequence[str]:
        """Return OpenVINO's devices, the processor first: it is the only one verified so far."""
        return () if self.unavailable() else self._found()

    def memory_use(self, bundle: Bundle, device: str | None = None) -> MemoryUse | None:
        """Return what OpenVINO takes on a processor; on its other devices it has not been measured."""
        if (device or next(iter(self.devices()), "")) != "CPU":
            return None
        return memory_use.openvino_cpu(
            bundle, bfloat16="BF16" in _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        )

    def load(self, bundle: Bundle, module: Module, device: str | None = None, *, exact: bool = False) -> "IntelSession":
        """Load ``module`` on ``device``; it is compiled for the shapes of its first run.

        Raises:
            BackendError: the device does not exist, or OpenVINO cannot read the module.
        """
        if reason := self.unavailable():
            raise BackendError(f"intel: {reason}.")
        devices = self.devices()
        device = devices[0] if device is None else device
        if device not in devices:
            raise BackendError(f"intel: expected a device out of {', '.join(devices)}, found {device!a}.")
        # OpenVINO would otherwise compute an fp32 module in bfloat16 on processors with such units, and quantize what
        # layers with 8-bit weights are given.
        exactly = exact or bundle.artifact(module).precision == "fp32"
        config = {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0"} if exactly else {}
        compiler = Compiler.of(_core(), bundle, module, device, config)
        if exact:
            # Proofs run once, and are of what is compiled now.
            compiler = replace(compiler, cache=None)
        try:
            compiler, model = compiler.open(partial(_read, bundle, module, device))
        except (RuntimeError, ValueError) as error:
            raise BackendError(f"intel: OpenVINO refused {module}: {_first_line(error)}. Verify the bundle.") from error
        changeless = exactly or (bundle.artifact(module).precision == "fp16" and _computes_float32(device))
        return IntelSession(module, model, compiler, exact=changeless, in_pieces=exact and device == "CPU")

    def _found(self) -> tuple[str, ...]:
        return tuple(sorted(_core().available_devices, key=lambda device: (device != "CPU", device)))


def _computes_float32(device: str) -> bool:
    """Return whether ``device`` computes in float32 unless it is asked for less, as older processors do."""
    return bool(_core().get_property(device, "INFERENCE_PRECISION_HINT").to_string() == "f32")


def _read(bundle: Bundle, module: Module, device: str) -> Any:
    model = _core().read_model(bundle.graph(module))
    if device == "CPU":
        multiply_by_halves(model)
    return model


class IntelSession:
    """One module in OpenVINO, compiled anew when the shapes of its inputs change.

    Static shapes let OpenVINO plan memory and choose kernels once, which a graph of free shapes does not.
    """

    def __init__(self, module: Module, model: Any, compiler: Compiler, *, exact: bool, in_pieces: bool) -> None:
        self.exact = exact
        self._module = module
        self._model = model
        self._compiler = compiler
        self._wanted = compiler.device
        self._in_pieces = in_pieces
        self._shapes: dict[str, tuple[int, ...]] = {}
        self._pieces: list[Callable[[], Any]] = []
        self._memory: Any = None
        self._device = compiler.device
        # Re-entrant: a signal handler may interrupt while the same thread is inside infer.
        self._lock = threading.RLock()
        self._running: Any = None
        self._interrupted = False

    @property
    def device(self) -> str:
        """The device OpenVINO executes on; before the first run, the one it will be compiled for."""
        return self._device

    def infer(self, **inputs: Array) -> tuple[Array, ...]:
        """Run the module once; see :class:`pia_edge.backend.Session`.

        Raises:
            BackendError: the inputs do not fit the border table, compiling or running failed, or was interrupted.
            OutOfMemoryError: OpenVINO could not allocate what the run needs.
        """
        check_inputs(self._module, inputs)
        shapes = {name: array.shape for name, array in inputs.items()}
        try:
            if shapes != self._shapes:
                self._compile(shapes)
            known: dict[str, Array] = dict(inputs)
            for piece in self._pieces:
                known |= self._run(piece(), known)
            return tuple(known[spec.name] for spec in border(self._module).outputs)
        except (MemoryError, RuntimeError) as error:
            # OpenVINO passes C++'s complaint about missing memory on as the text of a RuntimeError.
            if isinstance(error, MemoryError) or "bad_alloc" in str(error):
                raise OutOfMemoryError(
                    f"intel: {self._module} does not fit into memory. Ask for fewer frames or a smaller size."
                ) from error
            raise BackendError(f"intel: {self._module} failed on {self._wanted}: {_first_line(error)}") from error
        finally:
            with self._lock:
                self._running, self._interrupted = None, False

    def _run(self, request: Any, known: dict[str, Array]) -> dict[str, Array]:
        """Run a piece on what it takes of ``known``, and return what it gives."""
        with self._lock:
            if self._interrupted:
                raise BackendError(f"intel: {self._module} was interrupted.")
            # A tensor may have names of OpenVINO's own beside that of the border table.
            given = {port: known[(known.keys() & port.get_names()).pop()] for port in request.model_inputs}
            request.start_async(given, share_inputs=True)
            self._running = request
        request.wait()
        found = {port: request.get_tensor(port).data.copy() for port in request.model_outputs}
        return {name: array for port, array in found.items() for name in port.get_names()}

    def interrupt(self) -> None:
        """End a running :meth:`infer` at the next node of the graph."""
        with self._lock:
            if self._running is not None:
                self._interrupted = True
                self._running.cancel()

    def _compile(self, shapes: dict[str, tuple[int, ...]]) -> None:
        self._shapes = {}
        # What was compiled before holds its own copy of the weights.
        self._pieces = []
        pieces = cut(self._reshaped(shapes)) if self._in_pieces else []
        if len(pieces) > 1:
            self._pieces = [partial(self._request, {}, partial(_same, piece)) for piece in pieces]
        else:
            request = self._request(shapes, partial(self._reshaped, shapes))
            self._pieces = [lambda: request]
        self._shapes = shapes

    def _reshaped(self, shapes: dict[str, tuple[int, ...]]) -> Any:
        model = self._model.clone()
        model.reshape({name: list(shape) for name, shape in shapes.items()})
        if self._wanted == "CPU":
            regroup_attention(model)
        return model

    def _request(self, shapes: dict[str, tuple[int, ...]], make: Callable[[], Any]) -> Any:
        compiled, self._memory = self._compiler.compile(shapes, make)
        executed = list(compiled.get_property("EXECUTION_DEVICES"))
        if not _is_device(executed, self._wanted):
            raise BackendError(f"intel: {self._module} should run on {self._wanted}, but runs on {executed}.")
        self._device = executed[0]
        return compiled.create_infer_request()


def _same(model: Any) -> Any:
    return model


def _is_device(executed: list[str], wanted: str) -> bool:
    """Return whether OpenVINO runs on ``wanted`` alone; it answers "GPU.0" when asked for "GPU"."""
    return len(executed) == 1 and (executed[0] == wanted or executed[0].startswith(f"{wanted}."))


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
