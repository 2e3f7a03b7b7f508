"""The program of a saved package: its operations in order, and its constants, read when they are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from pia_edge.backend import Array
from pia_edge.bundle.mlpackage import DATA, MODEL, WEIGHTS
from pia_edge.bundle.mlpackage_check import check_mlpackage
from pia_edge.export.coreml.blob_file import BlobFile, is_packed, unpack
from pia_edge.export.coreml.mil_types import name_of, shape_of

Constant = Array | str

_NUMPY = {
    **{"bool": "?", "fp16": "<f2", "fp32": "<f4", "int8": "<i1", "uint8": "<u1"},
    **{"int16": "<i2", "uint16": "<u2", "int32": "<i4", "uint32": "<u4"},
}


@dataclass(frozen=True)
class Variable:
    """A value of the program: its name, declared type and shape."""

    name: str
    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Operation:
    """One operation; every input is the names of one or, for a list, several variables."""

    kind: str
    inputs: Mapping[str, tuple[str, ...]]
    outputs: tuple[Variable, ...]


@dataclass(frozen=True)
class Program:
    """A function of a package."""

    path: Path
    inputs: tuple[Variable, ...]
    outputs: tuple[str, ...]
    operations: tuple[Operation, ...]
    _values: Mapping[str, Any] = field(repr=False)
    _blobs: Mapping[str, BlobFile] = field(repr=False)

    def constant(self, name: str) -> Constant:
        """Return the constant ``name``: an array as it is stored, or a text."""
        value = self._values[name]
        variable = _variable(name, value.type)
        if value.WhichOneof("value") == "blobFileValue":
            blob = value.blobFileValue
            return self._blobs[blob.fileName.rpartition("/")[2]].read(blob.offset, variable.dtype, variable.shape)
        return _immediate(value.immediateValue.tensor, variable)


def read_programs(path: Path) -> dict[str, Program]:
    """Return the programs of the package ``path``, by the names of its functions, after :func:`check_mlpackage`.

    Raises:
        BundleError: the package holds what it must not.
    """
    check_mlpackage(path)
    from coremltools.proto import Model_pb2

    model = Model_pb2.Model()
    model.ParseFromString((path / DATA / MODEL).read_bytes())
    blobs = {file.name: BlobFile(file) for file in sorted((path / DATA / WEIGHTS).glob("*.bin"))}
    return {name: _program(path, function, blobs) for name, function in sorted(model.mlProgram.functions.items())}


def _program(path: Path, function: Any, blobs: Mapping[str, BlobFile]) -> Program:
    block = function.block_specializations[function.opset]
    values = {entry.outputs[0].name: entry.attributes["val"] for entry in block.operations if entry.type == "const"}
    return Program(
        path=path,
        inputs=tuple(_variable(entry.name, entry.type) for entry in function.inputs),
        outputs=tuple(block.outputs),
        operations=tuple(_operation(entry, values) for entry in block.operations if entry.type != "const"),
        _values=values,
        _blobs=blobs,
    )


def _operation(entry: Any, values: dict[str, Any]) -> Operation:
    inputs: dict[str, tuple[str, ...]] = {}
    for name, argument in entry.inputs.items():
        sources = []
        for index, binding in enumerate(argument.arguments):
            source = binding.name
            if binding.WhichOneof("binding") == "value":
                # Compressed constants hold their parts in place; no name of the program contains a space.
                source = f"{entry.outputs[0].name} {name} {index}"
                values[source] = binding.value
            sources.append(source)
        inputs[name] = tuple(sources)
    outputs = tuple(_variable(output.name, output.type) for output in entry.outputs)
    return Operation(kind=entry.type, inputs=inputs, outputs=outputs)


def _variable(name: str, kind: Any) -> Variable:
    return Variable(name, name_of(kind), shape_of(kind))


def _immediate(tensor: Any, variable: Variable) -> Constant:
    kind = tensor.WhichOneof("value")
    values = getattr(tensor, kind).values
    if variable.dtype == "string":
        return str(values[0])
    if kind != "bytes":
        return np.array(values, _NUMPY[variable.dtype]).reshape(variable.shape)
    if is_packed(variable.dtype):
        count = int(np.prod(variable.shape, dtype=np.int64))
        return unpack(values, count, variable.dtype).reshape(variable.shape)
    return np.frombuffer(values, _NUMPY[variable.dtype]).reshape(variable.shape)
