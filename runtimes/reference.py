"""Reference bundles in PyTorch on CUDA, MPS or CPU: the truth in every parity test."""

import importlib.util
import threading
from collections.abc import Callable, Sequence
from typing import Any

from pia_edge._privacy import silence_runtimes
from pia_edge.backend import Array, check_inputs
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.errors import BackendError, Cancelled, OutOfMemoryError
from pia_edge.memory_use import MemoryUse
from pia_edge.modules import Module, border
from pia_edge.runtimes import memory_use

_NEEDED = ("torch", "diffusers", "transformers", "safetensors")


class Reference:
    """PyTorch in float32, as the weights are stored; CUDA first, then MPS, then CPU."""

    name = "reference"
    library = "torch"
    formats = (Format.TORCH,)

    def unavailable(self) -> str | None:
        """Return which library is missing, or None."""
        missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
        if missing:
            return f"{', '.join(missing)} not installed; run: pip install 'pia-edge[export]'"
        return None

    def memory_use(self, bundle: Bundle, device: str | None = None) -> MemoryUse | None:
        """Return what float32 takes on a processor."""
        on_cpu = (device or next(iter(self.devices()), "")) == "cpu"
        return memory_use.reference_cpu(bundle) if on_cpu else None

    def devices(self) -> Sequence[str]:
        """Return PyTorch's devices, fastest first."""
        if self.unavailable():
            return ()
        import torch

        found = ["cuda"] if torch.cuda.is_available() else []
        found += ["mps"] if torch.backends.mps.is_available() else []
        return (*found, "cpu")

    def load(
        self,
        bundle: Bundle,
        module: Module,
        device: str | None = None,
        *,
        exact: bool = False,  # noqa: ARG002
    ) -> "ReferenceSession":
        """Build the network of ``module``, load its weights and move it to ``device``.

        Raises:
            BackendError: a library is missing, or the device does not exist.
            BundleError: the weights are not those of the network the manifest describes.
        """
        silence_runtimes()
        if reason := self.unavailable():
            raise BackendError(f"reference: {reason}.")
        from pia_edge.nn.reference_modules import build

        devices = self.devices()
        device = devices[0] if device is None else device
        if device not in devices:
            raise BackendError(f"reference: expected a device out of {', '.join(devices)}, found {device!a}.")
        network = build(bundle, module).eval().to(device)
        found = {parameter.device.type for parameter in network.parameters()}
        if found != {device}:
            raise BackendError(f"reference: {module} should lie on {device}, but lies on {sorted(found)}.")
        return ReferenceSession(module, network, device)


class ReferenceSession:
    """One module in PyTorch."""

    def __init__(self, module: Module, network: Any, device: str) -> None:
        self.device = device
        self.exact = all(str(parameter.dtype) == "torch.float32" for parameter in network.parameters())
        self._module = module
        self.network = network
        """The module itself, for whoever has to watch its layers."""
        self._stop = threading.Event()
        for layer in network.modules():
            layer.register_forward_pre_hook(_stopping(self._stop, module))

    def infer(self, **inputs: Array) -> tuple[Array, ...]:
        """Run the module once; see :class:`pia_edge.backend.Session`.

        Raises:
            BackendError: the inputs do not fit the border table, or the run failed.
            OutOfMemoryError: PyTorch could not allocate what the run needs.
            Cancelled: the run was interrupted.
        """
        import torch

        check_inputs(self._module, inputs)
        self._stop.clear()
        ordered = [torch.from_numpy(inputs[spec.name]).to(self.device) for spec in border(self._module).inputs]
        try:
            with torch.inference_mode():
                outputs = self.network(*ordered)
        except RuntimeError as error:
            # On a processor PyTorch reports missing memory as a plain RuntimeError.
            if isinstance(error, torch.OutOfMemoryError) or "allocate memory" in str(error):
                raise OutOfMemoryError(
                    f"reference: {self._module} does not fit into the memory of {self.device}. "
                    "Ask for fewer frames or a smaller size."
                ) from error
            raise BackendError(f"reference: {self._module} failed on {self.device}: {error}") from error
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        return tuple(output.float().cpu().numpy() for output in outputs)

    def interrupt(self) -> None:
        """End a running :meth:`infer` before its next layer."""
        self._stop.set()


def _stopping(stop: threading.Event, module: Module) -> Callable[[Any, Any], None]:
    """A hook that ends a run between two layers; it must not hold the session, whose memory is then freed at once."""

    def check(_layer: Any, _inputs: Any) -> None:
        if stop.is_set():
            raise Cancelled(f"reference: {module} was interrupted.")

    return check
