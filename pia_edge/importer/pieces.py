"""One tensor of the bundle to be: where its numbers come from and what is fused into them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from pia_edge.errors import ModelError
from pia_edge.importer.lora import Delta
from pia_edge.importer.parts import Part, Ref

Shape = tuple[int, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Piece:
    """One tensor of the bundle: ``ref``, cut, extended and changed as the other fields say."""

    name: str
    shape: Shape
    ref: Ref
    channels: tuple[int, int] | None = None
    """First and end of the input channels that are taken; all of them if None."""
    rows: tuple[Ref, ...] = ()
    """Rows that are added at the end."""
    deltas: tuple[Delta, ...] = ()

    def compute(self, dtype: torch.dtype) -> Tensor:
        """Return the numbers in ``dtype``; sums are made in float32.

        Raises:
            ModelError: a file cannot be read, or holds NaN, infinity or numbers that ``dtype`` cannot.
        """
        tensor = self.ref.read()
        if self.channels is not None:
            tensor = tensor[:, slice(*self.channels)]
        if self.rows:
            added = [_finite(ref.read().float(), ref, self.name).reshape(-1, tensor.shape[1]) for ref in self.rows]
            tensor = torch.cat([tensor.float(), *added])
        tensor = tensor.reshape(self.shape)
        if self.deltas:
            tensor = tensor.float()
            for delta in self.deltas:
                tensor = tensor + _finite(delta.compute(self.shape), delta.up, self.name)
        return self._converted(tensor, dtype)

    def _converted(self, tensor: Tensor, dtype: torch.dtype) -> Tensor:
        _finite(tensor.float(), self.ref, self.name)
        converted = tensor.to(dtype).contiguous()
        if converted.dtype != tensor.dtype and not math.isfinite(converted.sum(dtype=torch.float64)):
            raise ModelError(
                f"{self.ref.file.path}: {self.name} holds numbers up to {tensor.float().abs().max():.3g}, too large "
                f"for {dtype}. Import with --precision fp32."
            )
        return converted


def _finite(tensor: Tensor, ref: Ref, name: str) -> Tensor:
    """Return ``tensor``, which comes from ``ref``, if it is finite."""
    # The sum is finite only if every number is, and in float64 it cannot overflow.
    if not math.isfinite(tensor.sum(dtype=torch.float64)):
        raise ModelError(f"{ref.file.path}: {name} holds NaN or infinity. Get the file again.")
    return tensor


def pieces_of(part: Part, expected: Mapping[str, Shape], what: str) -> dict[str, Piece]:
    """Return a piece for every weight of a network, once the names and shapes of ``part`` are exactly those.

    Axes of length 1 at the end do not count: attention is stored as linear layers by some and as 1×1 convolutions
    by others.

    Raises:
        ModelError: names how many weights are missing, unexpected, of another shape or no floating-point numbers, and
            the first of each.
    """
    missing = sorted(expected.keys() - part.refs.keys())
    unexpected = sorted(part.refs.keys() - expected.keys())
    misshapen = [
        f"{name} {part.refs[name].shape} instead of {shape}"
        for name, shape in expected.items()
        if name in part.refs and not _same(part.refs[name].shape, shape)
    ]
    whole = [name for name, ref in part.refs.items() if not ref.file.tensors[ref.name].dtype.is_floating_point]
    faults = {"missing": missing, "unexpected": unexpected, "misshapen": misshapen, "quantised": whole}
    if any(faults.values()):
        found = ", ".join(f"{len(names)} {kind} (such as {names[0]})" for kind, names in faults.items() if names)
        raise ModelError(
            f"{part.path}: expected the {len(expected)} weights of the {what}, found {found}. It is not a model of "
            "this kind, or incomplete; get it again."
        )
    return {name: Piece(name=name, shape=shape, ref=part.refs[name]) for name, shape in expected.items()}


def _same(found: Shape, expected: Shape) -> bool:
    length = max(len(found), len(expected))
    return found + (1,) * (length - len(found)) == expected + (1,) * (length - len(expected))
