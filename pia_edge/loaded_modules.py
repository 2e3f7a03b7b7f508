"""The modules of a bundle, loaded when they are first run and let go of when they are no longer needed."""

from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np

from pia_edge.backend import Array, Backend, Session
from pia_edge.bundle import Bundle
from pia_edge.cancel import CancelToken
from pia_edge.device_choice import DeviceChoice
from pia_edge.errors import NumericError
from pia_edge.memory import give_back_memory
from pia_edge.modules import Module, border

OnNote = Callable[[str], object]
"""Told a sentence for the user."""


class LoadedModules:
    """Runs modules of one bundle on one backend, and checks that every result is finite.

    A module whose result is not is loaded once more, to compute in float32, and repeats the call; it stays so until the
    next clip begins. What half precision cannot hold in one module then costs neither the clip nor the speed of the
    others.
    """

    def __init__(self, bundle: Bundle, backend: Backend, devices: DeviceChoice) -> None:
        self._bundle, self._backend, self._devices = bundle, backend, devices
        self._sessions: dict[Module, Session] = {}
        self._calls: Counter[str] = Counter()
        self._planned: Mapping[str, int] = {}
        self._on_note: OnNote | None = None
        self.ran_on: dict[Module, str] = {}
        """Where each module ran last, as its runtime says."""
        self.retried: dict[str, int] = {}
        """The modules of this clip that compute in float32, and from which of their calls on, the first being 1."""

    def begin(self, planned: Mapping[str, int], on_note: OnNote | None) -> None:
        """Begin a clip, in which every module is at first what it is in a new pipeline.

        Args:
            planned: modules that gave NaN or infinity when this clip was made before, as :attr:`retried` says.
            on_note: told of every module that comes to compute in float32.
        """
        self.free(*(module for module in self._sessions if module in self.retried))
        self._calls.clear()
        self._planned, self.retried, self._on_note = planned, {}, on_note

    def run(self, module: Module, token: CancelToken, where: str = "", **inputs: Array) -> tuple[Array, ...]:
        """Run ``module`` once.

        Args:
            module: which.
            token: stops it when cancelled.
            where: for notes and errors: at which step or frame.
            **inputs: by the names of the border table.

        Raises:
            BackendError: it could not be loaded or run.
            NumericError: a result is not finite, in float32 neither.
            Cancelled: ``token`` was used.
        """
        token.check()
        self._calls[module] += 1
        if self._calls[module] == self._planned.get(module):
            self._turn_exact(module)
            self._note(f"{module} is computed in float32 from here on{where}, as when the clip was made first.")
        outputs = self._infer(module, token, inputs)
        broken = _not_finite(module, outputs)
        if broken and not self._sessions[module].exact:
            self._note(
                f"{module} returned {broken} with NaN or infinity{where} on {self._sessions[module].device}. It is "
                "computed again in float32, and so from here on, which takes longer; the recipe records it."
            )
            self._turn_exact(module)
            outputs = self._infer(module, token, inputs)
            broken = _not_finite(module, outputs)
        if broken:
            raise NumericError(
                f"{module} returned {broken} with NaN or infinity{where} on {self._backend.name} "
                f"({self._sessions[module].device}). Try another backend, or a bundle of higher precision."
            )
        return outputs

    def device_of(self, module: Module) -> str | None:
        """Return the device that was asked for; None leaves the choice to the backend."""
        return self._devices.of(module)

    def is_loaded(self, module: Module) -> bool:
        """Return whether ``module`` is ready to run."""
        return module in self._sessions

    def load(self, module: Module) -> Session:
        """Return ``module``, loaded if it is not yet.

        Raises:
            BackendError: it could not be loaded.
        """
        if module not in self._sessions:
            device = self._devices.of(module)
            self._sessions[module] = self._backend.load(self._bundle, module, device, exact=module in self.retried)
        return self._sessions[module]

    def free(self, *modules: Module) -> None:
        """Let go of ``modules``; they are loaded again when they are needed again."""
        for module in modules:
            self._sessions.pop(module, None)
        give_back_memory()

    def _infer(self, module: Module, token: CancelToken, inputs: dict[str, Array]) -> tuple[Array, ...]:
        session = self.load(module)
        with token.interrupting(session.interrupt):
            outputs = session.infer(**inputs)
        self.ran_on[module] = session.device
        return outputs

    def _turn_exact(self, module: Module) -> None:
        # Before the other is loaded, which may take twice the memory.
        self.free(module)
        self.retried[module.value] = self._calls[module]

    def _note(self, text: str) -> None:
        if self._on_note is not None:
            self._on_note(text)


def _not_finite(module: Module, outputs: tuple[Array, ...]) -> str | None:
    """Return the name of the first of ``outputs`` that holds NaN or infinity, or None."""
    for spec, output in zip(border(module).outputs, outputs, strict=True):
        # The sum of finite numbers is finite unless it overflows, and costs one pass without a temporary array.
        with np.errstate(invalid="ignore"):
            total = output.sum(dtype=np.float64)
        if not np.isfinite(total):
            return spec.name
    return None
