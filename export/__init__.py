"""Export: a reference bundle to a bundle of another format, each module proven equal to the reference."""

from pia_edge.export.exporting import TARGETS, export
from pia_edge.export.precision import Precision
from pia_edge.export.recipe import Recipe

__all__ = ["TARGETS", "Precision", "Recipe", "export"]
