"""Compiling an OpenVINO model for fixed shapes, or taking what was compiled before from the cache."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pia_edge.bundle import Bundle
from pia_edge.errors import OutputError
from pia_edge.modules import Module
from pia_edge.runtimes.compile_cache import CompileCache
from pia_edge.runtimes.mapped_file import MappedFile
from pia_edge.runtimes.openvino_weights import Computed, place_weights, store_weights

_WEIGHTS = "weights.bin"
_BLOB = "compiled.blob"
_TELLING = (
    "FULL_DEVICE_NAME",
    "DEVICE_ARCHITECTURE",
    "GPU_UARCH_VERSION",
    "NPU_DRIVER_VERSION",
    "NPU_COMPILER_VERSION",
)
"""Properties of a device that decide what is compiled for it; each device has some."""

_GRAPH = "2"
"""Another one where the same bundle is rewritten into another graph before it is compiled."""

# Every size of clip has a blob of its own, as large as the weights or twice that; other devices compile for minutes.
# For larger modules the weights alone are kept, which serve all sizes.
_LARGEST_ON_CPU = 2**28

Shapes = Mapping[str, tuple[int, ...]]


class Compiled(NamedTuple):
    """A compiled model, and the memory that it lies in."""

    model: Any
    memory: Any
    """To be kept as long as the model."""


@dataclass(frozen=True)
class Compiler:
    """Compiles one module for one device."""

    core: Any
    device: str
    config: Mapping[str, str]
    key: Mapping[str, str]
    cache: CompileCache | None
    """If None, nothing is kept."""
    large: bool
    """Whether what is kept is the weights, for all shapes, and not what was compiled for some."""
    weights: MappedFile | None = None
    """Where the weights of large models lie."""

    @classmethod
    def of(cls, core: Any, bundle: Bundle, module: Module, device: str, config: Mapping[str, str]) -> "Compiler":
        """Return the compiler of a module of ``bundle``, with the user's cache."""
        import openvino

        supported = set(core.get_property(device, "SUPPORTED_PROPERTIES"))
        key = {
            "bundle": bundle.sha256,
            "module": module.value,
            "runtime": f"openvino {openvino.__version__}",
            "device": device,
            "graph": _GRAPH,
            **{name: str(core.get_property(device, name)) for name in _TELLING if name in supported},
            **config,
        }
        artifact, files = bundle.artifact(module), bundle.manifest.files
        large = device == "CPU" and sum(files[name].size for name in artifact.weights) > _LARGEST_ON_CPU
        return cls(core, device, config, key, CompileCache.open(), large)

    def open(self, read: Callable[[], Any]) -> tuple["Compiler", Any]:
        """Return the model that ``read`` returns, its weights moved into a file if they are large, and its compiler."""
        if self.cache is None or not self.large or self.config:
            return self, read()
        capable = "BF16" in self.core.get_property(self.device, "OPTIMIZATION_CAPABILITIES")
        computed = Computed.BFLOAT16 if capable else Computed.FLOAT32
        key = {**self.key, "weights": computed.value}
        try:
            # Read twice: what a model has read of its own file stays in memory as long as it.
            folder = self.cache.get(key, lambda folder: store_weights(read(), computed, folder / _WEIGHTS))
        except OutputError:  # a full disk, or a folder that may not be written, costs memory and no clip
            return self, read()
        model, weights = read(), MappedFile(folder / _WEIGHTS)
        place_weights(model, computed, weights)
        return replace(self, weights=weights), model

    def compile(self, shapes: Shapes, make: Callable[[], Any]) -> Compiled:
        """Return the compiled model, from the cache if it is there.

        Args:
            shapes: of its inputs.
            make: returns the ``openvino.Model`` of these shapes, where it has to be compiled.

        Raises:
            RuntimeError: OpenVINO cannot compile it.
        """
        if self.cache is None or self.large:
            return self._compiled(make)
        key = {**self.key, "shapes": repr(sorted(shapes.items()))}
        made: list[Any] = []

        def write(folder: Path) -> None:
            made.append(self._compiled(make).model.export_model().getbuffer())
            (folder / _BLOB).write_bytes(made[0])

        # The first run imports like all others: what is imported may differ in last bits from what was compiled.
        try:
            folder = self.cache.get(key, write)
            # Mapped, so that memory does not hold it twice; OpenVINO wants it writable, which changes no file.
            blob: npt.NDArray[np.uint8] = np.memmap(folder / _BLOB, np.uint8, "c")
        except OutputError:  # a full disk, or a folder that may not be written, costs time and no clip
            exported = made[0] if made else self._compiled(make).model.export_model().getbuffer()
            blob = np.frombuffer(exported, np.uint8)
        try:
            return self._imported(blob)
        except RuntimeError:
            # Refused, though it is whole: another driver than its properties tell.
            self.cache.discard(key)
            return self._compiled(make)

    def _compiled(self, make: Callable[[], Any]) -> Compiled:
        with self.weights.giving_back() if self.weights else nullcontext():
            return Compiled(self.core.compile_model(make(), self.device, dict(self.config)), None)

    def _imported(self, blob: npt.NDArray[np.uint8]) -> Compiled:
        import openvino

        tensor = openvino.Tensor(blob, shared_memory=True)
        return Compiled(self.core.import_model(tensor, self.device, dict(self.config)), blob)
