"""Import: the models that people have, in any of their layouts, turned into a reference bundle."""

from pia_edge.importer.importing import import_bundle
from pia_edge.importer.lora import LoraScaling
from pia_edge.importer.plan import Plan, make_plan
from pia_edge.importer.request import ImportRequest, NamedPath, Precision, ScaledPath
from pia_edge.nn.config import NormMode
from pia_edge.nn.weights import ConvIn

__all__ = [
    "ConvIn",
    "ImportRequest",
    "LoraScaling",
    "NamedPath",
    "NormMode",
    "Plan",
    "Precision",
    "ScaledPath",
    "import_bundle",
    "make_plan",
]
