"""ONNX Runtime on the processor."""

from dataclasses import replace
from pathlib import Path

import msgspec
import onnxruntime
import pytest

from pia_edge.bundle import Bundle
from pia_edge.export import Precision, Recipe
from pia_edge.export.conversion import Conversion
from pia_edge.export.parity import difference, example_inputs
from pia_edge.export.to_onnx import convert
from pia_edge.modules import Module
from pia_edge.runtimes.cpu import Cpu

LEVELS = onnxruntime.GraphOptimizationLevel


@pytest.mark.parametrize("precision", ["fp32", "fp16", "int8"])
def test_weights_of_16_bits_are_not_unpacked(precision: str, tiny: Bundle, tiny_onnx: Bundle) -> None:
    """They would be by the optimizer; without it the numbers are the same but for the order of sums."""
    artifact = msgspec.structs.replace(tiny_onnx.artifact(Module.UNET), precision=precision)
    modules = {**tiny_onnx.manifest.modules, Module.UNET: artifact}
    named = replace(tiny_onnx, manifest=msgspec.structs.replace(tiny_onnx.manifest, modules=modules))
    session = Cpu().load(named, Module.UNET)
    level = session._session.get_session_options().graph_optimization_level
    assert level == (LEVELS.ORT_DISABLE_ALL if precision == "fp16" else LEVELS.ORT_ENABLE_ALL)
    inputs = example_inputs(tiny, Module.UNET, frames=3, height=8, width=8, seed=1)
    assert difference(session.infer(**inputs), Cpu().load(tiny_onnx, Module.UNET).infer(**inputs)).psnr_db > 100


def test_proofs_do_not_round_what_meets_8_bit_weights(tiny: Bundle, tiny_onnx: Bundle, tmp_path: Path) -> None:
    convert(Conversion(tiny, Recipe(precision=Precision.INT8)), Module.UNET, tmp_path)
    eight = replace(tiny_onnx, path=tmp_path)
    inputs = example_inputs(tiny, Module.UNET, frames=3, height=8, width=8, seed=1)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = LEVELS.ORT_DISABLE_ALL
    plain = onnxruntime.InferenceSession(eight.graph(Module.UNET), options, providers=["CPUExecutionProvider"])
    proven = Cpu().load(eight, Module.UNET, exact=True).infer(**inputs)
    assert difference(proven, plain.run(None, inputs)).psnr_db > 110
