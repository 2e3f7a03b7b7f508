"""Tensors that are drawn only when they are written, so that full-size files need little memory."""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor

from tests import reference

Shapes: TypeAlias = dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Lazy:
    """A tensor's shape and type, and how to make it."""

    shape: tuple[int, ...]
    make: Callable[[], Tensor]
    dtype: torch.dtype = torch.float32

    def tensor(self) -> Tensor:
        """Return the tensor: the same numbers at every call."""
        return self.make().to(self.dtype).reshape(self.shape).contiguous()

    def cast(self, dtype: torch.dtype) -> "Lazy":
        return replace(self, dtype=dtype)

    def reshaped(self, *shape: int) -> "Lazy":
        return replace(self, shape=shape)


State: TypeAlias = dict[str, Lazy]


def fixed(tensor: Tensor) -> Lazy:
    """Return a lazy form of a tensor that exists."""
    return Lazy(tuple(tensor.shape), lambda: tensor, tensor.dtype)


def published(name: str, shape: tuple[int, ...]) -> Lazy:
    """Draw by the rule of the paper's reference run, which depends on the name only."""
    return Lazy(shape, lambda: _drawn(name, shape).clone())


@cache
def _drawn(name: str, shape: tuple[int, ...]) -> Tensor:
    # Many files hold the same small weights, and drawing them is most of the time that tests spend here.
    return reference.draw(name, shape)


def seeded(seed: int, name: str, shape: tuple[int, ...]) -> Lazy:
    """Draw by the same scales from a torch generator, which is faster for large tensors."""

    def make() -> Tensor:
        generator = torch.Generator().manual_seed(seed << 32 | zlib.crc32(name.encode()))
        numbers = torch.randn(shape, generator=generator)
        if len(shape) >= 2:
            return numbers.div_(float(np.prod(shape[1:])) ** 0.5)
        return numbers.mul_(0.1).add_(1.0 if name.endswith("weight") else 0.0)

    return Lazy(shape, make)


def tensors(state: Mapping[str, Lazy]) -> dict[str, Tensor]:
    """Return every tensor of ``state``; for the small sizes only."""
    return {name: lazy.tensor() for name, lazy in state.items()}


def cast(state: Mapping[str, Lazy], dtype: torch.dtype) -> State:
    """Return ``state`` with its floating-point tensors in ``dtype``."""
    return {name: lazy.cast(dtype) if lazy.dtype.is_floating_point else lazy for name, lazy in state.items()}


def prefixed(state: Mapping[str, Lazy], prefix: str) -> State:
    return {prefix + name: lazy for name, lazy in state.items()}
