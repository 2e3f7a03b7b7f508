"""Saved packages as sessions: what the gate of an export compares with the reference, on any machine."""

import importlib.util
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from pia_edge.backend import Array, check_inputs
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.bundle.mlpackage import DATA, MODEL
from pia_edge.errors import BackendError
from pia_edge.export.coreml.evaluator import Evaluator
from pia_edge.export.coreml.evaluator_arguments import Sums
from pia_edge.export.coreml.program import read_programs
from pia_edge.modules import Module, border


class MilEvaluator:
    """A backend for proofs alone: it runs Core ML packages operation by operation, far slower than Core ML."""

    name = "evaluator"
    library = "coremltools"
    formats = (Format.COREML,)

    def unavailable(self) -> str | None:
        """Return why packages cannot be read here, or None."""
        return None if importlib.util.find_spec("coremltools") else "coremltools is not installed"

    def devices(self) -> Sequence[str]:
        """Return the one device."""
        return () if self.unavailable() else ("CPU",)

    def load(
        self,
        bundle: Bundle,
        module: Module,
        device: str | None = None,
        *,
        exact: bool = False,  # noqa: ARG002
    ) -> "MilSession":
        """Load ``module``.

        Raises:
            BackendError: the device is not ``CPU``, or the package is not one that the evaluator knows.
            BundleError: the bundle lacks the module, or its package holds what it must not.
        """
        if device not in (None, "CPU"):
            raise BackendError(f"{self.name}: expected the device CPU, found {device}. Leave it out.")
        # Below a package lie the folder of data, that of Core ML, and the program.
        depth = len(Path(DATA, MODEL).parts)
        return MilSession([graph.parents[depth - 1] for graph in bundle.graphs(module)], module)


class MilSession:
    """The packages of a module in the evaluator; see :class:`pia_edge.backend.Session`."""

    device = "CPU"

    def __init__(self, packages: Sequence[Path], module: Module, sums: Sums = Sums.FLOAT32) -> None:
        """Check and read the packages, which run in this order.

        Raises:
            BundleError: a package holds what it must not.
            BackendError: one has an operation that the evaluator does not know, or together they have other functions,
                inputs or outputs.
        """
        programs = [read_programs(package) for package in packages]
        self._name, self._module = packages[0].name, module
        for package, each in zip(packages, programs, strict=True):
            if each.keys() != programs[0].keys():
                raise BackendError(
                    f"{package.name}: expected the functions {', '.join(programs[0])}, as in the first piece, found "
                    f"{', '.join(each)}. Export the bundle again."
                )
        self._chains = [_Chain([Evaluator(each[name], sums) for each in programs]) for name in programs[0]]
        for chain in self._chains:
            _check_border(self._name, chain, module)
        self._stop = threading.Event()

    def infer(self, **inputs: Array) -> tuple[Array, ...]:
        """Run the module, once for each element of the batch: the package has a batch of one.

        Raises:
            BackendError: the inputs do not fit the border table, or are of none of the package's sizes.
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
        """End a running :meth:`infer` before its next operation."""
        self._stop.set()

    def _fitting(self, inputs: Mapping[str, Array]) -> "_Chain":
        found = {name: array.shape for name, array in inputs.items()}
        for chain in self._chains:
            if chain.shapes == found:
                return chain
        known = "; ".join(str(chain.shapes) for chain in self._chains)
        raise BackendError(
            f"{self._name}: expected inputs of {known}, found {found}. "
            "A Core ML package takes the sizes it was made for; export it for this one."
        )


class _Chain:
    """The pieces of a module for one size: each is given what it needs of what came before."""

    def __init__(self, evaluators: Sequence[Evaluator]) -> None:
        self._evaluators = evaluators
        self.outputs = frozenset(name for evaluator in evaluators for name in evaluator.outputs)
        needed = (each for evaluator in evaluators for each in evaluator.shapes.items())
        self.shapes = {name: shape for name, shape in needed if name not in self.outputs}
        """The shape of every input of the module."""

    def run(self, inputs: Mapping[str, Array], outputs: Sequence[str], stop: threading.Event) -> tuple[Array, ...]:
        values = dict(inputs)
        for evaluator in self._evaluators:
            values.update(zip(evaluator.outputs, evaluator.run(values, stop=stop), strict=True))
        return tuple(values[name] for name in outputs)


def _check_border(name: str, chain: _Chain, module: Module) -> None:
    inputs, outputs = ({spec.name for spec in side} for side in (border(module).inputs, border(module).outputs))
    if chain.shapes.keys() != inputs or not outputs <= chain.outputs:
        raise BackendError(
            f"{name}: expected the inputs {sorted(inputs)} and outputs {sorted(outputs)} of {module}, found "
            f"{sorted(chain.shapes)} and {sorted(chain.outputs)}. Export the bundle again."
        )
