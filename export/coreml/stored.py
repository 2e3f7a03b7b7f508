"""How Core ML restores a weight of each storage: an operation that is computed when the package is compiled."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pia_edge.backend import Array
from pia_edge.export.palette import PALETTES, quantize_palette
from pia_edge.export.quantization import quantize_int4, quantize_int8, smallest_exact
from pia_edge.export.recipe import Storage

Float32s = NDArray[np.float32]


@dataclass(frozen=True)
class Stored:
    """A MIL operation, ``const`` or one of the ``constexpr_`` family, and the arrays it reads with their types."""

    operation: str
    parts: Mapping[str, tuple[Array, str]]


def stored(weight: Float32s, storage: Storage, dtype: str) -> Stored:
    """Return what keeps ``weight`` as ``storage`` says and restores it in ``dtype``, fp16 or fp32."""
    if storage is Storage.INT8:
        eight = quantize_int8(weight, half_scale=dtype == "fp16")
        parts = {"data": (eight.values, "int8"), "scale": (_floats(eight.scale, dtype), dtype)}
        return Stored("constexpr_blockwise_shift_scale", parts)
    if storage is Storage.INT4:
        four = quantize_int4(weight)
        scale = (_floats(four.scale, dtype), dtype)
        parts = {"data": (four.values, "uint4"), "offset": (four.zero, "uint4"), "scale": scale}
        return Stored("constexpr_blockwise_shift_scale", parts)
    if storage in PALETTES:
        bits, channels = PALETTES[storage]
        palette = quantize_palette(weight, bits, channels)
        shape = (len(palette.tables), *[1] * (weight.ndim - 1), 2**bits, 1)
        tables = _floats(palette.tables.reshape(shape), dtype)
        return Stored("constexpr_lut_to_dense", {"indices": (palette.indices, f"uint{bits}"), "lut": (tables, dtype)})
    if dtype == "fp16":
        return Stored("const", {"val": (weight.astype(np.float16), "fp16")})
    kept = weight.astype(np.float16) if storage is Storage.HALF else smallest_exact(weight)
    if kept.dtype == np.float16:
        return Stored("constexpr_cast", {"source_val": (kept, "fp16")})
    return Stored("const", {"val": (weight, "fp32")})


def _floats(array: Float32s, dtype: str) -> Array:
    return array.astype(np.float16) if dtype == "fp16" else array
