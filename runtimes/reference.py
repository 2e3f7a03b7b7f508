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
from pia_edge.runtimes.torch_compiling import CompiledNetwork
from pia_edge.runtimes.torch_device import TorchDevice, TorchPrecision

_NEEDED = ("torch", "diffusers", "transformers", "safetensors")


class Reference:
    """PyTorch; CUDA first, then MPS, then CPU. In float32 and eager unless the device's name asks for something else.

    Weights keep PyTorch's usual memory layout. With channels last a step of a UNet of 128 to 256 channels took 0.94 to
    1.08 times as long on two cores in float32, bfloat16 and float16, which is noise, and float32 changes at 131 dB.
    """

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
        """Return what float32 takes on a processor; nothing else has been measured."""
        plain = (device or next(iter(self.devices()), "")) == "cpu"
        return memory_use.reference_cpu(bundle) if plain else None

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
        exact: bool = False,
    ) -> "ReferenceSession":
        """Build the network of ``module``, load its weights and move it to ``device``.

        Args:
            bundle: a reference bundle.
            module: which module.
            device: one of :meth:`devices`, which computes in float32, or one with a precision (``cpu:bf16``,
                ``cuda:fp16``) and ``+compile`` after it. Both halve the memory of the weights; on a processor float16
                is no faster than float32, bfloat16 where the processor multiplies it.
            exact: in float32 and eager, whatever the name asks for.

        Raises:
            BackendError: a library is missing, or the device does not exist or cannot hold the module.
            BundleError: the weights are not those of the network the manifest describes.
        """
        silence_runtimes()
        if reason := self.unavailable():
            raise BackendError(f"reference: {reason}.")
        devices = self.devices()
        asked = TorchDevice.parse(devices[0] if device is None else device, devices)
        there = asked.of(module, exact=exact)
        return ReferenceSession(module, _network(bundle, module, there), there)


class ReferenceSession:
    """One module in PyTorch."""

    def __init__(self, module: Module, network: Any, device: TorchDevice) -> None:
        self.device = str(device)
        self.exact = all(str(parameter.dtype) == "torch.float32" for parameter in network.parameters())
        self._module, self._there = module, device
        self.network = network
        """The module itself, for whoever has to watch its layers."""
        self._stop = threading.Event()
        self._run = network
        if device.compiled:
            self._run = CompiledNetwork(network, f"{module} for {device}")
            return
        for layer in network.modules():
            layer.register_forward_pre_hook(_stopping(self._stop, module))

    def infer(self, **inputs: Array) -> tuple[Array, ...]:
        """Run the module once; see :class:`pia_edge.backend.Session`.

        Raises:
            BackendError: the inputs do not fit the border table, the module could not be compiled, or the run failed.
            OutOfMemoryError: PyTorch could not allocate what the run needs.
            Cancelled: the run was interrupted.
        """
        import torch

        check_inputs(self._module, inputs)
        self._stop.clear()
        ordered = [_placed(inputs[spec.name], self._there) for spec in border(self._module).inputs]
        try:
            with torch.inference_mode():
                outputs = self._run(*ordered)
        except RuntimeError as error:
            # On a processor PyTorch reports missing memory as a plain RuntimeError.
            if isinstance(error, torch.OutOfMemoryError) or "allocate memory" in str(error):
                raise OutOfMemoryError(
                    f"reference: {self._module} does not fit into the memory of {self.device}. "
                    "Ask for fewer frames or a smaller size."
                ) from error
            raise BackendError(f"reference: {self._module} failed on {self.device}: {error}") from error
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        if self._stop.is_set():
            raise Cancelled(f"reference: {self._module} was interrupted.")
        return tuple(output.float().cpu().numpy() for output in outputs)

    def interrupt(self) -> None:
        """End a running :meth:`infer` before its next layer.

        A compiled network has no layers any more: it runs, or is compiled, to its end, and its outputs are dropped.
        """
        self._stop.set()


def _network(bundle: Bundle, module: Module, device: TorchDevice) -> Any:
    """Return the network of ``module`` on ``device``, ready to run.

    Raises:
        BackendError: the device cannot hold it, or PyTorch put it elsewhere.
        BundleError: the weights are not those of the network the manifest describes.
    """
    from pia_edge.nn.reference_modules import build, build_unet

    # Stored weights of the UNet become halves directly: in float32 between them it would take 5 GB at full size.
    direct = module is Module.UNET and device.precision is not TorchPrecision.FP32
    network = build_unet(bundle) if direct else build(bundle, module)
    dtype = _dtype(device.precision)
    try:
        network = network.eval().to(device.kind, dtype)
    except (RuntimeError, TypeError) as error:  # MPS raises TypeError for a type that its system does not know
        raise BackendError(f"reference: {module} cannot be put on {device}: {error}. Try another device.") from error
    found = {(parameter.device.type, parameter.dtype) for parameter in network.parameters()}
    if found != {(device.kind, dtype)}:
        raise BackendError(f"reference: {module} should lie on {device}, but lies on {sorted(map(str, found))}.")
    return network


def _dtype(precision: TorchPrecision) -> Any:
    import torch

    return {
        TorchPrecision.FP32: torch.float32,
        TorchPrecision.BF16: torch.bfloat16,
        TorchPrecision.FP16: torch.float16,
    }[precision]


def _placed(array: Array, device: TorchDevice) -> Any:
    """``array`` as a tensor on ``device``; whole numbers stay whole."""
    import torch

    tensor = torch.from_numpy(array)
    return tensor.to(device.kind, _dtype(device.precision) if tensor.is_floating_point() else tensor.dtype)


def _stopping(stop: threading.Event, module: Module) -> Callable[[Any, Any], None]:
    """A hook that ends a run between two layers; it must not hold the session, whose memory is then freed at once."""

    def check(_layer: Any, _inputs: Any) -> None:
        if stop.is_set():
            raise Cancelled(f"reference: {module} was interrupted.")

    return check
