"""OpenVINO bundles: attention stays one operator, weights follow the recipe, and every module is proven."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pia_edge._privacy import silence_runtimes
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.errors import BundleError
from pia_edge.export import Precision, Recipe
from pia_edge.export.conversion import Conversion
from pia_edge.export.gate import prove_module
from pia_edge.export.openvino_weights import store_weights
from pia_edge.export.parity import difference, example_inputs
from pia_edge.export.precision import THRESHOLDS
from pia_edge.export.source import open_source
from pia_edge.export.to_openvino import convert
from pia_edge.modules import MODULES, Module
from pia_edge.runtimes import BACKENDS
from pia_edge.runtimes.reference import Reference

PRECISIONS = [Precision.FP32, Precision.FP16, Precision.INT8, Precision.INT4]


def read(folder: Path, module: Module) -> Any:
    silence_runtimes()
    import openvino

    return openvino.Core().read_model(folder / f"{module}.xml")


def operators(model: Any) -> Counter[str]:
    return Counter(node.get_type_name() for node in model.get_ordered_ops())


@pytest.fixture(scope="module")
def unets(tiny: Bundle, tmp_path_factory: pytest.TempPathFactory) -> dict[Precision, Path]:
    """The UNet in every precision of weights."""
    folders = {}
    for precision in PRECISIONS:
        folders[precision] = tmp_path_factory.mktemp(precision)
        convert(Conversion(tiny, Recipe(precision=precision)), Module.UNET, folders[precision])
    return folders


def test_a_whole_bundle(tiny: Bundle, tiny_openvino: Bundle) -> None:
    assert tiny_openvino.manifest.format is Format.OPENVINO
    assert {path.name for path in tiny_openvino.path.iterdir()} == {
        "manifest.json",
        "vocab.json",
        "merges.txt",
        *(f"{module}{suffix}" for module in MODULES for suffix in (".xml", ".bin")),
    }
    assert tiny_openvino.manifest.parity.keys() == set(MODULES)
    assert min(report.psnr_db for report in tiny_openvino.manifest.parity.values()) > 100
    assert tiny_openvino.manifest.sources == tiny.manifest.sources


@pytest.mark.parametrize("module", MODULES)
def test_borders_are_those_declared(module: Module, tiny_openvino: Bundle) -> None:
    model = read(tiny_openvino.path, module)
    for ports, specs in ((model.inputs, MODULES[module].inputs), (model.outputs, MODULES[module].outputs)):
        assert [port.get_any_name() for port in ports] == [spec.name for spec in specs]
    for port, spec in zip(model.inputs, MODULES[module].inputs, strict=True):
        assert port.get_element_type().to_string() == {"float32": "f32", "int64": "i64"}[spec.dtype]
        for dimension, axis in zip(port.get_partial_shape(), spec.axes, strict=True):
            if isinstance(axis, int):
                assert dimension.get_length() == axis
            free = axis in ("batch", "planes", "gains", "frames", "height", "width", "latent_height", "latent_width")
            assert dimension.is_dynamic == free, (spec.name, axis)


def test_attention_stays_one_operator(unets: dict[Precision, Path]) -> None:
    # Two levels; a transformer with two attentions at two of its three layers and in the middle, motion at five.
    for folder in unets.values():
        found = operators(read(folder, Module.UNET))
        assert found["ScaledDotProductAttention"] >= 10
        assert found["Softmax"] == 0


@pytest.mark.parametrize("precision", PRECISIONS)
def test_every_precision_passes_its_gate(precision: Precision, unets: dict[Precision, Path], tiny: Bundle) -> None:
    import openvino

    inputs = example_inputs(tiny, Module.UNET, frames=5, height=6, width=9, seed=4)
    model = read(unets[precision], Module.UNET)
    compiled = openvino.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    found = compiled(inputs)["noise_pred"]
    expected = Reference().load(tiny, Module.UNET, "cpu").infer(**inputs)
    assert difference([found], expected).psnr_db >= THRESHOLDS[precision].minimum_db


def test_sizes_fall_with_the_precision(unets: dict[Precision, Path]) -> None:
    sizes = {precision: (folder / "unet.bin").stat().st_size for precision, folder in unets.items()}
    assert sizes[Precision.INT4] < sizes[Precision.INT8] < sizes[Precision.FP16]


def test_the_same_module_gives_the_same_bytes(tiny: Bundle, unets: dict[Precision, Path], tmp_path: Path) -> None:
    convert(Conversion(tiny, Recipe(precision=Precision.INT4)), Module.UNET, tmp_path)
    for name in ("unet.xml", "unet.bin"):
        assert (tmp_path / name).read_bytes() == (unets[Precision.INT4] / name).read_bytes(), name


def test_graphs_hold_nothing_of_the_machine_they_were_made_on(tiny: Bundle, tiny_openvino: Bundle) -> None:
    for module in MODULES:
        content = (tiny_openvino.path / f"{module}.xml").read_bytes()
        for trace in (str(Path.cwd()), str(tiny.path), str(Path.home()), "site-packages"):
            assert trace == "/" or trace.encode() not in content, trace


def test_the_gate_computes_in_float32(tiny: Bundle, tiny_openvino: Bundle) -> None:
    """A processor with bfloat16 units would add its own error, 63 dB here, to that of the files."""
    manifest = tiny_openvino.manifest
    modules = {name: msgspec.structs.replace(each, precision="fp16") for name, each in manifest.modules.items()}
    half = replace(tiny_openvino, manifest=msgspec.structs.replace(manifest, modules=modules))
    assert prove_module(half, tiny, Module.CONDITION, BACKENDS["intel"]()).psnr_db > 100


def test_timesteps_are_looked_up(unets: dict[Precision, Path]) -> None:
    """In bfloat16 a sine of 999 is any number at all."""
    assert operators(read(unets[Precision.FP16], Module.UNET)).keys().isdisjoint({"Sin", "Cos"})


@pytest.mark.parametrize(("height", "width"), [(8, 8), (8, 16)])
def test_8_bits_at_the_smallest_pictures(height: int, width: int, papers_int8: Path, papers: Bundle) -> None:
    """At four levels 64 pixels are one in the middle, and shapes that were fixed before compiling meet other passes."""
    import openvino

    inputs = example_inputs(papers, Module.UNET, frames=4, height=height, width=width, seed=0)
    model = read(papers_int8, Module.UNET)
    model.reshape({name: array.shape for name, array in inputs.items()})
    compiled = openvino.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    expected = Reference().load(papers, Module.UNET, "cpu").infer(**inputs)
    assert difference([compiled(inputs)["noise_pred"]], expected).psnr_db > 35


@pytest.fixture(scope="module")
def papers_int8(papers: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("papers")
    convert(Conversion(papers, Recipe(precision=Precision.INT8)), Module.UNET, folder)
    return folder


def test_a_weight_that_openvino_renamed_is_named(tiny: Bundle, unets: dict[Precision, Path]) -> None:
    """Its place would hold the zeros that the network is traced with."""
    conversion, unet = Conversion(tiny, Recipe(precision=Precision.FP32)), read(unets[Precision.FP32], Module.UNET)
    with pytest.raises(BundleError, match=r"Expected the weight conv_in\.weight in the converted unet"):
        store_weights(unet, Module.UNET, conversion, ["conv_in.weight"], open_source(tiny, Module.UNET).read)
