"""What a storage makes of a weight: its numbers and its bytes, known before anything is exported."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pia_edge.bundle import Bundle
from pia_edge.bundle.safetensors_header import read_safetensors_header
from pia_edge.export.palette import palette_bytes
from pia_edge.export.precision import Precision
from pia_edge.export.quantization import GROUP, quantize_int4, quantize_int8
from pia_edge.export.recipe import Recipe, Shape, Storage
from pia_edge.export.source import open_source
from pia_edge.modules import Module, whole

Float32s = NDArray[np.float32]

CHOICES = (Storage.HALF, Storage.INT8, Storage.INT4)
"""The storages that every target has, the exactest first."""
# Scale and zero point of a group: ONNX keeps the scale in float32, OpenVINO in float16, 2 bytes less.
_GROUP_BYTES = 4.5
# Of a graph for each of its weights: up to 4.0 kB in OpenVINO's XML, 0.7 kB in ONNX.
_GRAPH_BYTES = 4096
_VAE_PARTS = {
    Module.VAE_ENCODER: ("encoder.", "quant_conv."),
    Module.VAE_DECODER: ("decoder.", "post_quant_conv."),
}


def storages_of(name: str, shape: Shape) -> tuple[Storage, ...]:
    """Return the storages out of ``CHOICES`` that the weight ``name`` of the UNet can have; one if it is kept."""
    least = Recipe(precision=Precision.INT4).storage(Module.UNET, name, shape)
    return CHOICES[: CHOICES.index(least) + 1]


def restored(weight: Float32s, storage: Storage) -> Float32s:
    """Return ``weight`` as a runtime computes it that reads it stored so.

    Raises:
        ValueError: the storage is a palette.
    """
    if storage is Storage.EXACT:
        return weight
    if storage is Storage.INT8:
        return quantize_int8(weight).restored()
    if storage is Storage.INT4:
        return quantize_int4(weight).restored()
    if storage is not Storage.HALF:
        raise ValueError(f"expected a storage of evenly spaced values, found {storage}")
    with np.errstate(over="ignore"):
        return weight.astype(np.float16).astype(np.float32)


def weight_bytes(shape: Shape, storage: Storage) -> int:
    """Return how many bytes a weight takes at most, whatever the target."""
    size = math.prod(shape)
    # Some targets keep vectors as the network computes with them.
    if len(shape) < 2 or storage is Storage.EXACT:
        return 4 * size
    if storage is Storage.HALF:
        return 2 * size
    if storage is Storage.INT8:
        return size + 4 * shape[0]
    if storage is Storage.INT4:
        return math.ceil(size / 2 + _GROUP_BYTES * size / GROUP)
    return palette_bytes(shape, storage)


@dataclass(frozen=True)
class Contents:
    """What an export of a reference bundle holds, whatever its target."""

    shapes: Mapping[Module, Mapping[str, Shape]]
    """Of every weight, in the order of their names."""
    other_bytes: int
    """What no recipe changes: the tokenizer, and tables that the UNet computes."""

    def num_bytes(self, recipe: Recipe) -> int:
        """Return how many bytes an export by ``recipe`` takes at most, graphs included."""
        return self.other_bytes + sum(
            _GRAPH_BYTES + weight_bytes(shape, recipe.storage(module, name, shape))
            for module, shapes in self.shapes.items()
            for name, shape in shapes.items()
        )


def contents_of(reference: Bundle) -> Contents:
    """Return what an export of ``reference`` holds; none of its numbers is read.

    Raises:
        BundleError: a file of weights is damaged, or the manifest describes no network.
    """
    shapes: dict[Module, dict[str, Shape]] = {}
    for module in whole(reference.manifest.modules):
        headers = [read_safetensors_header(reference.path / file) for file in reference.artifact(module).weights]
        found = {name: tuple(each.shape) for header in headers for name, each in header.tensors.items()}
        parts = _VAE_PARTS.get(module, ("",))
        shapes[module] = {name: shape for name, shape in sorted(found.items()) if name.startswith(parts)}
    tokenizer = sum(reference.manifest.files[name].size for name in reference.manifest.tokenizer)
    # No file of weights holds the tables; a graph holds them in float32 at most.
    tables = sum(4 * table.numel() for table in open_source(reference, Module.UNET).network.buffers())
    return Contents(shapes, tokenizer + tables)
