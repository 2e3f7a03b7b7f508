"""Clips that experiments look at: made once, kept in a folder, and read from there when asked for again."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from pia_edge import AnimationPipeline, AnimationRequest, Motion, read_picture
from pia_edge.backend import Array
from pia_edge.bundle import Bundle
from pia_edge.image import Fit, fit_picture
from pia_edge.modules import Module
from pia_edge.runtimes import pick

STEPS = 12
FEWER_STEPS = 8
"""Where clips are long, or of several bases: six measured within 0.3 dB and 0.1 of flicker of those in 12 steps."""
SIZE = 128
SEEDS = (1, 2, 3)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One clip."""

    picture: Path
    prompt: str
    motion: Motion = field(default_factory=Motion)
    seed: int = 1
    num_frames: int | None = None
    steps: int = STEPS
    conditioned: bool = True
    """Whether the network is given the picture; without it, what the condition module says is zero."""


class WithoutCondition:
    """A backend whose condition module gives zeros."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)

    def load(self, bundle: Bundle, module: Module, device: str | None = None, *, exact: bool = False) -> Any:
        """Load a module as the backend itself does."""
        session = self._backend.load(bundle, module, device, exact=exact)
        return _Zeros(session) if module is Module.CONDITION else session


class _Zeros:
    def __init__(self, session: Any) -> None:
        self._session = session

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def infer(self, **inputs: Array) -> tuple[Array, ...]:
        return tuple(np.zeros_like(each) for each in self._session.infer(**inputs))


class Studio:
    """Makes clips with one bundle."""

    def __init__(self, bundle: Path, folder: Path) -> None:
        self._bundle, self._folder = Bundle.open(bundle), folder
        backend = pick(self._bundle, "auto").backend
        self._pipelines = {
            True: AnimationPipeline(self._bundle, backend),
            False: AnimationPipeline(self._bundle, WithoutCondition(backend)),  # type: ignore[arg-type]
        }

    def clip(self, asked: Asked) -> NDArray[np.uint8]:
        """Return the frames (frames, height, width, 3)."""
        key = msgspec.json.encode((self._bundle.sha256, SIZE, asked.picture.name, asked), enc_hook=str)
        path = self._folder / f"{hashlib.sha256(key).hexdigest()[:24]}.npz"
        if path.is_file():
            with np.load(path) as kept:
                return kept["frames"]  # type: ignore[no-any-return]
        request = AnimationRequest(
            prompt=asked.prompt,
            motion=asked.motion,
            seed=asked.seed,
            num_frames=asked.num_frames,
            size=(SIZE, SIZE),
            fit=Fit.CROP,
            num_inference_steps=asked.steps,
        )
        frames = self._pipelines[asked.conditioned].animate(read_picture(asked.picture), request).frames
        self._folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.npz")
        np.savez_compressed(partial, frames=frames)
        partial.replace(path)
        return frames


def held_out(folders: Sequence[Path]) -> list[Path]:
    """Return the pictures in ``folders``, in the order of their names."""
    kinds = {".jpg", ".jpeg", ".png", ".webp"}
    return sorted((path for folder in folders for path in folder.rglob("*") if path.suffix.lower() in kinds), key=str)


def shown(picture: Path) -> NDArray[np.uint8]:
    """Return a picture as the pipeline fits it, (height, width, 3)."""
    fitted = fit_picture(read_picture(picture).pixels, fit=Fit.CROP, size=(SIZE, SIZE), long_edge=SIZE, multiple=8)
    return fitted.pixels
