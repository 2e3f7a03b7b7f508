"""The large weights of an OpenVINO model in a file of their own, in the type that a processor computes in.

OpenVINO makes float32 weights of those in half precision, packs them as its kernels want them, and keeps both: 8 GB for
a network of 1.3 billion. Weights of the type that is computed in are packed as they are, and what lies in a mapped file
need not stay in memory.
"""

import math
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pia_edge.runtimes.mapped_file import MappedFile
from pia_edge.runtimes.openvino_graph import RESTORING, constants_of, is_a, taken

_SMALL = 4096
"""Weights of fewer numbers stay in the graph."""
_ALIGNED = 64
_INTEGERS = ("i8", "u8", "i4", "u4")


class Computed(StrEnum):
    """What a processor multiplies, by OpenVINO's names."""

    BFLOAT16 = "bf16"
    FLOAT32 = "f32"


class _Weight(NamedTuple):
    """An output that depends on constants alone, to be replaced by one constant."""

    source: Any
    kind: str
    """The type of that constant."""

    def num_bytes(self) -> int:
        import openvino

        bits = math.prod(self.source.get_shape()) * getattr(openvino.Type, self.kind).bitwidth
        return int(bits + 7) // 8

    def stored(self) -> NDArray[Any]:
        if self.kind in _INTEGERS:
            return np.ascontiguousarray(_numbers(self.source))
        values = np.ascontiguousarray(_restored(self.source), np.float32)
        return to_bfloat16(values) if self.kind == Computed.BFLOAT16 else values


def store_weights(model: Any, computed: Computed, path: Path) -> None:
    """Write the large weights of ``model``, which stays as it is, into a file for :func:`place_weights`.

    Raises:
        OSError: it cannot be written.
    """
    with path.open("wb") as file:
        for weight in _weights(model, computed):
            stored = weight.stored()
            file.write(stored.data)
            file.write(bytes(-stored.nbytes % _ALIGNED))


def place_weights(model: Any, computed: Computed, file: MappedFile) -> None:
    """Let ``model`` take its weights from ``file``, which has to be kept as long as what is compiled of it.

    Raises:
        ValueError: the file is not of this model.
    """
    import openvino
    from openvino import op

    position = 0
    for weight in list(_weights(model, computed)):
        stored = file.bytes[position : position + weight.num_bytes()]
        if len(stored) < weight.num_bytes():
            raise ValueError(f"expected weights of more than {position} bytes, found {len(file.bytes)}")
        position += len(stored) + -len(stored) % _ALIGNED
        tensor = openvino.Tensor(stored, weight.source.get_shape(), getattr(openvino.Type, weight.kind))
        readers = [port.get_node() for port in weight.source.get_target_inputs()]
        constant = op.Constant(tensor)
        weight.source.replace(constant.output(0))
        if weight.kind == Computed.BFLOAT16:
            for reader in readers:
                _compute_in_bfloat16(reader, constant)
    model.validate_nodes_and_infer_types()


def _compute_in_bfloat16(node: Any, weight: Any) -> None:
    """Convert what ``node`` takes beside ``weight``, and what it gives; OpenVINO finds no work in either."""
    from openvino import opset15 as ops

    _convert_inputs(node, {weight.get_name()})
    readers = node.output(0).get_target_inputs()
    following = [port.get_node() for port in readers]
    if len(following) == 1 and is_a(following[0], "Add") and any(_is_constant(each) for each in taken(following[0])):
        # A bias, which is added while multiplying.
        _convert_inputs(following[0], {node.get_name()})
        node = following[0]
        readers = node.output(0).get_target_inputs()
    converted = ops.convert(node.output(0), "f32").output(0)
    for reader in readers:
        reader.replace_source_output(converted)


def _convert_inputs(node: Any, left: set[str]) -> None:
    from openvino import opset15 as ops

    for port in node.inputs():
        source = port.get_source_output()
        if source.get_node().get_name() not in left:
            port.replace_source_output(ops.convert(source, "bf16").output(0))


def _weights(model: Any, computed: Computed) -> Iterator[_Weight]:
    """What is stored, in the order of the file."""
    nodes = model.get_ordered_ops()
    constants = constants_of(nodes)
    seen: set[tuple[str, int]] = set()
    for node in nodes:
        if node.get_name() in constants or not is_a(node, "MatMul", "Convolution"):
            continue
        for source in taken(node):
            key = (source.get_node().get_name(), source.get_index())
            if key[0] in constants and key not in seen:
                seen.add(key)
                yield from (weight for weight in _stored(node, source, computed) if _is_large(weight.source))


def _stored(reader: Any, source: Any, computed: Computed) -> Iterator[_Weight]:
    above = list(_above(source))
    integers = [output for output in above if _is_stored(output) and _kind(output) in _INTEGERS]
    # Products of matrices restore integers as they need them, and whatever is given integers takes them.
    if integers and (
        is_a(reader, "MatMul") or any(is_a(output.get_node(), "FakeQuantize") for output in taken(reader))
    ):
        yield from (_Weight(output, _kind(output)) for output in integers)
        return
    alike = all(is_a(port.get_node(), reader.get_type_name()) for port in source.get_target_inputs())
    if alike and _is_constant(source):
        yield _Weight(source, computed.value)


def _is_constant(output: Any) -> bool:
    return all(_is_stored(each) or is_a(each.get_node(), *RESTORING) for each in _above(output))


def _is_large(source: Any) -> bool:
    return bool(math.prod(source.get_shape()) >= _SMALL)


def _kind(output: Any) -> str:
    return str(output.get_element_type().to_string())


def _above(output: Any) -> Iterator[Any]:
    """``output`` and all that it is computed from."""
    yield output
    if not _is_stored(output):
        for each in taken(output.get_node()):
            yield from _above(each)


def _is_stored(output: Any) -> bool:
    """Whether it is a constant, or one half of one."""
    node = output.get_node()
    return is_a(node, "Constant") or (is_a(node, "Split") and is_a(taken(node)[0].get_node(), "Constant"))


def _numbers(output: Any) -> NDArray[Any]:
    node = output.get_node()
    if is_a(node, "Constant"):
        return np.asarray(node.data)
    half: NDArray[Any] = np.split(_numbers(taken(node)[0]), node.get_output_size())[output.get_index()]
    return half


def _restored(output: Any) -> NDArray[Any]:
    """What a constant and the operations that restore it give."""
    if _is_stored(output):
        return _numbers(output)
    node = output.get_node()
    first, *rest = (_restored(each) for each in taken(node))
    if is_a(node, "Convert"):
        return first.astype(np.float32)
    if is_a(node, "Reshape"):
        return first.reshape(tuple(output.get_shape()))
    combined: NDArray[Any] = (np.multiply if is_a(node, "Multiply") else np.subtract)(first, rest[0])
    return combined


def to_bfloat16(values: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Return the nearest numbers in bfloat16, of two equally near ones the even one, as their bits."""
    bits = values.view(np.uint32)
    return ((bits + (0x7FFF + (bits >> 16 & 1))) >> 16).astype(np.uint16)
