"""The seam between pipeline and runtimes: what a backend and a loaded module must offer."""

from collections.abc import Sequence
from typing import Any, Protocol

from numpy.typing import NDArray

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.errors import BackendError
from pia_edge.memory_use import MemoryUse
from pia_edge.modules import Module, border

Array = NDArray[Any]


class Session(Protocol):
    """A module that is loaded and ready to run."""

    @property
    def device(self) -> str:
        """Where the module really runs, as the runtime says after loading."""

    @property
    def exact(self) -> bool:
        """Whether it is as exact as the backend can be: loading it with ``exact`` would change no number."""

    def infer(self, **inputs: Array) -> tuple[Array, ...]:
        """Run once; inputs by the names of the border table, outputs in its order."""

    def interrupt(self) -> None:
        """Make a running :meth:`infer` end soon; called from another thread. The session stays usable."""


class Backend(Protocol):
    """A way to run a bundle's modules on one kind of hardware."""

    @property
    def name(self) -> str:
        """What ``--backend`` calls it."""

    @property
    def library(self) -> str:
        """The module whose version decides the numbers; clips record it."""

    @property
    def formats(self) -> tuple[Format, ...]:
        """The bundle formats it runs."""

    def unavailable(self) -> str | None:
        """Return why this backend cannot run here, or None if it can."""

    def devices(self) -> Sequence[str]:
        """Return the devices it finds, preferred first; empty if it is unavailable."""

    def load(self, bundle: Bundle, module: Module, device: str | None = None, *, exact: bool = False) -> Session:
        """Load ``module`` on ``device`` (None: the preferred one).

        Args:
            bundle: what holds it.
            module: which module.
            device: one of :meth:`devices`.
            exact: compute in float32 where the device would round to fewer bits what the bundle does not, for proofs
                and for what overflows, and rather slowly than in much memory. If ``device`` cannot, another one of
                the backend does it, and :attr:`Session.device` says which.

        Raises:
            BackendError: the device does not exist, refused the module, or is not the one that was asked for.
        """

    def memory_use(self, bundle: Bundle, device: str | None = None) -> MemoryUse | None:
        """Return what modules of ``bundle`` take on ``device``, or None if that has not been measured."""


def check_inputs(module: Module, inputs: dict[str, Array]) -> None:
    """Check names, dtypes and shapes of a module's inputs against the border table before a runtime sees them.

    Raises:
        BackendError: the first input that does not fit.
    """
    specs = border(module).inputs
    names = [spec.name for spec in specs]
    if set(names) != inputs.keys():
        raise BackendError(f"{module}: expected the inputs {', '.join(names)}, found {', '.join(inputs)}.")
    bound: dict[str, int] = {}
    for spec in specs:
        array = inputs[spec.name]
        problem = spec.check(array.shape, str(array.dtype), bound)
        if problem:
            raise BackendError(f"{module}: {problem}.")
