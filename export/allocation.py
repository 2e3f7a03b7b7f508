"""Which layer is stored how, for the least error at any size: bits go where each byte removes most of it.

The errors of layers add up, and so do their bytes. The least error at a given size is then found by Lagrange's
multiplier: with a price for each byte, every layer takes the storage that is cheapest for it alone, and falling prices
give a chain of allocations that are each the best of their size (Everett, doi:10.1287/opre.11.3.399).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from pia_edge.export.recipe import Storage
from pia_edge.export.sensitivity import Float64s, Layer
from pia_edge.export.storing import CHOICES, weight_bytes

Allocation = dict[str, Storage]


@dataclass(frozen=True)
class Move:
    """One layer that takes the next smaller storage worth taking."""

    layer: str
    before: Storage
    after: Storage
    saved: int
    """Bytes."""
    error: Float64s
    """How much is added to the error of each step, a part of the squared peak."""

    @property
    def price(self) -> float:
        """Error for each byte, the mean over the steps."""
        return float(self.error.mean()) / self.saved


class Chain:
    """The best allocations, from every layer in float16 to every layer as small as it can be."""

    def __init__(self, layers: Sequence[Layer], floor: Storage) -> None:
        """Order what can be done to ``layers``, none of which may take a storage smaller than ``floor``."""
        self._start: Allocation = {layer.name: Storage.HALF for layer in layers}
        found = [move for layer in layers for move in _moves(layer, floor)]
        # Prices rise within a layer, so sorting keeps its moves in order; names make equal prices certain.
        self.moves = sorted(found, key=lambda move: (move.price, move.layer))
        start = sum((layer.errors[Storage.HALF] for layer in layers), np.zeros(1))
        self._errors = list(accumulate((move.error for move in self.moves), initial=start))
        self._saved = list(accumulate((move.saved for move in self.moves), initial=0))

    def allocation(self, count: int) -> Allocation:
        """Return how layers are stored after the first ``count`` moves."""
        return self._start | {move.layer: move.after for move in self.moves[:count]}

    def predicted_db(self, count: int) -> float:
        """Return the peak signal-to-noise ratio that is expected of the worst step after the first ``count`` moves."""
        return decibels(self._errors[count])

    def count_for(self, psnr_db: float) -> int:
        """Return after how many moves ``psnr_db`` is still expected; 0 if it never is."""
        return max((n for n in range(len(self._errors)) if self.predicted_db(n) >= psnr_db), default=0)

    def fit(self, saving: int) -> tuple[Allocation, float] | None:
        """Return the allocation that saves ``saving`` bytes with the least error, and the PSNR expected of it.

        None if so much cannot be saved.
        """
        count = next((n for n, saved in enumerate(self._saved) if saved >= saving), None)
        if count is None:
            return None
        chosen, error, spare = self.allocation(count), self._errors[count], self._saved[count] - saving
        # The last move may save far more than was missing; what it left is spent on the dearest moves it pays for.
        for move in reversed(self.moves[:count]):
            if move.saved <= spare and chosen[move.layer] is move.after:
                chosen[move.layer] = move.before
                spare, error = spare - move.saved, error - move.error
        return chosen, decibels(error)


def decibels(errors: Float64s) -> float:
    """Return the peak signal-to-noise ratio of the worst step, whose errors are parts of its squared peak."""
    return -10 * math.log10(max(float(errors.max()), 1e-20))


def _moves(layer: Layer, floor: Storage) -> list[Move]:
    """The moves along the lower convex hull of bytes and errors: each saves bytes at a higher price than the last."""
    found: list[Move] = []
    for storage in (each for each in layer.errors if CHOICES.index(each) <= CHOICES.index(floor)):
        before = found[-1].after if found else Storage.HALF
        # A scale for each row of less than five values takes more than 8 bits save.
        if weight_bytes(layer.shape, storage) >= weight_bytes(layer.shape, before):
            continue
        move = _move(layer, before, storage)
        while found and move.price <= found[-1].price:
            move = _move(layer, found.pop().before, storage)
        found.append(move)
    return found


def _move(layer: Layer, before: Storage, after: Storage) -> Move:
    saved = weight_bytes(layer.shape, before) - weight_bytes(layer.shape, after)
    # Not below zero: where fewer bits change nothing, estimates scatter.
    error = np.maximum(layer.errors[after] - layer.errors[before], 0)
    return Move(layer.name, before, after, saved, error)
