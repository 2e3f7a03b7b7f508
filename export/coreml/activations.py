"""8-bit inputs of layers: pairs of operations that round a value to 8 bits, which Core ML fuses into the layer."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from pia_edge.export.conversion import Range
from pia_edge.export.coreml.convert import our_name
from pia_edge.export.coreml.mil_types import name_of, scalar_value, set_type, shape_of

_LAYERS = {"conv", "linear"}


def store_inputs(
    function: Any, names: Mapping[str, str], ranges: Mapping[str, Range], chosen: Callable[[str, tuple[int, ...]], bool]
) -> None:
    """Let layers of a MIL function read their inputs in 8 bits, symmetric around zero, in place.

    Args:
        function: a MIL function.
        names: our name of each weight by the name of its constant.
        ranges: what each layer is given, by the name of its weight.
        chosen: whether the layer whose weight has this name and shape reads its input in 8 bits.
    """
    (block,) = function.block_specializations.values()
    types = {variable.name: variable.type for variable in function.inputs}
    made: dict[tuple[str, float], str] = {}
    operations: list[Any] = []
    for operation in block.operations:
        types.update({output.name: output.type for output in operation.outputs})
        if operation.type in _LAYERS:
            constant = operation.inputs["weight"].arguments[0].name
            name = our_name(constant, names)
            if name is not None and name in ranges and chosen(name, shape_of(types[constant])):
                source = operation.inputs["x"].arguments[0]
                scale = _scale(ranges[name])
                if (source.name, scale) not in made:
                    pair = f"{source.name}_stored_{len(made)}"
                    operations += _pair(pair, source.name, types[source.name], scale)
                    made[source.name, scale] = pair
                source.name = made[source.name, scale]
        operations.append(operation)
    copies = [type(operation).FromString(operation.SerializeToString()) for operation in operations]
    del block.operations[:]
    block.operations.extend(copies)


def _scale(given: Range) -> float:
    largest = np.float16(max(abs(given.low), abs(given.high)) / 127)
    return float(largest) or float(np.finfo(np.float16).tiny)


def _pair(name: str, source: str, kind: Any, scale: float) -> list[Any]:
    """What rounds ``source`` to 8 bits and gives it back under the name ``name``."""
    dtype, shape = name_of(kind), shape_of(kind)
    chosen, scale_input = f"{name}_dtype", {"scale": f"{name}_scale"}
    return [
        _constant(scale_input["scale"], dtype, scale),
        _constant(chosen, "string", "int8"),
        _operation("quantize", f"{name}_int8", "int8", shape, {"input": source, **scale_input, "output_dtype": chosen}),
        _operation("dequantize", name, dtype, shape, {"input": f"{name}_int8", **scale_input}),
    ]


def _constant(name: str, dtype: str, scalar: float | str) -> Any:
    operation = _operation("const", name, dtype, (), {})
    operation.attributes["val"].CopyFrom(scalar_value(dtype, scalar))
    return operation


def _operation(kind: str, name: str, dtype: str, shape: tuple[int, ...], inputs: Mapping[str, str]) -> Any:
    from coremltools.proto import MIL_pb2

    operation = MIL_pb2.Operation()
    operation.type = kind
    for part, source in inputs.items():
        operation.inputs[part].arguments.add().name = source
    output = operation.outputs.add()
    output.name = name
    set_type(output.type, dtype, shape)
    operation.attributes["name"].CopyFrom(scalar_value("string", name))
    return operation
