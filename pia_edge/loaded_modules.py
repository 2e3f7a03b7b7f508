"""The modules of a bundle, loaded when they are first run and let go of when they are no longer needed."""

import numpy as np

from pia_edge.backend import Array, Backend, Session
from pia_edge.bundle import Bundle
from pia_edge.cancel import CancelToken
from pia_edge.device_choice import DeviceChoice
from pia_edge.errors import NumericError
from pia_edge.memory import give_back_memory
from pia_edge.modules import Module, border


class LoadedModules:
    """Runs modules of one bundle on one backend, and checks that every result is finite."""

    def __init__(self, bundle: Bundle, backend: Backend, devices: DeviceChoice) -> None:
        self._bundle, self._backend, self._devices = bundle, backend, devices
        self._sessions: dict[Module, Session] = {}
        self.ran_on: dict[Module, str] = {}
        """Where each module ran last, as its runtime says."""

    def run(self, module: Module, token: CancelToken, where: str = "", **inputs: Array) -> tuple[Array, ...]:
        """Run ``module`` once.

        Args:
            module: which.
            token: stops it when cancelled.
            where: for errors: at which step or frame.
            **inputs: by the names of the border table.

        Raises:
            BackendError: it could not be loaded or run.
            NumericError: a result is not finite.
            Cancelled: ``token`` was used.
        """
        token.check()
        if module not in self._sessions:
            self._sessions[module] = self._backend.load(self._bundle, module, self._devices.of(module))
        session = self._sessions[module]
        with token.interrupting(session.interrupt):
            outputs = session.infer(**inputs)
        self.ran_on[module] = session.device
        for spec, output in zip(border(module).outputs, outputs, strict=True):
            # The sum of finite numbers is finite unless it overflows, and costs one pass without a temporary array.
            with np.errstate(invalid="ignore"):
                total = output.sum(dtype=np.float64)
            if not np.isfinite(total):
                raise NumericError(
                    f"{module} returned {spec.name} with NaN or infinity{where} on {self._backend.name} "
                    f"({session.device}). Try another --backend, or a bundle of higher precision."
                )
        return outputs

    def device_of(self, module: Module) -> str | None:
        """Return the device that was asked for; None leaves the choice to the backend."""
        return self._devices.of(module)

    def free(self, *modules: Module) -> None:
        """Let go of ``modules``; they are loaded again when they are needed again."""
        for module in modules:
            self._sessions.pop(module, None)
        give_back_memory()
