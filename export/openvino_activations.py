"""8-bit inputs of layers in OpenVINO: an operator that rounds a value, which plugins turn into integer products."""

from typing import Any

import numpy as np

from pia_edge.errors import BundleError
from pia_edge.export.conversion import Range

_LAYERS = {"MatMul", "Convolution"}


class StoredInputs:
    """Puts values that layers read into 8 bits; layers that share a value and a range share the operator."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, int, Range], Any] = {}

    def store(self, layer: Any, given: Range) -> None:
        """Let ``layer``, the node of a product or convolution, read its input in 8 bits.

        Raises:
            BundleError: it is another kind of node.
        """
        from openvino import opset15 as ops

        if layer.get_type_name() not in _LAYERS:
            raise BundleError(
                f"{layer.get_friendly_name()}: expected a layer out of {', '.join(sorted(_LAYERS))}, found "
                f"{layer.get_type_name()}. Export with another precision."
            )
        source = layer.input(0).get_source_output()
        key = source.get_node().get_friendly_name(), source.get_index(), given
        if key not in self._made:
            scale, zero = given.quantizer()
            low, high = (ops.constant(np.float32((step - zero) * scale)) for step in (0, 255))
            self._made[key] = ops.fake_quantize(source, low, high, low, high, 256)
        layer.input(0).replace_source_output(self._made[key].output(0))
