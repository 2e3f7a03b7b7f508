"""A program cut into pieces that run one after the other, for devices that refuse large packages."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pia_edge.errors import RequestError
from pia_edge.export.coreml.mil_types import name_of, shape_of

_BYTES = {"fp16": 2, "bool": 1, "int8": 1, "uint8": 1, "int16": 2, "uint16": 2}
# Of an array in a weight file: its header, and room up to the next one. A weight becomes three arrays at most.
_OVERHEAD, _ARRAYS = 128, 3
_FEATURES = {"fp16": "FLOAT16", "fp32": "FLOAT32", "int32": "INT32"}
"""Types that Core ML passes from one package to the next."""


def cut(spec: Any, weights: Mapping[str, int], largest: int | None) -> list[Any]:
    """Return the coremltools ``Model`` messages that do what ``spec`` does when they run in this order.

    Each is given what it needs of the inputs of ``spec`` and of what those before it return, by name.

    Args:
        spec: a model with one function, ``main``.
        weights: bytes of each large weight, by the name of its constant.
        largest: bytes that the weight file of a piece may have; if None, there is one piece.

    Raises:
        RequestError: one operation alone has more, or the network cannot be cut there.
    """
    block = _block(spec.mlProgram.functions["main"])
    constants = {entry.outputs[0].name: entry for entry in block.operations if entry.type == "const"}
    steps = [_Step.of(entry, constants) for entry in block.operations if entry.type != "const"]
    sizes = {name: _stored_bytes(entry) for name, entry in constants.items()}
    loads = _loads(steps, sizes | {name: size + _ARRAYS * _OVERHEAD for name, size in weights.items()})
    if largest is None or sum(loads) <= largest:
        return [spec]
    values = _Values(spec, steps)
    borders = [values.narrowest(*between) for between in _between(loads, largest)]
    starts, ends = [0, *borders], [*borders, len(steps)]
    return [_piece(spec, steps[start:end], constants, values, end) for start, end in zip(starts, ends, strict=True)]


def check_size(needed: int, largest: int) -> None:
    """Check that a piece of at most ``largest`` bytes has room for the ``needed`` bytes of one layer.

    Raises:
        RequestError: it has not.
    """
    if needed > largest:
        raise RequestError(
            f"Expected pieces of at least {needed / 1e6:.2f} MB, since one layer has as much, found "
            f"{largest / 1e6:.2f} MB. Choose larger pieces."
        )


@dataclass(frozen=True)
class _Step:
    """An operation that computes something."""

    entry: Any
    reads: tuple[str, ...]
    """Names of what is computed before it, or given."""
    constants: tuple[str, ...]

    @classmethod
    def of(cls, entry: Any, constants: Mapping[str, Any]) -> "_Step":
        arguments = [each for argument in entry.inputs.values() for each in argument.arguments]
        names = [each.name for each in arguments if each.WhichOneof("binding") == "name"]
        reads = tuple(name for name in names if name not in constants)
        return cls(entry, reads, tuple(name for name in names if name in constants))


class _Values:
    """What is computed where, and until when it is needed."""

    def __init__(self, spec: Any, steps: Sequence[_Step]) -> None:
        function = spec.mlProgram.functions["main"]
        self.types = {entry.name: entry.type for entry in function.inputs}
        self.results = tuple(_block(function).outputs)
        self._made: dict[str, int] = {}
        self._last: dict[str, int] = {}
        for index, step in enumerate(steps):
            self._last.update(dict.fromkeys(step.reads, index))
            for output in step.entry.outputs:
                self.types[output.name] = output.type
                self._made[output.name] = index

    def crossing(self, border: int) -> list[str]:
        """Return what is computed before the step ``border`` and read by it or a later one."""
        return [name for name, made in self._made.items() if made < border <= self._last.get(name, -1)]

    def narrowest(self, first: int, last: int) -> int:
        """Return the step from ``first`` to ``last`` before which the least has to be passed on.

        Raises:
            RequestError: everywhere something has to be passed on that Core ML cannot.
        """
        found = {border: self._passed(border) for border in range(first, last + 1)}
        border = min(found, key=lambda each: found[each])
        if math.isinf(found[border]):
            raise RequestError(
                f"Expected numbers alone to pass on between two pieces, as {', '.join(_FEATURES)}, found others "
                "wherever pieces of this size end. Choose another size of pieces."
            )
        return border

    def _passed(self, border: int) -> float:
        types = [self.types[name] for name in self.crossing(border)]
        if any(name_of(kind) not in _FEATURES for kind in types):
            return math.inf
        return sum(math.prod(shape_of(kind)) * (2 if name_of(kind) == "fp16" else 4) for kind in types)


def _stored_bytes(constant: Any) -> int:
    """Bytes of a constant in the weight file."""
    value = constant.attributes["val"]
    if value.WhichOneof("value") != "blobFileValue":
        return 0
    return math.prod(shape_of(value.type)) * _BYTES.get(name_of(value.type), 4) + _OVERHEAD


def _loads(steps: Sequence[_Step], constants: Mapping[str, int]) -> list[int]:
    """Bytes in the weight file that each step is the first to read."""
    left = dict(constants)
    return [sum(left.pop(name, 0) for name in step.constants) for step in steps]


def _between(loads: Sequence[int], largest: int) -> Iterator[tuple[int, int]]:
    """Of every border between two pieces: the first and the last step before which it may lie.

    The pieces are as few as can be, and then as equal.
    """
    check_size(max(loads), largest)
    count = len(_filled(loads, largest))
    low, high = max(loads), largest
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if len(_filled(loads, middle)) <= count else (middle + 1, high)
    for start in _filled(loads, low)[1:]:
        before = max(index for index, load in enumerate(loads[:start]) if load)
        yield before + 1, start


def _filled(loads: Sequence[int], limit: int) -> list[int]:
    """The first step of every piece, if each is filled up to ``limit`` bytes."""
    starts, room = [0], limit
    for index, load in enumerate(loads):
        if load > room:
            starts.append(index)
            room = limit
        room -= load
    return starts


def _piece(spec: Any, steps: Sequence[_Step], constants: Mapping[str, Any], values: _Values, end: int) -> Any:
    """A model of the operations ``steps``, which end before the step ``end``."""
    made = {output.name for step in steps for output in step.entry.outputs}
    given = list(dict.fromkeys(name for step in steps for name in step.reads if name not in made))
    passed_on = [name for name in values.crossing(end) if name in made]
    returned = [*passed_on, *(name for name in values.results if name in made and name not in passed_on)]
    piece = _shell(spec)
    function = piece.mlProgram.functions["main"]
    for name in given:
        function.inputs.add(name=name).type.CopyFrom(values.types[name])
    block = _block(function)
    block.outputs.extend(returned)
    for name in dict.fromkeys(name for step in steps for name in step.constants):
        block.operations.add().CopyFrom(constants[name])
    for step in steps:
        block.operations.add().CopyFrom(step.entry)
    _describe(spec, piece, values, given, returned)
    return piece


def _shell(spec: Any) -> Any:
    """``spec`` without its inputs, outputs and operations."""
    shell = type(spec)(specificationVersion=spec.specificationVersion, isUpdatable=spec.isUpdatable)
    shell.description.metadata.CopyFrom(spec.description.metadata)
    program, whole = shell.mlProgram, spec.mlProgram
    program.version, program.docString = whole.version, whole.docString
    for name, value in whole.attributes.items():
        program.attributes[name].CopyFrom(value)
    function, original = program.functions["main"], whole.functions["main"]
    function.opset = original.opset
    function.block_specializations[original.opset].SetInParent()
    return shell


def _describe(spec: Any, piece: Any, values: _Values, given: Sequence[str], returned: Sequence[str]) -> None:
    """Declare inputs and outputs: those of ``spec`` as it does, others with the types they are computed in."""
    known = {feature.name: feature for feature in (*spec.description.input, *spec.description.output)}
    for names, features in ((given, piece.description.input), (returned, piece.description.output)):
        for name in names:
            feature = features.add(name=name)
            if name in known:
                feature.CopyFrom(known[name])
                continue
            array = feature.type.multiArrayType
            array.dataType = array.ArrayDataType.Value(_FEATURES[name_of(values.types[name])])
            array.shape.extend(shape_of(values.types[name]))


def _block(function: Any) -> Any:
    return function.block_specializations[function.opset]
