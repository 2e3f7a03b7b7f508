"""What an operation of the evaluator is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import torch
from torch import Tensor

from pia_edge.errors import BackendError
from pia_edge.export.coreml.program import Operation

Value = Tensor | str


class Sums(StrEnum):
    """How float16 operations add up."""

    FLOAT32 = "fp32"
    """In float32, rounded once at the end: the CPU and the GPU."""

    FLOAT16 = "fp16"
    """Means and norms add in pairs and round every sum to float16: the worst the Neural Engine may do."""


@dataclass(frozen=True)
class Arguments:
    """The inputs of one operation by name; floating-point tensors are widened to float32 when asked for."""

    operation: Operation
    values: Mapping[str, tuple[Value, ...]]
    sums: Sums

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def stored(self, name: str) -> Tensor:
        """Return a tensor in the type it has.

        Raises:
            BackendError: it is missing, a text, or a list.
        """
        value = self.values.get(name, ())
        if len(value) != 1 or isinstance(value[0], str):
            raise self.unknown(f"one tensor {name}")
        return value[0]

    def tensor(self, name: str) -> Tensor:
        """Return a tensor, float16 as float32."""
        return _widened(self.stored(name))

    def tensors(self, name: str) -> list[Tensor]:
        """Return a list of tensors, float16 as float32."""
        return [_widened(value) for value in self.values[name] if isinstance(value, Tensor)]

    def integers(self, name: str, default: list[int] | None = None) -> list[int]:
        """Return a list of whole numbers."""
        if name not in self.values and default is not None:
            return default
        return [int(value) for value in self.stored(name).reshape(-1).tolist()]

    def integer(self, name: str, default: int | None = None) -> int:
        """Return a whole number."""
        return self.integers(name, None if default is None else [default])[0]

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a truth value."""
        return bool(self.stored(name).item()) if name in self.values else default

    def text(self, name: str, default: str = "") -> str:
        """Return a text."""
        value = self.values.get(name, (default,))[0]
        return value if isinstance(value, str) else default

    def adds_in_float16(self, name: str = "x") -> bool:
        """Return whether sums over the tensor ``name`` are rounded to float16."""
        return self.sums is Sums.FLOAT16 and self.stored(name).dtype is torch.float16

    def unknown(self, expected: str) -> BackendError:
        """Return an error for a form of the operation that is not implemented."""
        found = ", ".join(sorted(self.values))
        return BackendError(
            f"{self.operation.kind} ({self.operation.outputs[0].name}): expected {expected}, found {found}. "
            "Add this form to the evaluator, or convert without it."
        )


def _widened(value: Tensor) -> Tensor:
    return value.float() if value.dtype is torch.float16 else value
