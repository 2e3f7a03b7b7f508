"""Weights in 8 and 4 bits: one arithmetic for all targets, so that one recipe gives the same numbers everywhere."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

GROUP = 64
"""Inputs that share a scale and a zero point in 4 bits."""

Float32s = NDArray[np.float32]


@dataclass(frozen=True)
class Int8Weight:
    """``values · scale``, the scale being one for each output channel."""

    values: NDArray[np.int8]
    scale: Float32s
    """(out, 1, …)."""

    def restored(self) -> Float32s:
        """Return the weight as a runtime computes it."""
        return self.values.astype(np.float32) * self.scale


@dataclass(frozen=True)
class Int4Weight:
    """``(values - zero) · scale`` for each group of ``GROUP`` inputs of a matrix (out, in)."""

    values: NDArray[np.uint8]
    """(out, in), 0 … 15, not packed."""
    scale: Float32s
    """(out, in / GROUP), every value one that float16 holds."""
    zero: NDArray[np.uint8]
    """(out, in / GROUP), 0 … 15."""

    def restored(self) -> Float32s:
        """Return the weight as a runtime computes it."""
        scale, zero = (np.repeat(array, GROUP, axis=1).astype(np.float32) for array in (self.scale, self.zero))
        return (self.values.astype(np.float32) - zero) * scale


def quantize_int8(weight: Float32s, *, half_scale: bool = False) -> Int8Weight:
    """Return ``weight`` (out, …) in 8 bits, symmetric around zero; with ``half_scale`` float16 holds every scale."""
    axes = tuple(range(1, weight.ndim))
    largest = np.abs(weight).max(axis=axes, keepdims=True)
    scale = np.where(largest > 0, largest / np.float32(127), np.float32(1))
    if half_scale:
        rounded = _half(scale)
        # Rounded up, or the largest values would be cut off.
        scale = np.where(rounded < scale, _half(np.nextafter(rounded.astype(np.float16), np.float16(np.inf))), rounded)
    return Int8Weight(np.clip(np.rint(weight / scale), -127, 127).astype(np.int8), scale)


def quantize_int4(weight: Float32s) -> Int4Weight:
    """Return the matrix ``weight`` (out, in) in 4 bits; ``in`` is a multiple of ``GROUP``."""
    groups = weight.reshape(weight.shape[0], -1, GROUP)
    # Zero is among the values, so that a group of one sign loses nothing at zero.
    low, high = np.minimum(groups.min(axis=2), 0), np.maximum(groups.max(axis=2), 0)
    scale = _half((high - low) / 15)
    zero = np.clip(np.rint(-low / scale), 0, 15)
    values = np.clip(np.rint(groups / scale[..., None]) + zero[..., None], 0, 15)
    return Int4Weight(values.astype(np.uint8).reshape(weight.shape), scale, zero.astype(np.uint8))


def smallest_exact(weight: Float32s) -> NDArray[np.float16] | Float32s:
    """Return ``weight`` in float16 where that holds every value exactly, and as it is otherwise."""
    with np.errstate(over="ignore"):
        half = weight.astype(np.float16)
    return half if np.array_equal(half.astype(np.float32), weight) else weight


def _half(scale: NDArray[np.floating[Any]]) -> Float32s:
    """``scale`` as float16 holds it, never zero."""
    rounded = scale.astype(np.float16).astype(np.float32)
    return np.where(rounded > 0, rounded, np.float32(np.finfo(np.float16).tiny))
