"""The evaluator's operations that unpack compressed constants."""

from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import Tensor

from pia_edge.export.coreml.evaluator_arguments import Arguments


def _palette(given: Arguments) -> Tensor:
    """``lut`` is (blocks of axis 0, …, blocks of the last axis, entries, values per entry)."""
    indices, tables = given.stored("indices"), given.tensor("lut")
    if "vector_axis" in given or tables.shape[-1] != 1 or tables.ndim != indices.ndim + 2:
        raise given.unknown("a palette of single values with a table for each block")
    if int(indices.max()) >= tables.shape[-2]:
        raise given.unknown(f"indices below {tables.shape[-2]}, the length of the table")
    blocks = tables.shape[:-2]
    sizes = [length // count for length, count in zip(indices.shape, blocks, strict=True)]
    found = np.empty(indices.shape, np.float32)
    for block in np.ndindex(*blocks):
        place = tuple(slice(at * size, (at + 1) * size) for at, size in zip(block, sizes, strict=True))
        # "clip" spares another look at every index.
        found[place] = np.take(tables[block].reshape(-1).numpy(), indices[place].numpy(), mode="clip")
    return torch.from_numpy(found)


def _blockwise(given: Arguments) -> Tensor:
    data, scale = given.stored("data").float(), given.tensor("scale")
    offset = given.tensor("offset").float() if "offset" in given else torch.zeros([1] * data.ndim)
    return (data - _spread(offset, data)) * _spread(scale, data)


def _spread(parameter: Tensor, data: Tensor) -> Tensor:
    """Repeat each value of ``parameter`` over its block of ``data``, where PyTorch does not by itself."""
    for axis, length in enumerate(data.shape):
        if parameter.shape[axis] not in (1, length):
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
