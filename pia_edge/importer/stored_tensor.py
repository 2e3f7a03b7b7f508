"""Where the numbers of one tensor lie in its file."""

import math
from dataclasses import dataclass
from typing import Self

import torch


@dataclass(frozen=True)
class StoredTensor:
    """Dtype, shape and place of one tensor; ``stride`` counts elements, ``start`` bytes from the file's beginning."""

    dtype: torch.dtype
    shape: tuple[int, ...]
    stride: tuple[int, ...]
    start: int

    @classmethod
    def contiguous(cls, dtype: torch.dtype, shape: tuple[int, ...], start: int) -> Self:
        """Return a tensor whose last axis varies fastest."""
        stride = tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))
        return cls(dtype, shape, stride, start)

    @property
    def num_bytes(self) -> int:
        """How many bytes from ``start`` hold all of it."""
        if 0 in self.shape:
            return 0
        last = sum((length - 1) * step for length, step in zip(self.shape, self.stride, strict=True))
        return (last + 1) * self.dtype.itemsize
