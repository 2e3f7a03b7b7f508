"""Whether a device computes what it should: every module of a bundle on it, against the processor of this machine."""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pia_edge.backend import Array, Backend, Session
from pia_edge.bundle import Bundle
from pia_edge.bundle.layout import layout_of
from pia_edge.errors import BackendError, PiaError
from pia_edge.modules import Module
from pia_edge.runtimes.choose import BACKENDS
from pia_edge.runtimes.example_run import example_run, usual_clip

LEAST_DB = 35.0
"""What half precision stays well above, and a wrong result does not reach."""
_EDGE = 128
_PROCESSORS = (("intel", "CPU"), ("cpu", "CPU"), ("apple", "cpu"), ("reference", "cpu"))


@dataclass(frozen=True)
class Call:
    """What a module was given, and what the processor made of it."""

    module: Module
    inputs: dict[str, Array]
    outputs: tuple[Array, ...]


@dataclass(frozen=True, kw_only=True)
class Tested:
    """One module on one device."""

    module: Module
    device: str
    """Where it ran, as the runtime says."""
    psnr_db: float
    """Against the processor; the peak is the largest value there."""
    load_seconds: float
    run_seconds: float
    """Of the second run: the first one compiles."""

    @property
    def passed(self) -> bool:
        """Whether it is what the processor computes, but for half precision."""
        return self.psnr_db >= LEAST_DB


def processor_for(bundle: Bundle, tested: str) -> tuple[Backend, str]:
    """Return what computes the expected results for the backend ``tested``: another one, if another runs here.

    Raises:
        BackendError: nothing here runs the bundle on the processor.
    """
    # Last of all the one that would be compared with itself.
    for name, device in sorted(_PROCESSORS, key=lambda each: each[0] == tested):
        backend = BACKENDS[name]()
        if bundle.manifest.format in backend.formats and backend.unavailable() is None:
            return backend, device
    raise BackendError(
        f"Nothing here runs {bundle.manifest.format} bundles on the processor to compare with. Test another bundle."
    )


def expected_calls(bundle: Bundle, backend: Backend, device: str) -> list[Call]:
    """Run every module on the processor, each on what those before it gave, in float32.

    Raises:
        PiaError: the processor cannot run the bundle.
    """
    calls: list[Call] = []

    def run(module: Module, inputs: dict[str, Array]) -> tuple[Array, ...]:
        outputs = backend.load(bundle, module, device, exact=True).infer(**inputs)
        calls.append(Call(module, inputs, outputs))
        return outputs

    # A small clip that shows everything: with as many frames as heads, which one runtime took for each other.
    frames = min(layout_of(bundle.manifest).heads, bundle.manifest.frames.maximum)
    example_run(bundle, usual_clip(bundle, frames=frames, edge=_EDGE), run)
    return calls


def try_device(bundle: Bundle, backend: Backend, device: str, calls: Sequence[Call]) -> Iterator[Tested | PiaError]:
    """Yield for each of ``calls`` how ``device`` does it, or why it cannot."""
    for call in calls:
        try:
            yield _tested(bundle, backend, device, call)
        except PiaError as error:
            yield error


def _tested(bundle: Bundle, backend: Backend, device: str, call: Call) -> Tested:
    started = time.perf_counter()
    session: Session = backend.load(bundle, call.module, device)
    session.infer(**call.inputs)
    loaded = time.perf_counter()
    outputs = session.infer(**call.inputs)
    return Tested(
        module=call.module,
        device=session.device,
        psnr_db=min(map(_psnr, outputs, call.outputs)),
        load_seconds=loaded - started,
        run_seconds=time.perf_counter() - loaded,
    )


def _psnr(found: Array, expected: Array) -> float:
    if found.shape != expected.shape or not np.isfinite(found).all():
        return -math.inf
    rmse = float(np.sqrt(np.mean(np.square(found.astype(np.float64) - expected))))
    return 20 * math.log10(max(float(np.abs(expected).max()), 1e-30) / rmse) if rmse else math.inf
