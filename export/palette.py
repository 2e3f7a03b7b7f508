"""Weights as palettes: every value is one out of a few, found by k-means."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pia_edge.export.recipe import Storage

PALETTES: Mapping[Storage, tuple[int, int | None]] = {
    Storage.PALETTE8: (8, None),
    Storage.PALETTE6: (6, 16),
    Storage.PALETTE4: (4, 8),
}
"""Bits, and how many output channels share a table."""

_ROUNDS_BETWEEN, _ROUNDS = 5, 40
"""Of Lloyd's algorithm: before more centres are added, and in the end. The squared error is then within 20 % of the
least there is, in a hundredth of the time that takes."""

Float32s = NDArray[np.float32]
Float64s = NDArray[np.float64]

_SIGN = np.uint16(0x8000)


@dataclass(frozen=True)
class PaletteWeight:
    """``tables[group of the output channel][indices]``."""

    indices: NDArray[np.uint8]
    """(out, …)."""
    tables: Float32s
    """(groups, 2 ** bits), ascending; every value is one that float16 holds."""

    def restored(self) -> Float32s:
        """Return the weight as a runtime computes it."""
        rows = self.indices.reshape(len(self.tables), -1)
        return np.take_along_axis(self.tables, rows.astype(np.intp), axis=1).reshape(self.indices.shape)


def quantize_palette(weight: Float32s, bits: int, channels: int | None) -> PaletteWeight:
    """Return ``weight`` (out, …) with ``2 ** bits`` values for every ``channels`` output channels.

    One table serves the whole weight if ``channels`` is None or does not divide the output channels.
    """
    out = weight.shape[0]
    groups = _groups(out, channels)
    rows = weight.reshape(groups, -1)
    indices = np.empty(rows.shape, np.uint8)
    tables = np.empty((groups, 2**bits), np.float32)
    for group, values in enumerate(rows):
        tables[group], indices[group] = _cluster(values, 2**bits)
    return PaletteWeight(indices.reshape(weight.shape), tables)


def palette_bytes(shape: tuple[int, ...], storage: Storage) -> int:
    """Return how many bytes a weight (out, …) takes as the palette ``storage``, its tables in float16."""
    bits, channels = PALETTES[storage]
    tables = _groups(shape[0], channels) * (2 << bits)
    return math.ceil(math.prod(shape) * bits / 8) + tables


def _groups(out: int, channels: int | None) -> int:
    return out // channels if channels and out % channels == 0 else 1


def _cluster(values: Float32s, count: int) -> tuple[Float32s, NDArray[np.uint8]]:
    """The ``count`` centres of ``values`` (k-means in one dimension), and which of them is nearest to each value."""
    orders, ordered = _order(values.astype(np.float16)), _ordered()
    # float16 has few enough values to count them all, which is much faster than to sort millions.
    repeats = np.bincount(orders, minlength=len(ordered))
    present = np.flatnonzero(repeats)
    points = ordered[present]
    cells = _Cells(points.astype(np.float64), repeats[present])
    centres = cells.moved(np.zeros(1), 1)
    while len(centres) < count:
        growth = min(max(1, len(centres) // 2), count - len(centres))
        centres = cells.moved(cells.split(centres, growth), _ROUNDS_BETWEEN)
    centres = cells.moved(centres, _ROUNDS)
    table = np.sort(centres.astype(np.float16)).astype(np.float32)
    nearest = np.zeros(len(ordered), np.uint8)
    nearest[present] = np.searchsorted((table[1:] + table[:-1]) / 2, points)
    return table, nearest[orders]


def _order(halves: NDArray[np.float16]) -> NDArray[np.uint16]:
    """The place of each value among all float16 values from the least to the largest."""
    bits = halves.view(np.uint16)
    return np.where(bits & _SIGN, ~bits, bits | _SIGN)


@cache
def _ordered() -> Float32s:
    """All float16 values, infinities and NaN included, in that order."""
    places = np.arange(2**16, dtype=np.uint16)
    return np.where(places & _SIGN, places ^ _SIGN, ~places).view(np.float16).astype(np.float32)


class _Cells:
    """Sums over the points nearest to each centre, from running sums over the sorted points."""

    def __init__(self, points: Float64s, repeats: NDArray[np.intp]) -> None:
        self._points = points
        powers = repeats * np.stack([np.ones_like(points), points, points**2])
        self._sums = np.pad(np.cumsum(powers, axis=1), ((0, 0), (1, 0)))

    def moved(self, centres: Float64s, rounds: int) -> Float64s:
        """Return ``centres``, ascending, after ``rounds`` of Lloyd's algorithm: each to the mean of its points."""
        for _ in range(rounds):
            mass, moment, _ = self._over(centres)
            means = np.where(mass > 0, moment / np.maximum(mass, 1), centres)
            if np.array_equal(means, centres):
                break
            centres = means
        return centres

    def split(self, centres: Float64s, number: int) -> Float64s:
        """Return ``centres`` with two in the place of each of the ``number`` with the largest errors."""
        mass, moment, square = self._over(centres)
        errors = np.maximum(square - moment**2 / np.maximum(mass, 1), 0)
        worst = np.argsort(errors, kind="stable")[-number:]
        spread = np.sqrt(errors[worst] / np.maximum(mass[worst], 1))
        halves = [centres[worst] - spread, centres[worst] + spread]
        return np.sort(np.concatenate([np.delete(centres, worst), *halves]))

    def _over(self, centres: Float64s) -> Float64s:
        """How many points each centre has, their sum, and that of their squares: (3, centres)."""
        inner = np.searchsorted(self._points, (centres[1:] + centres[:-1]) / 2)
        borders = np.concatenate([[0], inner, [len(self._points)]])
        return np.diff(self._sums[:, borders])
