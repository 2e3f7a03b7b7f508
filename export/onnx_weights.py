"""Where an ONNX graph's weights go: named files beside it, stored as the recipe says and restored by the graph."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx_ir as ir
from numpy.typing import NDArray

from pia_edge.export.conversion import Conversion
from pia_edge.export.onnx_activations import StoredInputs
from pia_edge.export.quantization import GROUP, quantize_int4, quantize_int8, smallest_exact
from pia_edge.export.recipe import Storage
from pia_edge.modules import Module

# Smaller tensors (shapes, scales) stay inside the graph.
_SMALLEST_EXTERNAL = 256
_ALIGNMENT = 64

Array = NDArray[Any]


def weight_file(module: Module, name: str) -> str:
    """Return the file that holds the weight ``name``: temporal weights are a file of their own."""
    if module is Module.UNET:
        return "temporal.onnx_data" if "motion_modules" in name else "spatial.onnx_data"
    return f"{module}.onnx_data"


def store_weights(model: ir.Model, module: Module, conversion: Conversion, folder: Path) -> tuple[str, ...]:
    """Move the weights of ``model`` into files of ``folder``, one at a time, and return the files' names.

    Raises:
        OSError: a file cannot be written.
    """
    recipe, inputs = conversion.recipe, StoredInputs(model.graph)
    store = _Store(model.graph, module, folder)
    for value in list(model.graph.initializers.values()):
        if value.dtype is not ir.DataType.FLOAT or value.shape.numpy() == () or _size(value) < _SMALLEST_EXTERNAL:
            value.const_value = ir.Tensor(value.const_value.numpy(), name=value.name)
            continue
        name, shape = str(value.name), tuple(value.shape.numpy())
        restored = store.move(value, recipe.storage(module, name, shape))
        if name in conversion.ranges and recipe.stores_input(module, name, shape):
            inputs.store(restored, conversion.ranges[name])
    return tuple(sorted(store.files))


class _Store:
    """The weight files of one graph, and the nodes that restore what they hold."""

    def __init__(self, graph: ir.Graph, module: Module, folder: Path) -> None:
        self.files: set[str] = set()
        self._graph = graph
        self._module = module
        self._folder = folder
        self._first = graph[0]

    def move(self, value: Any, storage: Storage) -> ir.Value:
        """Write the weight ``value`` as ``storage`` says; return the float32 array in its place."""
        weight: NDArray[np.float32] = value.const_value.numpy()
        name = value.name
        turned = self._take_transposes(value)
        if storage is Storage.INT8:
            eight = quantize_int8(weight)
            inputs = [_turn(eight.values, turned), eight.scale.reshape(-1)]
            return self._replace(value, name, inputs, "DequantizeLinear", axis=1 if turned else 0)
        if storage is Storage.INT4:
            four = quantize_int4(weight)
            inputs = [_turn(array, turned) for array in (four.values, four.scale, four.zero)]
            return self._replace(value, name, inputs, "DequantizeLinear", axis=0 if turned else 1, block_size=GROUP)
        stored = weight.astype(np.float16) if storage is Storage.HALF else smallest_exact(weight)
        if stored.dtype == np.float16:
            return self._replace(value, name, [_turn(stored, turned)], "Cast", to=ir.DataType.FLOAT.value)
        return self._replace(value, name, [_turn(stored, turned)], None)

    def _take_transposes(self, value: Any) -> bool:
        """Whether every reader turns the matrix, which is then stored turned, so that no runtime has to."""
        readers = [node for node, _ in value.uses()]
        if not readers or any(
            node.op_type != "Transpose" or list(node.attributes["perm"].as_ints()) != [1, 0] for node in readers
        ):
            return False
        for node in readers:
            ir.convenience.replace_all_uses_with(node.outputs[0], value)
            self._graph.remove(node, safe=True)
        return True

    def _replace(self, value: Any, name: str, arrays: list[Array], operator: str | None, **attributes: int) -> ir.Value:
        del self._graph.initializers[name]
        names = [f"{name}.{kind}" for kind in ("stored", "scale", "zero")] if operator else [name]
        stored = [self._write(own, array, name) for own, array in zip(names, arrays, strict=False)]
        if operator is None:
            ir.convenience.replace_all_uses_with(value, stored[0])
            return stored[0]
        restored = ir.Value(name=name)
        node = ir.node(operator, stored, attributes, outputs=[restored], name=f"{name}.restored")
        self._graph.insert_before(self._first, node)
        ir.convenience.replace_all_uses_with(value, restored)
        return restored

    def _write(self, name: str, array: Array, weight: str) -> ir.Value:
        # Only 4-bit values are uint8 here.
        dtype = ir.DataType.UINT4 if array.dtype == np.uint8 else ir.DataType.from_numpy(array.dtype)
        content = _packed(array) if dtype is ir.DataType.UINT4 else np.ascontiguousarray(array)
        file = weight_file(self._module, weight)
        with (self._folder / file).open("ab") as stream:
            stream.write(b"\0" * (-stream.tell() % _ALIGNMENT))
            start = stream.tell()
            stream.write(content.data)
        self.files.add(file)
        shape = ir.Shape(array.shape)
        tensor = ir.ExternalTensor(
            file, start, content.nbytes, dtype, shape=shape, name=name, base_dir=str(self._folder)
        )
        value = ir.Value(name=name, shape=shape, type=ir.TensorType(dtype), const_value=tensor)
        self._graph.register_initializer(value)
        return value


def _size(value: Any) -> int:
    return int(np.prod(value.shape.numpy()))


def _turn(array: Array, turned: bool) -> Array:
    return array.T if turned else array


def _packed(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Two 4-bit values a byte, the first in the lower half, as ONNX and OpenVINO keep them."""
    flat = np.ascontiguousarray(values).reshape(-1)
    if flat.size % 2:
        flat = np.append(flat, np.uint8(0))
    return np.bitwise_or(flat[0::2], np.left_shift(flat[1::2], 4), dtype=np.uint8)
