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
            #                 fp32     fp16    int8    int4
            Group.SPATIAL: ("exact", "half", "int8", "int4"),
            Group.TEMPORAL: ("exact", "half", "int8", "int4"),
            # One small convolution that carries the whole picture.
            Group.CONDITION: ("exact", "half", "half", "half"),
            Group.TEXT: ("exact", "half", "int8", "int8"),
            # Its errors are seen as they are, in every pixel of every frame.
            Group.VAE: ("exact", "half", "half", "half"),
        }.items()
    }
)
# Quantizing these costs most and saves nothing: they are small, and every later layer reads what they put out.
_KEPT = ("conv_in.", "conv_out.", "time_embedding.")
_SMALLEST_QUANTIZED = 4096


class Recipe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A precision, and layers that differ from it: the beginning of a weight's name, and how it is stored."""

    precision: Precision
    layers: dict[str, Storage] = {}

    def storage(self, module: Module, name: str, shape: Shape) -> Storage:
        """Return how the weight ``name`` of ``module`` is stored.

        The longest beginning in ``layers`` counts. Vectors and small weights are never quantized, and 4 bits need
        a matrix whose inputs divide into whole groups; what does not fit takes the next larger storage.
        """
        asked = _TABLE[group_of(module, name)][self.precision]
        if asked in (Storage.INT8, Storage.INT4) and name.startswith(_KEPT):
            asked = Storage.HALF
        named = max((start for start in self.layers if name.startswith(start)), key=len, default=None)
        if named is not None:
            asked = self.layers[named]
        size = 1
        for length in shape:
            size *= length
        if asked is Storage.INT4 and (len(shape) != 2 or shape[1] % GROUP):
            asked = Storage.INT8
        if asked is Storage.INT8 and (len(shape) < 2 or size < _SMALLEST_QUANTIZED):
            asked = Storage.HALF
        return asked


def group_of(module: Module, name: str) -> Group:
    """Return the group of the weight ``name`` of ``module``."""
    if module is Module.UNET:
        return Group.TEMPORAL if "motion_modules" in name else Group.SPATIAL
    if module is Module.CONDITION:
        return Group.CONDITION
    return Group.TEXT if module is Module.TEXT_ENCODER else Group.VAE
