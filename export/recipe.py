"""Quantization recipes: how each weight is stored, declared once for all targets."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import msgspec

from pia_edge.export.precision import Precision
from pia_edge.export.quantization import GROUP
from pia_edge.modules import Module

Shape = tuple[int, ...]


class Storage(StrEnum):
    """How one weight is kept on disk."""

    EXACT = "exact"
    """float32; float16 where that holds every value exactly."""
    HALF = "half"
    """float16."""
    INT8 = "int8"
    """8 bits, one scale for each output channel."""
    INT4 = "int4"
    """4 bits, scale and zero point for each group of inputs."""
    PALETTE8 = "palette8"
    """8 bits that choose out of 256 values."""
    PALETTE6 = "palette6"
    """6 bits that choose out of 64 values, other ones for every few output channels."""
    PALETTE4 = "palette4"
    """4 bits that choose out of 16 values, other ones for every few output channels."""


QUANTIZED = frozenset(Storage) - {Storage.EXACT, Storage.HALF}
"""How weights are stored that lose more than float16 does."""
LINEAR = frozenset({Storage.EXACT, Storage.HALF, Storage.INT8, Storage.INT4})
"""How weights are stored whose values lie at equal distances."""


class Group(StrEnum):
    """Which part of the model a weight belongs to."""

    SPATIAL = "spatial"
    TEMPORAL = "temporal"
    CONDITION = "condition"
    TEXT = "text"
    VAE = "vae"


_TABLE: Mapping[Group, Mapping[Precision, Storage]] = MappingProxyType(
    {
        group: dict(zip(Precision, map(Storage, columns), strict=True))
        for group, columns in {
            #                 fp32     fp16    int8    int4    w8a8    palettes
            Group.SPATIAL: ("exact", "half", "int8", "int4", "int8", "palette8", "palette6", "palette4"),
            Group.TEMPORAL: ("exact", "half", "int8", "int4", "int8", "palette8", "palette6", "palette4"),
            # One small convolution that carries the whole picture.
            Group.CONDITION: ("exact", *["half"] * 7),
            Group.TEXT: ("exact", "half", "int8", "int8", "int8", "palette8", "palette8", "palette8"),
            # Its errors are seen as they are, in every pixel of every frame.
            Group.VAE: ("exact", *["half"] * 7),
        }.items()
    }
)
# Quantizing these costs most and saves nothing: they are small, and every later layer reads what they put out.
_KEPT = ("conv_in.", "conv_out.", "time_embedding.", "timestep_features")
# Rows of these tables differ by little in their last columns.
_TABLE_OF_POSITIONS = ".positions"
WITH_INPUTS = frozenset({Module.UNET, Module.MOTION_MODULE})
"""Modules whose layers may be given their inputs in 8 bits."""
SMALLEST_QUANTIZED = 4096
"""Values of a weight below which quantizing it saves nothing."""


class Recipe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A precision, and layers that differ from it: the beginning of a weight's name, and how it is stored."""

    precision: Precision
    layers: dict[str, Storage] = {}

    def storages(self) -> frozenset[Storage]:
        """Return every way in which weights may be stored."""
        return frozenset(columns[self.precision] for columns in _TABLE.values()) | frozenset(self.layers.values())

    def storage(self, module: Module, name: str, shape: Shape) -> Storage:
        """Return how the weight ``name`` of ``module`` is stored.

        The longest beginning in ``layers`` counts. Vectors, small weights and the tiny decoder are never quantized,
        and 4 bits need a matrix, integers one whose inputs divide into whole groups; what does not fit takes the next
        larger storage.
        """
        asked = _TABLE[group_of(module, name)][self.precision]
        kept = name.startswith(_KEPT) or name.endswith(_TABLE_OF_POSITIONS)
        if asked in QUANTIZED and kept:
            asked = Storage.HALF
        named = max((start for start in self.layers if name.startswith(start)), key=len, default=None)
        if named is not None:
            asked = self.layers[named]
        size = 1
        for length in shape:
            size *= length
        if asked is Storage.PALETTE4 and named is None and len(shape) != 2:
            # As with 4-bit integers: kernels of few values cost more than all matrices together.
            asked = Storage.PALETTE6
        if asked is Storage.INT4 and (len(shape) != 2 or shape[1] % GROUP):
            asked = Storage.INT8
        if asked in QUANTIZED and (len(shape) < 2 or size < SMALLEST_QUANTIZED or module is Module.TINY_DECODER):
            asked = Storage.HALF
        return asked

    def stores_input(self, module: Module, name: str, shape: Shape) -> bool:
        """Return whether the layer whose weight is ``name`` is given its input in 8 bits.

        What ``to_out`` is given is the weighted mean of many values: a few outliers there stretch the range of all.
        """
        quantizes = self.precision is Precision.W8A8 and module in WITH_INPUTS and ".to_out." not in name
        return quantizes and self.storage(module, name, shape) is Storage.INT8


def group_of(module: Module, name: str) -> Group:
    """Return the group of the weight ``name`` of ``module``."""
    if module in WITH_INPUTS:
        return Group.TEMPORAL if "motion_modules" in name else Group.SPATIAL
    if module is Module.CONDITION:
        return Group.CONDITION
    return Group.TEXT if module is Module.TEXT_ENCODER else Group.VAE
