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
from pia_edge.export.coreml.program import Program, read_programs
from pia_edge.modules import MODULES, Module


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

    def load(self, bundle: Bundle, module: Module, device: str | None = None) -> "MilSession":
        """Load ``module``.

        Raises:
            BackendError: the device is not ``CPU``, or the package is not one that the evaluator knows.
            BundleError: the bundle lacks the module, or its package holds what it must not.
        """
        if device not in (None, "CPU"):
            raise BackendError(f"{self.name}: expected the device CPU, found {device}. Leave it out.")
        # Below the package lie the folder of data, that of Core ML, and the program.
        package = bundle.graph(module).parents[len(Path(DATA, MODEL).parts) - 1]
        return MilSession(package, module)


class MilSession:
    """One package in the evaluator; see :class:`pia_edge.backend.Session`."""

    device = "CPU"

    def __init__(self, package: Path, module: Module, sums: Sums = Sums.FLOAT32) -> None:
        """Check and read the package.

        Raises:
            BundleError: the package holds what it must not.
            BackendError: it has an operation that the evaluator does not know, or other inputs and outputs.
        """
        programs = read_programs(package)
        for program in programs.values():
            _check_border(program, module)
        self._package, self._module = package, module
        self._evaluators = [Evaluator(program, sums) for program in programs.values()]
        self._stop = threading.Event()

    def infer(self, **inputs: Array) -> tuple[Array, ...]:
        """Run the module, once for each element of the batch: the package has a batch of one.

        Raises:
            BackendError: the inputs do not fit the border table, or are of none of the package's sizes.
            Cancelled: the run was interrupted.
        """
        check_inputs(self._module, inputs)
        self._stop.clear()
        specs = MODULES[self._module].inputs
        batched = {spec.name for spec in specs if spec.axes[0] in ("batch", "planes")}
        length = max((len(inputs[name]) for name in batched), default=1)
        rows = [
            {name: array[row : row + 1] if name in batched else array for name, array in inputs.items()}
            for row in range(length)
        ]
        evaluator = self._fitting(rows[0])
        calls = [evaluator.run(row, stop=self._stop) for row in rows]
        shared = [spec.axes[0] == 1 for spec in MODULES[self._module].outputs]
        return tuple(
            calls[0][index] if once else np.concatenate([call[index] for call in calls])
            for index, once in enumerate(shared)
        )

    def interrupt(self) -> None:
        """End a running :meth:`infer` before its next operation."""
        self._stop.set()

    def _fitting(self, inputs: Mapping[str, Array]) -> Evaluator:
        found = {name: array.shape for name, array in inputs.items()}
        for evaluator in self._evaluators:
            if evaluator.shapes == found:
                return evaluator
        known = "; ".join(str(evaluator.shapes) for evaluator in self._evaluators)
        raise BackendError(
            f"{self._package.name}: expected inputs of {known}, found {found}. "
            "A Core ML package takes the sizes it was made for; export it for this one."
        )


def _check_border(program: Program, module: Module) -> None:
    expected = [spec.name for spec in MODULES[module].inputs], [spec.name for spec in MODULES[module].outputs]
    found = [variable.name for variable in program.inputs], list(program.outputs)
    if found != expected:
        raise BackendError(
            f"{program.path.name}: expected the inputs and outputs {expected} of {module}, found {found}. "
            "Export the bundle again."
        )
