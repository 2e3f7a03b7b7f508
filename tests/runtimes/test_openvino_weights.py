"""Weights in a file of their own, and gated layers in halves, compute what the graph did before."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from pia_edge._privacy import silence_runtimes
from pia_edge.backend import Array
from pia_edge.bundle import Bundle
from pia_edge.export import Precision, Recipe
from pia_edge.export.calibration import measure_ranges
from pia_edge.export.conversion import Conversion
from pia_edge.export.parity import example_inputs
from pia_edge.export.to_openvino import convert
from pia_edge.modules import Module
from pia_edge.runtimes import openvino_weights
from pia_edge.runtimes.mapped_file import MappedFile
from pia_edge.runtimes.openvino_halves import multiply_by_halves
from pia_edge.runtimes.openvino_weights import Computed, place_weights, store_weights, to_bfloat16

EXACT = {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0"}


def test_bfloat16_is_that_of_pytorch() -> None:
    random = np.random.default_rng(0)
    values = (random.standard_normal(10**5) * 10.0 ** random.integers(-38, 38, 10**5)).astype(np.float32)
    ties = (random.integers(0, 2**15, 1000, np.uint32) << 16 | 0x8000).view(np.float32)
    values = np.concatenate([values, ties[np.isfinite(ties)], np.array([0, -0.0, np.inf, -np.inf], np.float32)])
    theirs = torch.from_numpy(values).bfloat16().view(torch.int16).numpy().view(np.uint16)
    np.testing.assert_array_equal(to_bfloat16(values), theirs)


@pytest.fixture(scope="module", params=[Precision.FP16, Precision.INT8, Precision.INT4, Precision.W8A8])
def precision(request: pytest.FixtureRequest) -> Precision:
    return Precision(request.param)


@pytest.fixture(scope="module")
def graph(precision: Precision, tiny: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny UNet in OpenVINO."""
    folder = tmp_path_factory.mktemp("stored")
    recipe = Recipe(precision=precision)
    ranges = measure_ranges(tiny, recipe) if precision is Precision.W8A8 else {}
    convert(Conversion(tiny, recipe, ranges=ranges), Module.UNET, folder)
    return folder / "unet.xml"


@pytest.fixture(autouse=True)
def all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openvino_weights, "_SMALL", 64)


def opened(graph: Path) -> Any:
    silence_runtimes()
    import openvino

    return openvino.Core().read_model(graph)


def run(model: Any, inputs: dict[str, Array], config: dict[str, str]) -> Array:
    import openvino

    result = openvino.Core().compile_model(model, "CPU", config)(inputs)[0]
    return np.array(result, np.float32)


def kinds(model: Any) -> list[str]:
    return [node.get_type_name() for node in model.get_ordered_ops()]


def noise(found: Array, wanted: Array) -> float:
    """The noise in ``found`` for a signal of one, in decibels."""
    return float(10 * np.log10(1e-20 + np.square(found - wanted).mean() / np.square(wanted).mean()))


def test_halves_give_the_same(precision: Precision, graph: Path, tiny: Bundle) -> None:
    inputs = example_inputs(tiny, Module.UNET, frames=3, height=8, width=8, seed=0)
    before, model = opened(graph), opened(graph)
    multiply_by_halves(model)
    assert kinds(before).count("VariadicSplit") > 0
    if precision is not Precision.INT4:  # 4-bit constants cannot be halved
        assert kinds(model).count("VariadicSplit") == 0
        assert kinds(model).count("MatMul") == kinds(before).count("MatMul") + kinds(before).count("VariadicSplit")
    assert noise(run(model, inputs, EXACT), run(before, inputs, EXACT)) < -90


@pytest.mark.parametrize("halves", [False, True])
def test_weights_in_float32_give_the_same(graph: Path, tiny: Bundle, tmp_path: Path, *, halves: bool) -> None:
    inputs = example_inputs(tiny, Module.UNET, frames=3, height=8, width=8, seed=0)
    before, model = opened(graph), opened(graph)
    if halves:
        multiply_by_halves(model)
    store_weights(model, Computed.FLOAT32, tmp_path / "weights")
    file = MappedFile(tmp_path / "weights")
    place_weights(model, Computed.FLOAT32, file)
    with file.giving_back():
        assert noise(run(model, inputs, EXACT), run(before, inputs, EXACT)) < -90


def test_weights_in_bfloat16_are_as_exact_as_openvino_makes_them(
    precision: Precision, graph: Path, tiny: Bundle, tmp_path: Path
) -> None:
    inputs = example_inputs(tiny, Module.UNET, frames=3, height=8, width=8, seed=0)
    exact = run(opened(graph), inputs, EXACT)
    theirs = noise(run(opened(graph), inputs, {"INFERENCE_PRECISION_HINT": "bf16"}), exact)
    model = opened(graph)
    multiply_by_halves(model)
    store_weights(model, Computed.BFLOAT16, tmp_path / "weights")
    file = MappedFile(tmp_path / "weights")
    place_weights(model, Computed.BFLOAT16, file)
    # A processor without bfloat16 ignores the hint, and ours are rounded all the same: an input of W8A8 that this moves
    # across a boundary becomes the next integer (-33 dB on AVX2).
    ignored = theirs < -100
    rounded = -30 if ignored and precision is Precision.W8A8 else -40
    assert noise(run(model, inputs, {"INFERENCE_PRECISION_HINT": "bf16"}), exact) < max(theirs + 1, rounded)


def test_integers_stay_integers_where_openvino_multiplies_them(
    precision: Precision, graph: Path, tmp_path: Path
) -> None:
    model = opened(graph)
    store_weights(model, Computed.BFLOAT16, tmp_path / "weights")
    file = MappedFile(tmp_path / "weights")
    place_weights(model, Computed.BFLOAT16, file)
    found = {node.get_output_element_type(0).to_string() for node in model.get_ordered_ops() if large(node)}
    # In 4 bits, matrices that are too narrow for groups of 64 have 8.
    integers = {Precision.FP16: set(), Precision.INT4: {"u4", "i8"}}.get(precision, {"i8"})
    assert found - {"f32", "i32", "i64"} == {"bf16", *integers}


def large(node: Any) -> bool:
    return bool(node.get_type_name() == "Constant" and np.prod(list(node.get_output_shape(0))) >= 1000)


def test_a_file_of_another_model_is_refused(graph: Path, tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(bytes(100))
    with pytest.raises(ValueError, match="expected weights"):
        place_weights(opened(graph), Computed.FLOAT32, MappedFile(tmp_path / "weights"))
