"""Running the program of a saved package operation by operation, with the types it declares.

Core ML runs on Apple's machines alone; this is what proves a package everywhere else. Every result is rounded to the
type and compared with the shape that the package states, so what is checked is the file and not what made it.
"""

import threading
from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from pia_edge.backend import Array
from pia_edge.errors import BackendError, Cancelled
from pia_edge.export.coreml.evaluator_arguments import Arguments, Sums, Value
from pia_edge.export.coreml.evaluator_constants import CONSTANTS
from pia_edge.export.coreml.evaluator_elementwise import ELEMENTWISE
from pia_edge.export.coreml.evaluator_layers import LAYERS
from pia_edge.export.coreml.evaluator_shape import SHAPE
from pia_edge.export.coreml.program import Constant, Operation, Program, Variable

OPERATIONS: Mapping[str, Callable[[Arguments], Tensor | tuple[Tensor, ...]]] = {
    **CONSTANTS,
    **ELEMENTWISE,
    **LAYERS,
    **SHAPE,
}
"""What each kind of operation computes: floats come and go as float32, rounding is the evaluator's."""

_TORCH = {
    **{"fp16": torch.float16, "fp32": torch.float32, "bool": torch.bool, "int8": torch.int8, "uint8": torch.uint8},
    # PyTorch computes little in unsigned 16 bits.
    **{"int16": torch.int16, "uint16": torch.int32, "int32": torch.int32},
}


class Evaluator:
    """A program that is ready to run; it keeps no values between runs."""

    def __init__(self, program: Program, sums: Sums = Sums.FLOAT32) -> None:
        """Check that every operation is known.

        Raises:
            BackendError: names the first kind of operation that is not.
        """
        self._program = program
        self._sums = sums
        for operation in program.operations:
            if operation.kind not in OPERATIONS:
                raise BackendError(
                    f"{program.path}: expected operations the evaluator knows, found {operation.kind!a} "
                    f"({operation.outputs[0].name}). Add it to the evaluator, or convert without it."
                )
        self._last = _last_uses(program)
        self.shapes = {variable.name: variable.shape for variable in program.inputs}
        """The shape of every input."""
        self.outputs = program.outputs
        """The name of every output."""

    def run(
        self,
        inputs: Mapping[str, Array],
        *,
        stop: threading.Event | None = None,
        observe: Callable[[Operation, Tensor], None] | None = None,
    ) -> tuple[Array, ...]:
        """Return the program's outputs in its order.

        Args:
            inputs: an array for every input, of its declared shape; cast to the declared type.
            stop: ends the run before its next operation when set.
            observe: called with each operation and its first result.

        Raises:
            BackendError: an input is missing or of another shape, or a result is not what the package declares.
            Cancelled: ``stop`` was set.
        """
        values: dict[str, Value] = {}
        for variable in self._program.inputs:
            values[variable.name] = self._given(variable, inputs)
        with torch.inference_mode():
            for index, operation in enumerate(self._program.operations):
                if stop is not None and stop.is_set():
                    raise Cancelled(f"{self._program.path.name}: the evaluation was interrupted.")
                self._execute(operation, values)
                if observe:
                    observe(operation, _tensor(values[operation.outputs[0].name]))
                for name in self._last.get(index, ()):
                    values.pop(name, None)
            return tuple(_tensor(self._value(name, values)).float().numpy() for name in self._program.outputs)

    def _given(self, variable: Variable, inputs: Mapping[str, Array]) -> Tensor:
        array = inputs.get(variable.name)
        if array is None or array.shape != variable.shape:
            found = "nothing" if array is None else str(array.shape)
            raise BackendError(
                f"{self._program.path.name}: expected {variable.name} {variable.shape}, found {found}. "
                "A Core ML package takes the one size it was made for."
            )
        return torch.from_numpy(array).to(_TORCH[variable.dtype])

    def _value(self, name: str, values: dict[str, Value]) -> Value:
        if name not in values:
            values[name] = _loaded(self._program.constant(name))
        return values[name]

    def _execute(self, operation: Operation, values: dict[str, Value]) -> None:
        given = {
            name: tuple(self._value(each, values) for each in sources) for name, sources in operation.inputs.items()
        }
        arguments = Arguments(operation, given, self._sums)
        results = OPERATIONS[operation.kind](arguments)
        results = results if isinstance(results, tuple) else (results,)
        for variable, result in zip(operation.outputs, results, strict=True):
            if tuple(result.shape) != variable.shape:
                raise BackendError(
                    f"{self._program.path.name}: {operation.kind} ({variable.name}) declares {variable.shape}, "
                    f"and computes {tuple(result.shape)}. The package or the evaluator is wrong."
                )
            values[variable.name] = result.to(_TORCH[variable.dtype])


def _loaded(constant: Constant) -> Value:
    if isinstance(constant, str):
        return constant
    # PyTorch refuses read-only memory and knows few unsigned types.
    wide = constant.astype("<i4") if constant.dtype.kind == "u" and constant.dtype.itemsize > 1 else constant
    return torch.from_numpy(wide if wide.flags.writeable else wide.copy())


def _tensor(value: Value) -> Tensor:
    if isinstance(value, str):
        raise BackendError(f"Expected a tensor, found the text {value!a}. The package is damaged; export it again.")
    return value


def _last_uses(program: Program) -> dict[int, tuple[str, ...]]:
    """By the index of an operation, the values that no later one reads."""
    last: dict[str, int] = {}
    for index, operation in enumerate(program.operations):
        for variable in operation.outputs:
            last[variable.name] = index
        for sources in operation.inputs.values():
            last.update(dict.fromkeys(sources, index))
    uses: dict[int, list[str]] = {}
    for name, index in last.items():
        if name not in program.outputs:
            uses.setdefault(index, []).append(name)
    return {index: tuple(names) for index, names in uses.items()}
