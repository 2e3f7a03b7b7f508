"""ONNX bundles: the weight files and the graphs."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import external_data_helper, numpy_helper
from safetensors.numpy import load_file

from pia_edge.bundle import MANIFEST, Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.export import Precision, Recipe
from pia_edge.export import recipe as recipe_module
from pia_edge.export.conversion import Conversion
from pia_edge.export.quantization import GROUP, quantize_int4, quantize_int8
from pia_edge.export.recipe import Storage
from pia_edge.export.to_onnx import OPSET, convert
from pia_edge.modules import MODULES, Module, TensorSpec


def graph_of(bundle: Bundle, module: Module) -> Any:
    return onnx.load(bundle.graph(module), load_external_data=False)


def external_tensors(bundle: Bundle, module: Module) -> Iterator[tuple[Any, dict[str, str]]]:
    for tensor in graph_of(bundle, module).graph.initializer:
        if external_data_helper.uses_external_data(tensor):
            yield tensor, {entry.key: entry.value for entry in tensor.external_data}


def test_every_file_is_where_the_manifest_says(tiny_onnx: Bundle) -> None:
    assert tiny_onnx.manifest.format is Format.ONNX
    assert tiny_onnx.manifest.network is None, "PyTorch's configuration has no meaning here"
    weights = {module: tiny_onnx.artifact(module).weights for module in MODULES}
    assert weights == {
        Module.TEXT_ENCODER: ("text_encoder.onnx_data",),
        Module.VAE_ENCODER: ("vae_encoder.onnx_data",),
        Module.VAE_DECODER: ("vae_decoder.onnx_data",),
        Module.CONDITION: ("condition.onnx_data",),
        Module.UNET: ("spatial.onnx_data", "temporal.onnx_data"),
    }
    graphs = {tiny_onnx.graph(module).name for module in MODULES}
    assert graphs == {f"{module}.onnx" for module in MODULES}
    found = {path.name for path in tiny_onnx.path.iterdir()}
    files = {name for names in weights.values() for name in names}
    assert found == graphs | files | {MANIFEST, "vocab.json", "merges.txt"}
    assert {path.name for path in tiny_onnx.path.parent.iterdir()} == {"tiny"}, "nothing half-written is left"


def test_what_users_rely_on_is_taken_over(tiny: Bundle, tiny_onnx: Bundle) -> None:
    for name in ("name", "norm_mode", "sizes", "frames", "vae", "scheduler", "defaults", "sources", "tokenizer"):
        assert getattr(tiny_onnx.manifest, name) == getattr(tiny.manifest, name), name
    for name in tiny.manifest.tokenizer:
        assert (tiny_onnx.path / name).read_bytes() == (tiny.path / name).read_bytes()


def test_temporal_weights_lie_apart_from_spatial_ones(tiny_onnx: Bundle) -> None:
    seen = set()
    for tensor, place in external_tensors(tiny_onnx, Module.UNET):
        temporal = "motion_modules" in tensor.name
        assert place["location"] == ("temporal.onnx_data" if temporal else "spatial.onnx_data"), tensor.name
        seen.add(place["location"])
    assert len(seen) == 2


@pytest.mark.parametrize("module", MODULES)
def test_weights_are_named_files_without_a_folder(module: Module, tiny_onnx: Bundle) -> None:
    end: dict[str, int] = {}
    for tensor, place in external_tensors(tiny_onnx, module):
        file = tiny_onnx.path / place["location"]
        assert file.parent == tiny_onnx.path
        assert place["location"] in tiny_onnx.artifact(module).weights
        offset, length = int(place["offset"]), int(place["length"])
        assert offset % 64 == 0, "aligned, so that runtimes can map it"
        assert offset >= end.get(place["location"], 0), tensor.name
        end[place["location"]] = offset + length
    assert end.keys() == set(tiny_onnx.artifact(module).weights)
    for name, last in end.items():
        assert (tiny_onnx.path / name).stat().st_size == last, "no bytes that belong to no tensor"


@pytest.mark.parametrize(
    ("module", "files"),
    [
        (Module.UNET, ("spatial", "temporal")),
        (Module.CONDITION, ("condition",)),
        (Module.TEXT_ENCODER, ("text_encoder",)),
    ],
)
def test_stored_weights_are_the_references_without_loss(
    module: Module, files: tuple[str, ...], tiny: Bundle, tiny_onnx: Bundle
) -> None:
    reference: dict[bytes, str] = {}
    for name in files:
        for key, array in load_file(tiny.path / f"{name}.safetensors").items():
            for turned in (array, array.T):
                reference[np.ascontiguousarray(turned, dtype=np.float32).tobytes()] = key
    for tensor, place in external_tensors(tiny_onnx, module):
        external_data_helper.load_external_data_for_tensor(tensor, str(tiny_onnx.path))
        array = numpy_helper.to_array(tensor)
        if tensor.name.removesuffix(".stored").endswith((".positions", "timestep_features")):
            continue  # a table of sines, which the checkpoint does not hold
        assert array.astype(np.float32).tobytes() in reference, (tensor.name, place)


def test_what_float16_holds_exactly_takes_half_the_bytes(tiny_onnx: Bundle) -> None:
    """The UNet's weights were rounded to float16, the text encoder's were not."""
    kinds = {
        module: [(tensor.data_type, np.prod(tensor.dims)) for tensor, _ in external_tensors(tiny_onnx, module)]
        for module in (Module.UNET, Module.TEXT_ENCODER)
    }
    half = sum(size for kind, size in kinds[Module.UNET] if kind == onnx.TensorProto.FLOAT16)
    assert half > 0.95 * sum(size for _, size in kinds[Module.UNET])
    assert {kind for kind, _ in kinds[Module.TEXT_ENCODER]} == {onnx.TensorProto.FLOAT}


@pytest.mark.parametrize("module", MODULES)
def test_graphs_hold_nothing_of_the_machine_they_were_made_on(module: Module, tiny: Bundle, tiny_onnx: Bundle) -> None:
    content = tiny_onnx.graph(module).read_bytes()
    for trace in (
        str(Path.cwd()),
        "site-packages",
        ".py",
        "pkg.torch",
        "stack_trace",
        str(tiny.path),
        str(Path.home()),
    ):
        if trace != "/":
            assert trace.encode() not in content, trace
    model = graph_of(tiny_onnx, module)
    assert model.doc_string == ""
    assert all(node.doc_string == "" for node in model.graph.node)


def axis_of(dimension: Any) -> str | int:
    return "free" if dimension.dim_param or not dimension.HasField("dim_value") else int(dimension.dim_value)


FREE = {"batch", "planes", "gains", "frames", "height", "width", "latent_height", "latent_width"}


def assert_border(found: Any, spec: TensorSpec, types: dict[str, int]) -> None:
    assert found.name == spec.name
    assert found.type.tensor_type.elem_type == types[spec.dtype]
    axes = [axis_of(dimension) for dimension in found.type.tensor_type.shape.dim]
    assert len(axes) == len(spec.axes)
    for axis, name in zip(axes, spec.axes, strict=True):
        if isinstance(name, int):
            assert axis == name
        else:
            assert (axis == "free") == (name in FREE), (spec.name, name, axis)


@pytest.mark.parametrize("module", MODULES)
def test_graphs_are_valid_and_have_the_borders_declared(module: Module, tiny_onnx: Bundle) -> None:
    onnx.checker.check_model(tiny_onnx.graph(module), full_check=True)
    model = graph_of(tiny_onnx, module)
    assert [(entry.domain, entry.version) for entry in model.opset_import if entry.domain == ""] == [("", OPSET)]
    assert {node.domain for node in model.graph.node} == {""}
    types = {"float32": onnx.TensorProto.FLOAT, "int64": onnx.TensorProto.INT64}
    for found, spec in zip(model.graph.input, MODULES[module].inputs, strict=True):
        assert_border(found, spec, types)
    for found, spec in zip(model.graph.output, MODULES[module].outputs, strict=True):
        assert found.name == spec.name
        assert found.type.tensor_type.elem_type == types[spec.dtype]


@pytest.mark.parametrize("module", MODULES)
def test_no_tensor_has_more_than_five_axes(module: Module, tiny_onnx: Bundle) -> None:
    """Core ML refuses more."""
    inferred = onnx.shape_inference.infer_shapes(onnx.load(tiny_onnx.graph(module)))
    ranks = {value.name: len(value.type.tensor_type.shape.dim) for value in inferred.graph.value_info}
    assert ranks
    assert max(ranks.values()) <= 5


@pytest.mark.parametrize("module", [Module.MOTION_MODULE, Module.VAE_DECODER])
@pytest.mark.parametrize("storage", [Storage.INT8, Storage.INT4])
def test_quantized_weights_are_those_of_our_own_arithmetic(
    storage: Storage, module: Module, tiny: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipe_module, "SMALLEST_QUANTIZED", 1)
    recipe = Recipe(precision=Precision.INT8, layers={"": storage})
    convert(Conversion(tiny, recipe), module, tmp_path)
    model = onnx.load(tmp_path / f"{module}.onnx")
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    weights = {name: array for file in tiny.path.glob("*.safetensors") for name, array in load_file(file).items()}
    operators: Counter[int] = Counter()
    for node in model.graph.node:
        weight = weights.get(node.output[0])
        if node.op_type != "DequantizeLinear" or weight is None:
            continue
        weight = weight.astype(np.float32)
        operators[len(node.input)] += 1
        axis = next(attribute.i for attribute in node.attribute if attribute.name == "axis")
        values, scale = (stored[name].astype(np.float32) for name in node.input[:2])
        if len(node.input) == 2:
            shape = [-1 if at == axis else 1 for at in range(values.ndim)]
            restored, expected = values * scale.reshape(shape), quantize_int8(weight).restored()
        else:
            scale, zero = (np.repeat(stored[name].astype(np.float32), GROUP, axis=axis) for name in node.input[1:])
            restored, expected = (values - zero) * scale, quantize_int4(weight).restored()
        # Matrices may be stored turned, as the graph reads them.
        forms = [expected, expected.T] if expected.ndim == 2 else [expected]
        assert any(np.array_equal(restored, form) for form in forms), node.output[0]
    assert operators.total() >= 5
    assert (3 in operators) == (storage is Storage.INT4 and module is Module.MOTION_MODULE), "4 bits are for matrices"
