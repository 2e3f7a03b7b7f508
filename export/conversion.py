"""What every target is told: which model, how its weights are stored, which clips it is for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Artifact, ClipSize
from pia_edge.export.recipe import Recipe
from pia_edge.modules import Module


@dataclass(frozen=True)
class Range:
    """The least and the largest value that a layer was given."""

    low: float
    high: float


@dataclass(frozen=True)
class Conversion:
    """One export, whatever its target."""

    reference: Bundle
    """A bundle of format ``torch``."""
    recipe: Recipe
    clips: tuple[ClipSize, ...] = ()
    """The only clips that the graphs take; if empty, frames, height and width stay free."""
    ranges: Mapping[str, Range] = field(default_factory=dict)
    """What each layer of the UNet is given, by the name of its weight, where the recipe stores inputs in 8 bits."""


Convert = Callable[[Conversion, Module, Path], Artifact]
"""How a target writes one module: its files into a folder, and what they are."""
