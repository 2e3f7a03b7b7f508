"""Every backend as it is here: its devices, and why it would not be taken for a bundle."""

from dataclasses import dataclass

from pia_edge.bundle import Bundle
from pia_edge.runtimes.choose import BACKENDS, refusals


@dataclass(frozen=True, kw_only=True)
class BackendState:
    """One backend on this machine."""

    backend: str
    devices: tuple[str, ...]
    """Preferred first."""
    refused: str | None
    """Why it cannot run the bundle here."""


def survey(bundle: Bundle) -> tuple[BackendState, ...]:
    """Return every backend in the order in which they are preferred; nothing but the manifest of ``bundle`` is read."""
    return tuple(
        BackendState(backend=name, devices=tuple(BACKENDS[name]().devices()), refused=reason)
        for name, reason in refusals(bundle).items()
    )


def taken(states: tuple[BackendState, ...]) -> str | None:
    """Return the backend that ``auto`` stands for, or None if there is none."""
    return next((state.backend for state in states if state.refused is None), None)
