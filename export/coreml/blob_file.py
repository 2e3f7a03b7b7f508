"""Core ML's weight file: constants at 64-byte borders, each behind a header, read only when they are asked for."""

import math
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pia_edge.backend import Array
from pia_edge.errors import BundleError

_SENTINEL = 0xDEADBEEF
_HEADER = struct.Struct("<IIQQ")
"""Sentinel, type, size in bytes, offset of the content in the file."""

_WHOLE = {1: "<f2", 2: "<f4", 3: "<u1", 4: "<i1", 6: "<i2", 7: "<u2", 14: "<i4", 15: "<u4"}
_PACKED = {8: (4, True), 9: (1, False), 10: (2, False), 11: (4, False), 12: (3, False), 13: (6, False)}
_TYPES = {
    **{"fp16": 1, "fp32": 2, "uint8": 3, "int8": 4, "int16": 6, "uint16": 7, "int32": 14, "uint32": 15},
    **{"int4": 8, "uint1": 9, "uint2": 10, "uint4": 11, "uint3": 12, "uint6": 13},
}


class BlobFile:
    """A weight file, mapped into memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._content = np.memmap(path, np.uint8, mode="r") if path.stat().st_size else np.zeros(0, np.uint8)

    def read(self, offset: int, dtype: str, shape: tuple[int, ...]) -> Array:
        """Return the constant whose header lies at ``offset``; types below 8 bits come as 8-bit integers.

        Raises:
            BundleError: there is no such constant.
        """
        count = int(np.prod(shape, dtype=np.int64))
        if offset + _HEADER.size > len(self._content):
            raise self._damaged(f"a constant at {offset}", f"{len(self._content)} bytes")
        sentinel, kind, size, start = _HEADER.unpack(self._content[offset : offset + _HEADER.size].tobytes())
        if sentinel != _SENTINEL or kind != _TYPES.get(dtype):
            raise self._damaged(f"a header for {dtype} at {offset}", f"sentinel {sentinel:#x} and type {kind}")
        bits = _PACKED[kind][0] if kind in _PACKED else np.dtype(_WHOLE[kind]).itemsize * 8
        if size != -(-count * bits // 8) or start + size > len(self._content):
            raise self._damaged(f"{count} values of {dtype}", f"{size} bytes at {start}")
        content = self._content[start : start + size]
        if kind in _PACKED:
            return _unpack(content, count, *_PACKED[kind]).reshape(shape)
        return content.view(_WHOLE[kind]).reshape(shape)

    def _damaged(self, expected: str, found: str) -> BundleError:
        return BundleError(f"{self._path}: expected {expected}, found {found}. Export the module again.")


def unpack(content: bytes, count: int, dtype: str) -> Array:
    """Return ``count`` values of a type below 8 bits, packed into ``content`` lowest bits first."""
    bits, signed = _PACKED[_TYPES[dtype]]
    return _unpack(np.frombuffer(content, np.uint8), count, bits, signed)


def is_packed(dtype: str) -> bool:
    """Return whether several values of ``dtype`` share a byte."""
    return _TYPES.get(dtype) in _PACKED


def _unpack(content: NDArray[np.uint8], count: int, bits: int, signed: bool) -> Array:
    # The fewest whole bytes that hold whole values are 1, or 3 where 3 or 6 bits make a value.
    length = math.lcm(bits, 8) // 8
    groups = np.pad(content, (0, -len(content) % length)).reshape(-1, length)
    joined: NDArray[np.uint32] = groups[:, 0].astype(np.uint32)
    for place in range(1, length):
        joined |= groups[:, place].astype(np.uint32) << (8 * place)
    several = np.empty((len(groups), 8 * length // bits), np.uint8)
    for place in range(several.shape[1]):
        several[:, place] = joined >> (bits * place)
    values: NDArray[np.uint8] = several.reshape(-1)[:count] & np.uint8(2**bits - 1)
    if not signed:
        return values
    top = np.uint8(1 << (bits - 1))
    signed_values: Array = ((values ^ top).astype(np.int8) - np.int8(top)).astype(np.int8)
    return signed_values
