"""Modules of fixed shapes and a batch of one, as Core ML's are: chosen by shape, run once for each of a batch."""

import threading
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from pia_edge.backend import Array, check_inputs
from pia_edge.errors import BackendError, Cancelled
from pia_edge.modules import Module, border


class Piece(Protocol):
    """One program of fixed shapes."""

    @property
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """The shape of every input."""

    @property
    def outputs(self) -> Sequence[str]:
        """The name of every output."""

    def run(self, inputs: Mapping[str, Array], *, stop: threading.Event) -> Sequence[Array]:
        """Return the outputs in their order; what ``inputs`` holds beside the piece's own is ignored."""


class Chain:
    """The pieces of a module for one size: each is given what it needs of what came before."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self.outputs = frozenset(name for piece in pieces for name in piece.outputs)
        needed = (each for piece in pieces for each in piece.shapes.items())
        self.shapes = {name: shape for name, shape in needed if name not in self.outputs}
        """The shape of every input of the module."""

    def run(self, inputs: Mapping[str, Array], outputs: Sequence[str], stop: threading.Event) -> tuple[Array, ...]:
        """Return ``outputs``.

        Raises:
            Cancelled: ``stop`` was set.
        """
        values = dict(inputs)
        for piece in self._pieces:
            if stop.is_set():
                raise Cancelled("Stopped between two pieces of a module.")
            values.update(zip(piece.outputs, piece.run(values, stop=stop), strict=True))
        return tuple(values[name] for name in outputs)


class FixedShapes:
    """A module that has one chain for each size it was made for."""

    def __init__(self, module: Module, name: str, chains: Sequence[Chain]) -> None:
        """Check that every chain has the inputs and outputs of the module.

        Args:
            module: which one.
            name: what errors call it.
            chains: one for each size.

        Raises:
            BackendError: one has others than the border table.
        """
        self._module, self._name, self._chains = module, name, chains
        self._stop = threading.Event()
        for chain in chains:
            _check_border(name, chain, module)

    def infer(self, inputs: dict[str, Array]) -> tuple[Array, ...]:
        """Run the module, once for each element of the batch; see :class:`pia_edge.backend.Session`.

        Raises:
            BackendError: the inputs do not fit the border table, or are of none of the sizes.
            Cancelled: the run was interrupted.
        """
        check_inputs(self._module, inputs)
        self._stop.clear()
        specs = border(self._module).inputs
        batched = {spec.name for spec in specs if spec.axes[0] in ("batch", "planes")}
        length = max((len(inputs[name]) for name in batched), default=1)
        rows = [
            {name: array[row : row + 1] if name in batched else array for name, array in inputs.items()}
            for row in range(length)
        ]
        chain = self._fitting(rows[0])
        names = [spec.name for spec in border(self._module).outputs]
        calls = [chain.run(row, names, self._stop) for row in rows]
        shared = [spec.axes[0] == 1 for spec in border(self._module).outputs]
        return tuple(
            calls[0][index] if once else np.concatenate([call[index] for call in calls])
            for index, once in enumerate(shared)
        )

    def interrupt(self) -> None:
        """End a running :meth:`infer` as soon as a piece notices, at the latest behind it."""
        self._stop.set()

    def _fitting(self, inputs: Mapping[str, Array]) -> Chain:
        found = {name: array.shape for name, array in inputs.items()}
        for chain in self._chains:
            if chain.shapes == found:
                return chain
        known = "; ".join(str(chain.shapes) for chain in self._chains)
        raise BackendError(
            f"{self._name}: expected inputs of {known}, found {found}. "
            "A Core ML package takes the sizes it was made for; export it for this one."
        )


def _check_border(name: str, chain: Chain, module: Module) -> None:
    inputs, outputs = ({spec.name for spec in side} for side in (border(module).inputs, border(module).outputs))
    if chain.shapes.keys() != inputs or not outputs <= chain.outputs:
        raise BackendError(
            f"{name}: expected the inputs {sorted(inputs)} and outputs {sorted(outputs)} of {module}, found "
            f"{sorted(chain.shapes)} and {sorted(chain.outputs)}. Export the bundle again."
        )
