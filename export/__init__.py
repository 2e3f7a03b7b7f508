"""Export: a reference bundle to a bundle of another format, each module proven equal to the reference."""

from pia_edge.export.exporting import export
from pia_edge.export.precision import Precision
from pia_edge.export.recipe import Recipe
from pia_edge.export.targets import TARGETS

__all__ = ["TARGETS", "Precision", "Recipe", "export"]
