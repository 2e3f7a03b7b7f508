"""Where an ONNX graph's weights go: named files beside it, in half the bytes where that loses nothing."""

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from pia_edge.modules import Module

# Smaller tensors (shapes, scales) stay inside the graph.
_SMALLEST_EXTERNAL = 256
_ALIGNMENT = 64


def weight_file(module: Module, name: str) -> str:
    """Return the file that holds the weight ``name``: temporal weights are a file of their own."""
    if module is Module.UNET:
        return "temporal.onnx_data" if "motion_modules" in name else "spatial.onnx_data"
    return f"{module}.onnx_data"


def move_weights(model: Any, module: Module, folder: Path) -> tuple[str, ...]:
    """Move the initializers of ``model`` into files of ``folder`` and return the files' names.

    A float32 weight whose every value float16 holds exactly is stored as float16 and cast back by the graph.
    """
    casts = []
    names: set[str] = set()
    for tensor in model.graph.initializer:
        if tensor.data_type != onnx.TensorProto.FLOAT or np.prod(tensor.dims) < _SMALLEST_EXTERNAL:
            continue
        array = numpy_helper.to_array(tensor)
        stored = _smallest_exact(array)
        file = weight_file(module, tensor.name)
        if stored.dtype == np.float16:
            inputs, outputs = [f"{tensor.name}.float16"], [tensor.name]
            casts.append(onnx.helper.make_node("Cast", inputs, outputs, to=onnx.TensorProto.FLOAT))
            tensor.name = inputs[0]
        tensor.CopyFrom(numpy_helper.from_array(stored, tensor.name))
        with (folder / file).open("ab") as stream:
            _externalise(tensor, file, stream)
        names.add(file)
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return tuple(sorted(names))


def _smallest_exact(array: NDArray[np.float32]) -> NDArray[Any]:
    with np.errstate(over="ignore"):
        half = array.astype(np.float16)
    return half if np.array_equal(half.astype(np.float32), array) else array


def _externalise(tensor: Any, file: str, stream: BinaryIO) -> None:
    stream.write(b"\0" * (-stream.tell() % _ALIGNMENT))
    content = tensor.raw_data
    onnx.external_data_helper.set_external_data(tensor, file, offset=stream.tell(), length=len(content))
    tensor.ClearField("raw_data")
    stream.write(content)
