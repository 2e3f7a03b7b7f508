"""8-bit weights and inputs in ONNX and OpenVINO: exact enough, and really computed in integers."""

import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import numpy_helper

from pia_edge._privacy import silence_runtimes
from pia_edge.backend import Array
from pia_edge.bundle import Bundle
from pia_edge.bundle.ir_check import check_ir
from pia_edge.export import Precision, Recipe, to_onnx, to_openvino
from pia_edge.export.calibration import measure_ranges
from pia_edge.export.conversion import Conversion, Range
from pia_edge.export.parity import difference, example_inputs
from pia_edge.export.precision import THRESHOLDS
from pia_edge.modules import Module
from pia_edge.runtimes.reference import Reference

W8A8 = Recipe(precision=Precision.W8A8)
Infer = Callable[[dict[str, Array]], list[Array]]


@pytest.fixture(scope="module")
def ranges(tiny: Bundle) -> dict[str, Range]:
    return measure_ranges(tiny, W8A8)


@pytest.fixture(scope="module")
def folder(tiny: Bundle, ranges: dict[str, Range], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The UNet in both formats."""
    path = tmp_path_factory.mktemp("w8a8")
    for target in (to_onnx, to_openvino):
        target.convert(Conversion(tiny, W8A8, (), ranges), Module.UNET, path)
    return path


def compiled(folder: Path) -> Any:
    silence_runtimes()
    import openvino

    model = openvino.Core().read_model(folder / "unet.xml")
    return openvino.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})


@pytest.mark.parametrize("target", ["onnx", "openvino"])
def test_inputs_that_calibration_never_saw(target: str, folder: Path, tiny: Bundle) -> None:
    inputs = example_inputs(tiny, Module.UNET, frames=5, height=6, width=9, seed=4)
    if target == "onnx":
        found = onnxruntime.InferenceSession(folder / "unet.onnx", providers=["CPUExecutionProvider"]).run(None, inputs)
    else:
        found = [compiled(folder)(inputs)["noise_pred"]]
    decibels = difference(found, Reference().load(tiny, Module.UNET, "cpu").infer(**inputs)).psnr_db
    assert THRESHOLDS[Precision.W8A8].minimum_db < decibels < 60


def test_openvino_computes_in_integers(folder: Path, ranges: dict[str, Range]) -> None:
    found = set()
    for node in compiled(folder).get_runtime_model().get_ordered_ops():
        info = node.get_rt_info()
        is_layer = info["layerType"].astype(str) in ("Convolution", "FullyConnected")
        # Signed where the range is symmetric, which saves the zero point.
        if is_layer and info["runtimePrecision"].astype(str) in ("u8", "i8"):
            found.add(node.get_friendly_name().removeprefix("__module.").partition("/")[0] + ".weight")
    if not found:
        pytest.skip("this processor has no 8-bit products")
    assert found == set(ranges)


def test_onnx_runtime_multiplies_matrices_in_integers(folder: Path, ranges: dict[str, Range], tmp_path: Path) -> None:
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "optimized.onnx")
    options.log_severity_level = 3
    onnxruntime.InferenceSession(folder / "unet.onnx", options, providers=["CPUExecutionProvider"])
    nodes = onnx.load(tmp_path / "optimized.onnx", load_external_data=False).graph.node
    kinds = Counter(node.op_type for node in nodes)
    convolutions = sum("conv" in name for name in ranges)
    assert kinds["MatMulIntegerToFloat"] + kinds["QGemm"] >= 0.9 * (len(ranges) - convolutions)


def test_onnx_holds_the_measured_ranges(folder: Path, ranges: dict[str, Range]) -> None:
    """Every pair's scale and zero point are those of a range, and layers of one input share a pair."""
    graph = onnx.load(folder / "unet.onnx", load_external_data=False).graph
    constants = {tensor.name: tensor for tensor in graph.initializer}
    expected = {tuple(given.quantizer()) for given in ranges.values()}
    pairs = [node for node in graph.node if node.op_type == "QuantizeLinear"]
    for node in pairs:
        scale, zero = (numpy_helper.to_array(constants[name]) for name in node.input[1:])
        assert zero.dtype == np.uint8
        assert (np.float32(scale), int(zero)) in expected
    assert len(pairs) == len({node.input[0] for node in pairs}) <= len(ranges)


def test_a_layer_in_numpy(folder: Path, ranges: dict[str, Range]) -> None:
    """One linear layer of the ONNX graph by hand: rounded input times rounded weight."""
    name = next(name for name in sorted(ranges) if ".ff." in name)
    graph = onnx.load(folder / "unet.onnx").graph
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    weight = constants[f"{name}.stored"].astype(np.float64) * constants[f"{name}.scale"]
    layer = next(node for node in graph.node if name in node.input)
    scale, zero = ranges[name].quantizer()
    x = np.random.default_rng(0).uniform(ranges[name].low, ranges[name].high, (3, weight.shape[0]))
    by_hand = (np.clip(np.rint(x.astype(np.float32) / scale) + zero, 0, 255) - zero) * scale @ weight
    (pair,) = [node for node in graph.node if node.output[0] == layer.input[0]]
    (rounding,) = [node for node in graph.node if node.output[0] == pair.input[0]]
    model = onnx.helper.make_model(
        onnx.helper.make_graph(
            [rounding, pair, *(node for node in graph.node if name in node.output), layer],
            "layer",
            [onnx.helper.make_tensor_value_info(rounding.input[0], onnx.TensorProto.FLOAT, [3, weight.shape[0]])],
            [onnx.helper.make_tensor_value_info(layer.output[0], onnx.TensorProto.FLOAT, None)],
            [tensor for tensor in graph.initializer if tensor.name.startswith((name, *rounding.input[1:]))],
        ),
        opset_imports=[onnx.helper.make_opsetid("", to_onnx.OPSET)],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (found,) = onnx.reference.ReferenceEvaluator(model).run(None, {rounding.input[0]: x.astype(np.float32)})
    np.testing.assert_allclose(found, by_hand, atol=1e-5 * np.abs(by_hand).max())


def test_equal_bytes_and_a_graph_that_may_be_opened(
    folder: Path, tiny: Bundle, ranges: dict[str, Range], tmp_path: Path
) -> None:
    to_openvino.convert(Conversion(tiny, W8A8, (), ranges), Module.UNET, tmp_path)
    for name in ("unet.xml", "unet.bin"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name
    check_ir(folder / "unet.xml", weights=(folder / "unet.bin").stat().st_size)
