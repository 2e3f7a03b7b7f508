"""The weights of an OpenVINO graph, stored as the recipe says and restored by the graph."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pia_edge.errors import BundleError
from pia_edge.export.conversion import Conversion
from pia_edge.export.openvino_activations import StoredInputs
from pia_edge.export.quantization import GROUP, Int4Weight, Int8Weight, quantize_int4, quantize_int8, smallest_exact
from pia_edge.export.recipe import Storage
from pia_edge.modules import Module

Float32s = NDArray[np.float32]

# OpenVINO's patch for half-precision weights moves them aside under this name.
_MOVED = "_openvino_orig_weight"


def store_weights(
    model: Any, module: Module, conversion: Conversion, placeholders: Iterable[str], read: Callable[[str], Float32s]
) -> None:
    """Replace the weights of ``model``, an OpenVINO model converted from PyTorch, by what ``read`` gives.

    One at a time, so that no more than one is held twice.

    Raises:
        BundleError: one of ``placeholders`` is not in the model by its name and would stay.
    """
    recipe, inputs, missing = conversion.recipe, StoredInputs(), set(placeholders)
    nodes = model.get_ordered_ops()[::-1]
    while nodes:
        # Taken off the list, which would keep alive what was replaced.
        node = nodes.pop()
        name = _weight_name(node)
        if name is None:
            continue
        missing.discard(name)
        weight = read(name)
        storage = recipe.storage(module, name, weight.shape)
        replaced = _full_precision(node)
        restored = _stored(weight, storage)
        restored.get_node().set_friendly_name(name)
        for reader in replaced.get_target_inputs():
            reader.replace_source_output(restored)
            if name in conversion.ranges and recipe.stores_input(module, name, weight.shape):
                inputs.store(reader.get_node(), conversion.ranges[name])
    if missing:
        raise BundleError(
            f"Expected the weight {min(missing)} in the converted {module}, found nothing of that name. "
            "Use OpenVINO 2026.4, which conversion is written for."
        )


def _weight_name(node: Any) -> str | None:
    """The name that the network gives to a constant, or None for one that is no matrix or kernel of it."""
    name: str = node.get_friendly_name()
    if node.get_type_name() != "Constant" or not name.startswith("self."):
        return None
    plain = name.removeprefix("self.").replace(_MOVED, "weight")
    return plain if plain.endswith(".weight") and len(node.get_output_shape(0)) >= 2 else None


def _full_precision(constant: Any) -> Any:
    """The output with the weight in float32: the constant's own, or that of the conversion behind it."""
    output = constant.output(0)
    readers = [reader.get_node() for reader in output.get_target_inputs()]
    if output.get_element_type().to_string() == "f32" or not all(r.get_type_name() == "Convert" for r in readers):
        return output
    return readers[0].output(0)


def _stored(weight: Float32s, storage: Storage) -> Any:
    if storage is Storage.INT8:
        return _int8(quantize_int8(weight))
    if storage is Storage.INT4:
        return _int4(quantize_int4(weight))
    stored = weight.astype(np.float16) if storage is Storage.HALF else smallest_exact(weight)
    if stored.dtype == np.float16:
        return _to_float32(stored.astype(np.float16, copy=False))
    from openvino import opset15 as ops

    return ops.constant(weight).output(0)


def _int8(weight: Int8Weight) -> Any:
    from openvino import opset15 as ops

    if weight.values.shape[2:] == (1, 1):
        # OpenVINO 2026.4 turns such a kernel into a product of matrices, wrongly so where the picture is one pixel.
        matrix = ops.multiply(ops.convert(ops.constant(weight.values[..., 0, 0]), "f32"), weight.scale[..., 0, 0])
        return ops.reshape(matrix, ops.constant(np.array(weight.values.shape, np.int64)), False).output(0)
    values = ops.convert(ops.constant(weight.values), "f32")
    return ops.multiply(values, ops.constant(weight.scale)).output(0)


def _int4(weight: Int4Weight) -> Any:
    from openvino import opset15 as ops

    out, inputs = weight.values.shape
    groups = (out, inputs // GROUP, GROUP)
    values = ops.convert(_four_bits(weight.values.reshape(groups)), "f32")
    zero = ops.convert(_four_bits(weight.zero[..., None]), "f32")
    scale = _to_float32(weight.scale[..., None].astype(np.float16))
    restored = ops.multiply(ops.subtract(values, zero), scale)
    return ops.reshape(restored, ops.constant(np.array([out, inputs], np.int64)), False).output(0)


def _four_bits(values: NDArray[np.uint8]) -> Any:
    import openvino
    from openvino import op

    flat = np.append(values.reshape(-1), np.zeros(values.size % 2, np.uint8))
    tensor = openvino.Tensor(openvino.Type.u4, openvino.Shape(values.shape))
    tensor.data[:] = flat[0::2] | flat[1::2] << 4
    # A copy: shared memory would be freed with the tensor while the graph still reads it.
    return op.Constant(tensor, False)


def _to_float32(half: NDArray[np.float16]) -> Any:
    from openvino import opset15 as ops

    return ops.convert(ops.constant(half), "f32").output(0)
