"""Choosing a backend: the first in order that can run the bundle here, with the reason for each refusal."""

from collections.abc import Callable
from dataclasses import dataclass

from pia_edge.backend import Backend
from pia_edge.bundle import Bundle
from pia_edge.errors import BackendError
from pia_edge.memory import all_memory
from pia_edge.memory_plan import LEANEST, ClipShape, estimate
from pia_edge.runtimes.example_run import usual_clip


def _apple() -> Backend:
    from pia_edge.runtimes.apple import Apple

    return Apple()


def _cuda() -> Backend:
    from pia_edge.runtimes.cuda import Cuda

    return Cuda()


def _intel() -> Backend:
    from pia_edge.runtimes.intel import Intel

    return Intel()


def _cpu() -> Backend:
    from pia_edge.runtimes.cpu import Cpu

    return Cpu()


def _reference() -> Backend:
    from pia_edge.runtimes.reference import Reference

    return Reference()


BACKENDS: dict[str, Callable[[], Backend]] = {
    "apple": _apple,
    "cuda": _cuda,
    "intel": _intel,
    "cpu": _cpu,
    "reference": _reference,
}
"""All backends in the order in which they are preferred."""


@dataclass(frozen=True)
class Choice:
    """The backend that was taken, and why each one before it was not."""

    backend: Backend
    refused: dict[str, str]


def refusals(bundle: Bundle) -> dict[str, str | None]:
    """Return for every backend why it cannot run ``bundle`` here, or None if it can."""
    return {name: _refusal(make(), bundle) for name, make in BACKENDS.items()}


def pick(bundle: Bundle, backend: str = "auto") -> Choice:
    """Return the backend for ``bundle``: the one asked for, or the first that can run it.

    Raises:
        BackendError: the name is unknown, the backend asked for cannot run the bundle, or none can.
    """
    if backend != "auto" and backend not in BACKENDS:
        raise BackendError(f"Expected a backend out of auto, {', '.join(BACKENDS)}; found {backend!a}.")
    refused: dict[str, str] = {}
    for name, make in BACKENDS.items():
        if backend not in ("auto", name):
            continue
        candidate = make()
        reason = _refusal(candidate, bundle)
        if reason is None:
            return Choice(candidate, refused)
        refused[name] = reason
    lines = "\n".join(f"  {name}: {reason}" for name, reason in refused.items())
    raise BackendError(
        f"No backend can run the bundle {bundle.manifest.name!a} ({bundle.manifest.format}) here.\n{lines}"
    )


def _refusal(backend: Backend, bundle: Bundle) -> str | None:
    if bundle.manifest.format not in backend.formats:
        return f"runs {' and '.join(backend.formats)} bundles, not {bundle.manifest.format}"
    return backend.unavailable() or _too_large(backend, bundle)


def _too_large(backend: Backend, bundle: Bundle) -> str | None:
    """Why even a clip of one frame cannot fit into this machine, or None."""
    use = backend.memory_use(bundle)
    if use is None:
        return None
    clip = usual_clip(bundle)
    shape = ClipShape(frames=1, width=clip.width, height=clip.height, guided=False)
    needed, there = estimate(bundle, use, shape, LEANEST).peak or 0, all_memory()
    if needed <= there:
        return None
    return f"needs about {needed / 1e9:.1f} GB of memory, and there are {there / 1e9:.1f}; take fewer bits"
