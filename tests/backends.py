"""The backends that run here and take the tiny network in PyTorch or ONNX."""

from pia_edge.bundle.manifest import Format
from pia_edge.runtimes import BACKENDS

_BUNDLES = {Format.TORCH, Format.ONNX}
PRESENT = [
    name for name, make in BACKENDS.items() if make().unavailable() is None and not _BUNDLES.isdisjoint(make().formats)
]
