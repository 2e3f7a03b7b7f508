"""The evaluator's operations that unpack compressed constants."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from pia_edge.export.coreml.evaluator_arguments import Arguments


def _palette(given: Arguments) -> Tensor:
    """``lut`` is (blocks of axis 0, …, blocks of the last axis, entries, values per entry)."""
    indices, tables = given.stored("indices").long(), given.tensor("lut")
    if "vector_axis" in given or tables.shape[-1] != 1 or tables.ndim != indices.ndim + 2:
        raise given.unknown("a palette of single values with a table for each block")
    blocks, entries = tables.shape[:-2], tables.shape[-2]
    # The number of each value's table, in the order in which the tables lie in memory.
    number = torch.zeros([1] * indices.ndim, dtype=torch.long)
    for axis, (count, length) in enumerate(zip(blocks, indices.shape, strict=True)):
        shape = [1] * indices.ndim
        shape[axis] = length
        number = number * count + (torch.arange(length) // (length // count)).reshape(shape)
    return tables.reshape(-1)[number * entries + indices]


def _blockwise(given: Arguments) -> Tensor:
    data, scale = given.stored("data").float(), given.tensor("scale")
    offset = given.tensor("offset").float() if "offset" in given else torch.zeros([1] * data.ndim)
    return (data - _spread(offset, data)) * _spread(scale, data)


def _spread(parameter: Tensor, data: Tensor) -> Tensor:
    """Repeat each value of ``parameter`` over its block of ``data``."""
    for axis, length in enumerate(data.shape):
        parameter = parameter.repeat_interleave(length // parameter.shape[axis], dim=axis)
    return parameter


def _cast(given: Arguments) -> Tensor:
    return given.tensor("source_val")


CONSTANTS: Mapping[str, Callable[[Arguments], Tensor]] = {
    "constexpr_cast": _cast,
    "constexpr_lut_to_dense": _palette,
    "constexpr_blockwise_shift_scale": _blockwise,
}
"""By the name of the operation."""
