"""A backend that runs a real one and changes what chosen calls return, or does something before them."""

from collections.abc import Callable, Sequence

from pia_edge.backend import Array, Backend, Session
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.memory_use import MemoryUse
from pia_edge.modules import Module

Change = Callable[[Module, int, tuple[Array, ...]], tuple[Array, ...]]
"""Module, how many of its calls came before, real outputs -> outputs."""


class InjectedBackend:
    """Everything as the real backend does it, but for ``change``; keeps the inputs of every call."""

    def __init__(self, real: Backend, change: Change, exactly: Change | None = None) -> None:
        """Change what sessions return by ``change``.

        Args:
            real: what computes.
            change: what becomes of its outputs.
            exactly: the same for sessions that were loaded to be exact, which the others then say they are not.
        """
        self._real = real
        self._change = change
        self._exactly = exactly
        self.calls: list[tuple[Module, dict[str, Array]]] = []
        self.loads: list[tuple[Module, bool]] = []
        """Every module that was loaded, and whether to be exact."""

    @property
    def name(self) -> str:
        return self._real.name

    @property
    def library(self) -> str:
        return self._real.library

    @property
    def formats(self) -> tuple[Format, ...]:
        return self._real.formats

    def unavailable(self) -> str | None:
        return self._real.unavailable()

    def devices(self) -> Sequence[str]:
        return self._real.devices()

    def memory_use(self, bundle: Bundle, device: str | None = None) -> MemoryUse | None:
        return self._real.memory_use(bundle, device)

    def load(
        self, bundle: Bundle, module: Module, device: str | None = None, *, exact: bool = False
    ) -> "InjectedSession":
        self.loads.append((module, exact))
        real = self._real.load(bundle, module, device, exact=exact)
        if self._exactly is None:
            return InjectedSession(self, module, real, self._change, exact=real.exact)
        return InjectedSession(self, module, real, self._exactly if exact else self._change, exact=exact)


class InjectedSession:
    def __init__(self, backend: InjectedBackend, module: Module, real: Session, change: Change, *, exact: bool) -> None:
        self._backend = backend
        self.exact = exact
        self._module = module
        self._real = real
        self._change = change
        self._count = 0

    @property
    def device(self) -> str:
        return self._real.device

    def infer(self, **inputs: Array) -> tuple[Array, ...]:
        self._backend.calls.append((self._module, inputs))
        outputs = self._real.infer(**inputs)
        self._count += 1
        return self._change(self._module, self._count - 1, outputs)

    def interrupt(self) -> None:
        self._real.interrupt()


def unchanged(_module: Module, _count: int, outputs: tuple[Array, ...]) -> tuple[Array, ...]:
    return outputs
