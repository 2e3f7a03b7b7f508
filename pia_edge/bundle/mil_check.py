"""What the program of a package may hold, checked in the bytes of ``model.mlmodel`` without Core ML's own reader.

Field numbers are those of Model.proto and MIL.proto; a field that is not listed is refused, and with it every kind of
model but a program: custom models (555), linked models (556), pipelines, models in foreign encodings.
"""

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

from pia_edge.bundle.mil_operators import OPERATORS
from pia_edge.bundle.wire_format import BYTES, INTEGER, MANY_BYTES, Fields, Reader, WireError
from pia_edge.errors import BundleError

_MODEL: Fields = {1: INTEGER, 2: BYTES, 502: BYTES}
_PROGRAM: Fields = {1: INTEGER, 2: MANY_BYTES, 3: BYTES, 4: MANY_BYTES}
_FUNCTION: Fields = {1: MANY_BYTES, 2: BYTES, 3: MANY_BYTES, 4: MANY_BYTES}
_BLOCK: Fields = {1: MANY_BYTES, 2: MANY_BYTES, 3: MANY_BYTES, 4: MANY_BYTES}
# Field 4 holds the blocks of loops and branches, which none of our operations has.
_OPERATION: Fields = {1: BYTES, 2: MANY_BYTES, 3: MANY_BYTES, 5: MANY_BYTES}
_ARGUMENT: Fields = {1: MANY_BYTES}
_BINDING: Fields = {1: BYTES, 2: BYTES}
_VALUE: Fields = {1: BYTES, 2: BYTES, 3: BYTES, 5: BYTES}
_IMMEDIATE: Fields = {1: BYTES, 2: BYTES, 3: BYTES, 4: BYTES}
_BLOB: Fields = {1: BYTES, 2: INTEGER}
_ENTRY: Fields = {1: BYTES, 2: BYTES}
_LIST: Fields = {1: MANY_BYTES}
_VALUE_TYPE: Fields = {1: BYTES}
_TENSOR_TYPE: Fields = {1: INTEGER, 2: INTEGER, 3: MANY_BYTES}
_DIMENSION: Fields = {1: BYTES}
_LENGTH: Fields = {1: INTEGER}

_PREFIX = "@model_path/weights/"
_BLOB_HEADER = struct.Struct("<IIQQ")
_SENTINEL = 0xDEADBEEF
_HIGHEST_RANK = 8
# By the DataType of MIL.proto: the type in a blob's header, and the bits of one value.
_STORED = {
    **{10: (1, 16), 11: (2, 32), 21: (4, 8), 31: (3, 8), 22: (6, 16), 32: (7, 16), 23: (14, 32), 33: (15, 32)},
    **{25: (8, 4), 35: (11, 4), 36: (10, 2), 37: (9, 1), 38: (13, 6), 39: (12, 3)},
}


def check_model(path: Path, weights: Mapping[str, Path]) -> None:
    """Check that the file ``path`` is one ML program of known operations that reads files in ``weights`` alone.

    Raises:
        BundleError: it is not.
    """
    content = path.read_bytes()
    try:
        _Check(Reader(content), weights).model(0, len(content))
    except WireError as error:
        raise BundleError(
            f"{path}: expected a Core ML program of plain operations, found {error}. Do not use this bundle."
        ) from error


class _Check:
    def __init__(self, reader: Reader, weights: Mapping[str, Path]) -> None:
        self._reader = reader
        self._weights = weights

    def model(self, start: int, end: int) -> None:
        found = dict.fromkeys(_MODEL, (0, 0))
        for number, first, last in self._reader.fields("the model", _MODEL, start, end):
            found[number] = (first, last)
        if found[502] == (0, 0):
            raise WireError("no ML program")
        for number, first, last in self._reader.fields("the program", _PROGRAM, *found[502]):
            if number == 2:
                self._function(*self._entry(first, last))
            elif number == 4:
                self._value(self._entry(first, last))

    def _function(self, start: int, end: int) -> None:
        for number, first, last in self._reader.fields("a function", _FUNCTION, start, end):
            if number == 3:
                self._block(*self._entry(first, last))
            elif number == 4:
                self._value(self._entry(first, last))

    def _block(self, start: int, end: int) -> None:
        for number, first, last in self._reader.fields("a block", _BLOCK, start, end):
            if number == 3:
                # A full-size network has more fields than one reader takes, and no more than its bytes allow.
                _Check(Reader(self._reader.content), self._weights)._operation(first, last)
            elif number == 4:
                self._value(self._entry(first, last))

    def _operation(self, start: int, end: int) -> None:
        kind = ""
        for number, first, last in self._reader.fields("an operation", _OPERATION, start, end):
            if number == 1:
                kind = self._reader.text(first, last)
            elif number == 2:
                self._argument(*self._entry(first, last))
            elif number == 5:
                self._value(self._entry(first, last))
        if kind not in OPERATORS:
            raise WireError(f"the operation {kind!a}")

    def _argument(self, start: int, end: int) -> None:
        for _, first, last in self._reader.fields("an argument", _ARGUMENT, start, end):
            for number, start_of, end_of in self._reader.fields("a binding", _BINDING, first, last):
                if number == 2:
                    self._value((start_of, end_of))

    def _value(self, place: tuple[int, int], depth: int = 0) -> None:
        if depth > 2:
            raise WireError("values nested more than twice")
        kind, blob = (0, 0), (0, 0)
        for number, first, last in self._reader.fields("a value", _VALUE, *place):
            if number == 2:
                kind = (first, last)
            elif number == 3:
                self._immediate(first, last, depth)
            elif number == 5:
                blob = (first, last)
        if blob != (0, 0):
            self._blob(*blob, *self._stored_type(*kind))

    def _immediate(self, start: int, end: int, depth: int) -> None:
        for number, first, last in self._reader.fields("an immediate value", _IMMEDIATE, start, end):
            if number == 1:
                continue
            for _, *place in self._reader.fields("a list of values", _LIST, first, last):
                pairs = self._reader.fields("a pair", _ENTRY, *place) if number == 4 else [(1, *place)]
                for _, first_of, end_of in pairs:
                    self._value((first_of, end_of), depth + 1)

    def _blob(self, start: int, end: int, stored: int, size: int) -> None:
        name, offset = "", 0
        for number, first, last in self._reader.fields("a weight", _BLOB, start, end):
            if number == 1:
                name = self._reader.text(first, last)
            else:
                offset = self._reader.integers(first, last)[0]
        file = self._weights.get(name.removeprefix(_PREFIX)) if name.startswith(_PREFIX) else None
        if file is None:
            raise WireError(f"a weight in the file {name!a}")
        _check_blob(file, offset, stored, size)

    def _stored_type(self, start: int, end: int) -> tuple[int, int]:
        """The type in the header of a blob of this type, and how many bytes it has."""
        data_type, count, rank = 0, 1, 0
        for _, first, last in self._reader.fields("a type", _VALUE_TYPE, start, end):
            for number, *place in self._reader.fields("a tensor's type", _TENSOR_TYPE, first, last):
                if number == 1:
                    data_type = self._reader.integers(*place)[0]
                elif number == 3:
                    rank += 1
                    count *= self._length(*place)
        if data_type not in _STORED or rank > _HIGHEST_RANK:
            raise WireError(f"a weight of type {data_type} with {rank} axes")
        stored, bits = _STORED[data_type]
        return stored, -(-count * bits // 8)

    def _length(self, start: int, end: int) -> int:
        lengths = [
            self._reader.integers(*place)[0]
            for _, first, last in self._reader.fields("an axis", _DIMENSION, start, end)
            for _, *place in self._reader.fields("a length", _LENGTH, first, last)
        ]
        return lengths[0] if lengths else 0

    def _entry(self, start: int, end: int) -> tuple[int, int]:
        """Where the value of a map's entry starts and ends."""
        places: Iterator[tuple[int, int, int]] = self._reader.fields("an entry", _ENTRY, start, end)
        return {number: (first, last) for number, first, last in places}.get(2, (end, end))


def _check_blob(file: Path, offset: int, stored: int, size: int) -> None:
    length = file.stat().st_size
    with file.open("rb") as stream:
        stream.seek(min(offset, length))
        header = stream.read(_BLOB_HEADER.size)
    if len(header) < _BLOB_HEADER.size:
        raise WireError(f"a weight at {offset} of {length} bytes in {file.name}")
    sentinel, kind, found, start = _BLOB_HEADER.unpack(header)
    if (sentinel, kind, found) != (_SENTINEL, stored, size) or start + found > length:
        raise WireError(f"a weight at {offset} in {file.name} that is not {size} bytes of type {stored}")
