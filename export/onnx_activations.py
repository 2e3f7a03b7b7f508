"""8-bit inputs of layers in ONNX: pairs that round a value to 8 bits, which runtimes fuse into integer products."""

from typing import Any

import numpy as np
import onnx_ir as ir

from pia_edge.errors import BundleError
from pia_edge.export.conversion import Range

_LAYERS = {"MatMul", "Gemm", "Conv"}


class StoredInputs:
    """Puts values that layers read into 8 bits; layers that share a value and a range share the pair."""

    def __init__(self, graph: ir.Graph) -> None:
        self._graph = graph
        self._made: dict[tuple[str, Range], ir.Value] = {}

    def store(self, weight: ir.Value, given: Range) -> None:
        """Let every layer that reads ``weight`` read its input in 8 bits.

        Raises:
            BundleError: something else reads it.
        """
        for layer, _ in list(weight.uses()):
            if layer.op_type not in _LAYERS:
                raise BundleError(
                    f"{weight.name}: expected a layer out of {', '.join(sorted(_LAYERS))} to read it, found "
                    f"{layer.op_type}. Export with another precision."
                )
            source = layer.inputs[0]
            key = str(source.name), given
            if key not in self._made:
                self._made[key] = self._pair(source, given)
            layer.replace_input_with(0, self._made[key])

    def _pair(self, source: Any, given: Range) -> ir.Value:
        name = f"{source.name}.stored_{len(self._made)}"
        scale, zero = given.quantizer()
        parameters = [self._constant(f"{name}.scale", scale), self._constant(f"{name}.zero", np.uint8(zero))]
        stored, restored = ir.Value(name=f"{name}.uint8"), ir.Value(name=name)
        pair = [
            ir.node("QuantizeLinear", [source, *parameters], outputs=[stored], name=f"{name}.quantize"),
            ir.node("DequantizeLinear", [stored, *parameters], outputs=[restored], name=f"{name}.dequantize"),
        ]
        producer = source.producer()
        if producer is None:
            self._graph.insert_before(self._graph[0], pair)
        else:
            # Behind what makes the value: the first of its readers that comes here need not be the first in the graph.
            self._graph.insert_after(producer, pair)
        return restored

    def _constant(self, name: str, scalar: np.generic) -> ir.Value:
        tensor = ir.Tensor(np.asarray(scalar), name=name)
        value = ir.Value(name=name, shape=tensor.shape, type=ir.TensorType(tensor.dtype), const_value=tensor)
        self._graph.register_initializer(value)
        return value
