"""What every target is told: which model, how its weights are stored, which clips it is for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Artifact, ClipSize
from pia_edge.export.recipe import Recipe
from pia_edge.modules import MODULES, Module

_BATCHES = frozenset({"batch", "planes"})
_SIZES = frozenset({"frames", "gains", "height", "width", "latent_height", "latent_width"})


@dataclass(frozen=True)
class Range:
    """The least and the largest value that a layer was given."""

    low: float
    high: float

    def quantizer(self) -> tuple[np.float32, int]:
        """Return scale and zero point that bring the range, and zero, to 0 … 255; zero itself stays exact."""
        low, high = min(self.low, 0.0), max(self.high, 0.0)
        scale = np.float32(max(high - low, 1e-12) / 255)
        return scale, int(np.clip(np.rint(-low / scale), 0, 255))


@dataclass(frozen=True)
class Conversion:
    """One export, whatever its target."""

    reference: Bundle
    """A bundle of format ``torch``."""
    recipe: Recipe
    clips: tuple[ClipSize, ...] = ()
    """The only clips that the graphs take, of one picture; if empty, frames, height and width stay free, and the planes
    of a second picture have room."""
    ranges: Mapping[str, Range] = field(default_factory=dict)
    """What each layer of the UNet is given, by the name of its weight, where the recipe stores inputs in 8 bits."""
    piece_size: int | None = None
    """Bytes that a Core ML package may have; modules with more weights become several. If None, they never do."""
    modules: tuple[Module, ...] = tuple(MODULES)
    """What the bundle is to hold."""

    @property
    def free_axes(self) -> frozenset[str]:
        """Axes of the border table whose lengths a graph leaves open."""
        return _BATCHES if self.clips else _BATCHES | _SIZES

    def latent_size(self, *, frames: int, height: int, width: int) -> tuple[int, int, int]:
        """Return frames, latent height and width of the first clip, or what is given where any will do."""
        if not self.clips:
            return frames, height, width
        scale = self.reference.manifest.vae.downscale
        return self.clips[0].frames, self.clips[0].height // scale, self.clips[0].width // scale


Convert = Callable[[Conversion, Module, Path], Artifact]
"""How a target writes one module: its files into a folder, and what they are."""
