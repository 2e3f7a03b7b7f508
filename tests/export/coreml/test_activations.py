"""8-bit inputs in Core ML packages: the pairs stand where they must, and what they cost is within the limit."""

from pathlib import Path

import pytest

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize
from pia_edge.export import Precision, Recipe
from pia_edge.export.calibration import measure_ranges
from pia_edge.export.conversion import Conversion
from pia_edge.export.coreml.program import read_programs
from pia_edge.export.coreml.session import MilSession
from pia_edge.export.coreml.size import example
from pia_edge.export.parity import difference
from pia_edge.export.precision import THRESHOLDS
from pia_edge.export.to_coreml import convert
from pia_edge.modules import Module
from pia_edge.runtimes.reference import Reference

CLIP = ClipSize(frames=3, width=32, height=48)


def test_inputs_in_8_bits(tiny: Bundle, tmp_path: Path) -> None:
    recipe = Recipe(precision=Precision.W8A8)
    ranges = measure_ranges(tiny, recipe)
    convert(Conversion(tiny, recipe, (CLIP,), ranges), Module.UNET, tmp_path)
    package = tmp_path / "unet.mlpackage"
    (program,) = read_programs(package).values()
    makers = {operation.outputs[0].name: operation for operation in program.operations}
    kinds = [operation.kind for operation in program.operations]
    assert kinds.count("quantize") == kinds.count("dequantize") <= len(ranges)
    stored = [
        operation
        for operation in program.operations
        if operation.kind in ("conv", "linear")
        and (maker := makers.get(operation.inputs["x"][0])) is not None
        and maker.kind == "dequantize"
    ]
    assert len(stored) == len(ranges)
    inputs = example(tiny, Module.UNET, CLIP, seed=5)
    expected = Reference().load(tiny, Module.UNET, "cpu").infer(**inputs)
    decibels = difference(MilSession([package], Module.UNET).infer(**inputs), expected).psnr_db
    assert THRESHOLDS[Precision.W8A8].minimum_db < decibels < 55
    scales = [
        float(program.constant(makers[name].inputs["scale"][0])) for name in makers if makers[name].kind == "quantize"
    ]
    assert min(scales) > 0
    largest = max(max(abs(given.low), abs(given.high)) for given in ranges.values()) / 127
    assert max(scales) == pytest.approx(largest, rel=1e-3)
