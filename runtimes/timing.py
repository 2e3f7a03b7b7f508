"""How long each module of a bundle takes on a device, and what a whole clip would."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from pia_edge.backend import Array, Backend
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize
from pia_edge.cancel import CancelToken
from pia_edge.modules import Module
from pia_edge.runtimes.example_run import example_run


@dataclass(frozen=True, kw_only=True)
class Timed:
    """One module on one device, in seconds."""

    module: Module
    device: str
    """Where it ran, as the runtime says."""
    first: float
    """Loading, compiling and the first run."""
    run: float
    """The median of the runs after it."""
    fastest: float


def time_modules(
    bundle: Bundle,
    backend: Backend,
    device: str | None,
    clip: ClipSize,
    *,
    runs: int,
    on_module: Callable[[Timed], object] | None = None,
    cancel: CancelToken | None = None,
) -> list[Timed]:
    """Load every module, run it once and then ``runs`` times; one is let go of before the next is loaded.

    Args:
        bundle: whose modules.
        backend: what runs them.
        device: one of its devices; None leaves the choice to it.
        clip: frames and size; guidance is on, so that the UNet has a batch of two.
        runs: how many runs are timed.
        on_module: told each result.
        cancel: stops the work within a run.

    Raises:
        BackendError: a module could not be loaded or run.
        Cancelled: ``cancel`` was used.
    """
    token, found = cancel or CancelToken(), []

    def run(module: Module, inputs: dict[str, Array]) -> tuple[Array, ...]:
        token.check()
        started = time.perf_counter()
        session = backend.load(bundle, module, device)
        with token.interrupting(session.interrupt):
            outputs = session.infer(**inputs)
            first = time.perf_counter() - started
            seconds = []
            for _ in range(runs):
                started = time.perf_counter()
                outputs = session.infer(**inputs)
                seconds.append(time.perf_counter() - started)
        timed = Timed(
            module=module, device=session.device, first=first, run=statistics.median(seconds), fastest=min(seconds)
        )
        found.append(timed)
        if on_module is not None:
            on_module(timed)
        return outputs

    example_run(bundle, clip, run)
    return found


def clip_seconds(timed: list[Timed], *, steps: int, frames: int) -> float:
    """Return what a whole clip takes, loading and compiling included."""
    times = {Module.UNET: steps, Module.VAE_DECODER: frames}
    return sum(each.first + (times.get(each.module, 1) - 1) * each.run for each in timed)
