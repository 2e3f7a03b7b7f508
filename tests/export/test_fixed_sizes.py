"""Graphs for one size: every axis of it is fixed, the batch stays free, and the numbers are the reference's."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from pia_edge._privacy import silence_runtimes
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize
from pia_edge.export import Precision, Recipe, to_onnx, to_openvino
from pia_edge.export.conversion import Conversion
from pia_edge.export.parity import difference, example_inputs
from pia_edge.modules import Module
from pia_edge.runtimes.reference import Reference

CLIP = ClipSize(frames=4, width=64, height=48)


@pytest.fixture
def conversion(tiny: Bundle) -> Conversion:
    return Conversion(tiny, Recipe(precision=Precision.FP32), (CLIP,))


def test_onnx(conversion: Conversion, tiny: Bundle, tmp_path: Path) -> None:
    to_onnx.convert(conversion, Module.VAE_DECODER, tmp_path)
    (given,) = onnx.load(tmp_path / "vae_decoder.onnx", load_external_data=False).graph.input
    lengths = [axis.dim_value for axis in given.type.tensor_type.shape.dim]
    assert lengths == [0, 4, 6, 8], "the batch has a name and no length"
    session = onnxruntime.InferenceSession(tmp_path / "vae_decoder.onnx", providers=["CPUExecutionProvider"])
    inputs = example_inputs(tiny, Module.VAE_DECODER, frames=4, height=6, width=8, seed=1)
    inputs = {name: np.repeat(array, 3, axis=0) for name, array in inputs.items()}
    expected = Reference().load(tiny, Module.VAE_DECODER, "cpu").infer(**inputs)
    assert difference(session.run(None, inputs), expected).psnr_db > 100


def test_openvino(conversion: Conversion, tiny: Bundle, tmp_path: Path) -> None:
    silence_runtimes()
    import openvino

    to_openvino.convert(conversion, Module.UNET, tmp_path)
    model = openvino.Core().read_model(tmp_path / "unet.xml")
    shapes = {port.get_any_name(): str(port.get_partial_shape()) for port in model.inputs}
    assert shapes["latents"] == "[?,4,4,6,8]"
    assert shapes["affinity"] == "[1,4]"
    assert str(model.outputs[0].get_partial_shape()) == "[?,4,4,6,8]"
    compiled = openvino.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    inputs = example_inputs(tiny, Module.UNET, frames=4, height=6, width=8, seed=1)
    expected = Reference().load(tiny, Module.UNET, "cpu").infer(**inputs)
    assert difference([compiled(inputs)["noise_pred"]], expected).psnr_db > 100
