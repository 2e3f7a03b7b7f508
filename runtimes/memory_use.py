"""What runtimes take of memory on processors, as benchmarks/memory.py measures it."""

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.memory_use import MemoryUse
from pia_edge.modules import Module

# Kernels, a third of the weights, are restored to the type that is computed in; matrices stay as they are stored.
_OPENVINO_BFLOAT16 = {"fp32": 2.1, "fp16": 1.13, "int8": 1.8, "int4": 1.9, "w8a8": 1.32}
_OPENVINO_FLOAT32 = {"fp32": 2.1, "fp16": 2.2, "int8": 2.4, "int4": 2.8, "w8a8": 1.32}
_ONNX = {"fp32": 1.1, "fp16": 0.9, "int8": 1.4, "int4": 1.6, "w8a8": 1.4}
_MIXED = 2.3
"""For bundles of recipes, whose layers are stored in several ways."""


def openvino_cpu(bundle: Bundle, *, bfloat16: bool) -> MemoryUse:
    """Return what OpenVINO takes; ``bfloat16`` says whether the processor computes in it."""
    weights = _OPENVINO_BFLOAT16 if bfloat16 else _OPENVINO_FLOAT32
    precision = _precision(bundle)
    half = bfloat16 and precision != "fp32"
    return MemoryUse(
        process=200_000_000,
        unet=weights.get(precision, _MIXED),
        others=3.0,
        values=29.0 if half else 74.0,
        # Graphs of ONNX have attention in pieces, which OpenVINO does not put together.
        scores=2.0 if bundle.manifest.format is Format.ONNX else 0.0,
        pixels=1700.0,
    )


def onnx_cpu(bundle: Bundle) -> MemoryUse:
    """Return what ONNX Runtime takes."""
    return MemoryUse(
        process=70_000_000,
        unet=_ONNX.get(_precision(bundle), _MIXED),
        others=1.5,
        values=146.0,
        scores=4.0,
        pixels=1700.0,
    )


def reference_cpu(bundle: Bundle) -> MemoryUse:
    """Return what PyTorch takes in float32."""
    stored = _precision(bundle)
    return MemoryUse(
        process=700_000_000,
        unet=1.05 if stored == "fp32" else 2.1,
        others=2.0,
        values=60.0,
        scores=0.0,
        pixels=2500.0,
    )


def _precision(bundle: Bundle) -> str:
    """Return that of the UNet, or "" for bundles for inspection, which have none."""
    artifact = bundle.manifest.modules.get(Module.UNET)
    return "" if artifact is None else artifact.precision
