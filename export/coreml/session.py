"""Saved packages as sessions: what the gate of an export compares with the reference, on any machine."""

import importlib.util
from collections.abc import Sequence
from pathlib import Path

from pia_edge.backend import Array
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.bundle.mlpackage import DATA, MODEL
from pia_edge.errors import BackendError
from pia_edge.export.coreml.evaluator import Evaluator
from pia_edge.export.coreml.evaluator_arguments import Sums
from pia_edge.export.coreml.program import read_programs
from pia_edge.modules import Module
from pia_edge.runtimes.fixed_shapes import Chain, FixedShapes


class MilEvaluator:
    """A backend for proofs alone: it runs Core ML packages operation by operation, far slower than Core ML."""

    name = "evaluator"
    library = "coremltools"
    formats = (Format.COREML,)

    def unavailable(self) -> str | None:
        """Return why packages cannot be read here, or None."""
        return None if importlib.util.find_spec("coremltools") else "coremltools is not installed"

    def memory_use(self, bundle: Bundle, device: str | None = None) -> None:
        """Return None: proofs are not planned."""

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
    exact = True

    def __init__(self, packages: Sequence[Path], module: Module, sums: Sums = Sums.FLOAT32) -> None:
        """Check and read the packages, which run in this order.

        Raises:
            BundleError: a package holds what it must not.
            BackendError: one has an operation that the evaluator does not know, or together they have other functions,
                inputs or outputs.
        """
        programs = [read_programs(package) for package in packages]
        for package, each in zip(packages, programs, strict=True):
            if each.keys() != programs[0].keys():
                raise BackendError(
                    f"{package.name}: expected the functions {', '.join(programs[0])}, as in the first piece, found "
                    f"{', '.join(each)}. Export the bundle again."
                )
        chains = [Chain([Evaluator(each[name], sums) for each in programs]) for name in programs[0]]
        self._shapes = FixedShapes(module, packages[0].name, chains)

    def infer(self, **inputs: Array) -> tuple[Array, ...]:
        """Run the module, once for each element of the batch: the package has a batch of one.

        Raises:
            BackendError: the inputs do not fit the border table, or are of none of the package's sizes.
            Cancelled: the run was interrupted.
        """
        return self._shapes.infer(inputs)

    def interrupt(self) -> None:
        """End a running :meth:`infer` before its next operation."""
        self._shapes.interrupt()
