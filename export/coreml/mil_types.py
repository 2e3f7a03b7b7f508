"""Types of MIL values: their names, their numbers in the protobuf of a program, and values of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pia_edge.backend import Array

NAMES: Mapping[int, str] = {
    **{1: "bool", 2: "string", 10: "fp16", 11: "fp32", 21: "int8", 22: "int16", 23: "int32", 25: "int4", 31: "uint8"},
    **{32: "uint16", 33: "uint32", 35: "uint4", 36: "uint2", 37: "uint1", 38: "uint6", 39: "uint3"},
}
"""By the number that ``MIL.proto`` gives to each."""

_NUMBERS = {name: number for number, name in NAMES.items()}


def shape_of(kind: Any) -> tuple[int, ...]:
    """Return the shape in a MIL ``ValueType`` of a tensor."""
    return tuple(int(dimension.constant.size) for dimension in kind.tensorType.dimensions)


def name_of(kind: Any) -> str:
    """Return the element type in a MIL ``ValueType`` of a tensor."""
    number = kind.tensorType.dataType
    return NAMES.get(number, f"type {number}")


def set_type(kind: Any, dtype: str, shape: tuple[int, ...]) -> None:
    """Make a MIL ``ValueType`` that of a tensor."""
    tensor = kind.tensorType
    tensor.Clear()
    tensor.dataType = _NUMBERS[dtype]
    tensor.rank = len(shape)
    for length in shape:
        tensor.dimensions.add().constant.size = length


def stored_value(dtype: str, shape: tuple[int, ...], file: str, offset: int) -> Any:
    """Return a MIL ``Value`` that reads a weight file."""
    value = _typed(dtype, shape)
    value.blobFileValue.fileName, value.blobFileValue.offset = file, offset
    return value


def scalar_value(dtype: str, scalar: float | str) -> Any:
    """Return a MIL ``Value`` that is a text, or a number of type fp16 or fp32."""
    value = _typed(dtype, ())
    tensor = value.immediateValue.tensor
    if dtype == "string":
        tensor.strings.values.append(scalar)
    elif dtype == "fp16":
        array: Array = np.array(scalar, "<f2")
        tensor.bytes.values = array.tobytes()
    else:
        tensor.floats.values.append(scalar)
    return value


def _typed(dtype: str, shape: tuple[int, ...]) -> Any:
    from coremltools.proto import MIL_pb2

    value = MIL_pb2.Value()
    set_type(value.type, dtype, shape)
    return value
