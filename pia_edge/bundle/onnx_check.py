"""What an ONNX graph of a bundle may contain, checked in its bytes before any runtime reads it.

Runtimes open files that a graph names and load code that its operators ask for. Field numbers are those of
onnx.proto; fields we do not know are refused, since a runtime may.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from pia_edge.bundle.names import is_plain
from pia_edge.bundle.wire_format import (
    BYTES,
    DOUBLES,
    FLOAT,
    FLOATS,
    INTEGER,
    INTEGERS,
    MANY_BYTES,
    Fields,
    Reader,
    WireError,
)
from pia_edge.errors import BundleError

MODEL: Fields = {
    **dict.fromkeys((1, 5), INTEGER),
    **dict.fromkeys((2, 3, 4, 6, 7), BYTES),
    **dict.fromkeys((8, 14, 20, 25), MANY_BYTES),
}
GRAPH: Fields = {**dict.fromkeys((2, 10), BYTES), **dict.fromkeys((1, 5, 11, 12, 13, 14, 15, 16), MANY_BYTES)}
NODE: Fields = {**dict.fromkeys((3, 4, 6, 7, 8), BYTES), **dict.fromkeys((1, 2, 5, 9), MANY_BYTES)}
ATTRIBUTE: Fields = {
    **dict.fromkeys((1, 4, 5, 6, 13, 14, 22), BYTES),
    **dict.fromkeys((9, 10, 11, 15, 23), MANY_BYTES),
    **{2: FLOAT, 3: INTEGER, 7: FLOATS, 8: INTEGERS, 20: INTEGER},
}
TENSOR: Fields = {
    **dict.fromkeys((8, 9, 12), BYTES),
    **dict.fromkeys((6, 13, 16), MANY_BYTES),
    **{1: INTEGERS, 2: INTEGER, 4: FLOATS, 5: INTEGERS, 7: INTEGERS, 10: DOUBLES, 11: INTEGERS, 14: INTEGER},
}
SPARSE_TENSOR: Fields = {1: BYTES, 2: BYTES, 3: INTEGERS}
ENTRY: Fields = {1: BYTES, 2: BYTES}

# Operators that compute on tensors and nothing else; EPContext, for one, names a file of compiled code.
_NAMES = """
Attention BiasAdd BiasGelu BiasSoftmax BiasSplitGelu DequantizeLinear DynamicQuantizeMatMul EmbedLayerNormalization
FastGelu FusedConv FusedGemm FusedMatMul FusedMatMulActivation GatherBlockQuantized Gelu GemmFastGelu GroupNorm
GroupQueryAttention MatMulBnb4 MatMulInteger16 MatMulIntegerToFloat MatMulNBits MultiHeadAttention NhwcConv
NhwcFusedConv NhwcMaxPool PackedAttention PackedMultiHeadAttention Pad QAttention QEmbedLayerNormalization QGemm
QLinearAdd QLinearAveragePool QLinearConcat QLinearConv QLinearGlobalAveragePool QLinearLeakyRelu QLinearMul
QLinearReduceMean QLinearSigmoid QLinearSoftmax QLinearWhere QuantizeLinear QuickGelu RelativePositionBias
RemovePadding RestorePadding RotaryEmbedding SkipGroupNorm SkipLayerNormalization SkipSimplifiedLayerNormalization
TransposeMatMul Trilu
"""
MICROSOFT_OPERATORS = frozenset(_NAMES.split())

# Bits per value by TensorProto.DataType; strings (8) have no fixed length and cannot be raw or external.
_BITS = {
    **dict.fromkeys((25, 26), 2),
    **dict.fromkeys((21, 22, 23), 4),
    **dict.fromkeys((2, 3, 9, 17, 18, 19, 20, 24), 8),
    **dict.fromkeys((4, 5, 10, 16), 16),
    **dict.fromkeys((1, 6, 12), 32),
    **dict.fromkeys((7, 11, 13, 14), 64),
    15: 128,
}
_LARGEST_GRAPH = 128 * 2**20
_DEEPEST = 16
_HIGHEST_RANK = 64
_WHOLE_NUMBER = re.compile(r"[0-9]{1,19}")


def check_onnx(path: Path, *, external: Mapping[str, int]) -> None:
    """Check that the graph ``path`` reads no file but those in ``external`` and runs no operator but known ones.

    Args:
        path: an ONNX model of at most 128 MB; larger weights belong into files beside it.
        external: name and size in bytes of the weight files beside the graph that it may read.

    Raises:
        BundleError: the file is not an ONNX model, or holds something it must not; the message says what.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        content = file.read(_LARGEST_GRAPH + 1)
    try:
        if len(content) > _LARGEST_GRAPH:
            raise WireError("more than 128 MB; weights belong into files beside the graph")
        _Check(Reader(content), external).model()
    except WireError as error:
        raise BundleError(
            f"{path}: expected an ONNX graph of a bundle, found {error}. Do not use this bundle."
        ) from error


class _Check:
    """One pass over a model; every method raises WireError for what must not be there."""

    def __init__(self, reader: Reader, external: Mapping[str, int]) -> None:
        self._reader = reader
        self._external = external

    def model(self) -> None:
        content = self._reader.content
        # ONNX Runtime takes a file with this mark for its own format, whatever its name.
        if content[4:8] == b"ORTM":
            raise WireError("a model in ONNX Runtime's own format")
        has_graph = False
        for number, start, end in self._reader.fields("ModelProto", MODEL, 0, len(content)):
            if number == 7:
                has_graph = True
                self._graph(start, end, 1)
            elif number == 14 and self._entry(start, end)[0] == "ort_config":
                raise WireError("settings for ONNX Runtime (ort_config)")
            elif number == 20:
                raise WireError("training instructions")
            elif number == 25:
                raise WireError("a function of its own; functions must be inlined")
        if not has_graph:
            raise WireError("no graph")

    def _graph(self, start: int, end: int, depth: int) -> None:
        if depth > _DEEPEST:
            raise WireError(f"graphs nested more than {_DEEPEST} deep")
        for number, first, last in self._reader.fields("GraphProto", GRAPH, start, end):
            if number == 1:
                self._node(first, last, depth)
            elif number == 5:
                self._tensor(first, last)
            elif number == 15:
                self._sparse_tensor(first, last)

    def _node(self, start: int, end: int, depth: int) -> None:
        operator = domain = ""
        for number, first, last in self._reader.fields("NodeProto", NODE, start, end):
            if number == 4:
                operator = self._reader.text(first, last)
            elif number == 7:
                domain = self._reader.text(first, last)
            elif number == 5:
                self._attribute(first, last, depth)
        known = domain in ("", "ai.onnx") or (domain == "com.microsoft" and operator in MICROSOFT_OPERATORS)
        if not known or not operator:
            raise WireError(f"the unknown operator {operator!a} of domain {domain!a}")

    def _attribute(self, start: int, end: int, depth: int) -> None:
        for number, first, last in self._reader.fields("AttributeProto", ATTRIBUTE, start, end):
            if number in (6, 11):
                self._graph(first, last, depth + 1)
            elif number in (5, 10):
                self._tensor(first, last)
            elif number in (22, 23):
                self._sparse_tensor(first, last)

    def _sparse_tensor(self, start: int, end: int) -> None:
        for number, first, last in self._reader.fields("SparseTensorProto", SPARSE_TENSOR, start, end):
            if number in (1, 2):
                self._tensor(first, last)

    def _tensor(self, start: int, end: int) -> None:
        name = ""
        shape: list[int] = []
        data_type = location = 0
        raw: int | None = None
        entries: list[tuple[str, str]] = []
        for number, first, last in self._reader.fields("TensorProto", TENSOR, start, end):
            if number == 1:
                shape += self._reader.integers(first, last)
            elif number == 2:
                (data_type,) = self._reader.integers(first, last)
            elif number == 8:
                name = self._reader.text(first, last)
            elif number == 9:
                raw = last - first
            elif number == 13:
                entries.append(self._entry(first, last))
            elif number == 14:
                (location,) = self._reader.integers(first, last)
        if location not in (0, 1) or bool(entries) != bool(location) or (entries and raw is not None):
            raise WireError(f"the tensor {name!a} with its data neither wholly inside nor wholly outside the graph")
        if entries:
            self._external_data(name, entries, _bytes_of(name, shape, data_type))
        elif raw is not None and raw != (expected := _bytes_of(name, shape, data_type)):
            raise WireError(f"the tensor {name!a} with {raw} bytes instead of {expected}")

    def _external_data(self, name: str, entries: list[tuple[str, str]], expected: int) -> None:
        values = dict(entries)
        if len(values) != len(entries) or not values.keys() <= {"location", "offset", "length", "checksum"}:
            raise WireError(f"the tensor {name!a} with external data of keys {', '.join(key for key, _ in entries)!a}")
        file = values.get("location", "")
        if not is_plain(file) or file not in self._external:
            raise WireError(f"the tensor {name!a} with data in {file!a}, which is not a weight file of this module")
        offset, length = (_whole_number(name, values.get(key)) for key in ("offset", "length"))
        if length not in (None, expected):
            raise WireError(f"the tensor {name!a} with {length} bytes instead of {expected}")
        if (offset or 0) + expected > self._external[file]:
            raise WireError(f"the tensor {name!a} with data past the end of {file}")

    def _entry(self, start: int, end: int) -> tuple[str, str]:
        key = value = ""
        for number, first, last in self._reader.fields("StringStringEntryProto", ENTRY, start, end):
            if number == 1:
                key = self._reader.text(first, last)
            else:
                value = self._reader.text(first, last)
        return key, value


def _bytes_of(name: str, shape: list[int], data_type: int) -> int:
    if data_type not in _BITS or len(shape) > _HIGHEST_RANK or any(length >= 2**63 for length in shape):
        raise WireError(f"the tensor {name!a} with a data type, rank or length that cannot be")
    bits = _BITS[data_type]
    for length in shape:
        bits *= length
    return (bits + 7) // 8


def _whole_number(name: str, text: str | None) -> int | None:
    if text is not None and not _WHOLE_NUMBER.fullmatch(text):
        raise WireError(f"the tensor {name!a} with {text!a} for an offset or length")
    return None if text is None else int(text)
