"""Core ML packages of the tiny network, in the evaluator: exact, of the right form, and the same every time."""

import warnings
from pathlib import Path

import numpy as np
import pytest

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize, Format
from pia_edge.errors import BackendError
from pia_edge.export import TARGETS, Precision, Recipe
from pia_edge.export.comparison import compare
from pia_edge.export.conversion import Conversion
from pia_edge.export.coreml import metadata
from pia_edge.export.coreml.program import Program, read_programs
from pia_edge.export.coreml.session import MilEvaluator, MilSession
from pia_edge.export.coreml.size import example, functions
from pia_edge.export.gate import comparing_backend
from pia_edge.export.parity import difference
from pia_edge.export.precision import THRESHOLDS
from pia_edge.export.recipe import Storage
from pia_edge.export.to_coreml import convert
from pia_edge.modules import MODULES, Module, border
from pia_edge.runtimes import BACKENDS

CLIP = ClipSize(frames=4, width=64, height=48)
OTHER = ClipSize(frames=6, width=32, height=32)


def converted(tiny: Bundle, module: Module, recipe: Recipe, folder: Path, *clips: ClipSize) -> Path:
    folder.mkdir(exist_ok=True)
    convert(Conversion(tiny, recipe, clips or (CLIP,)), module, folder)
    return folder / f"{module}.mlpackage"


def decibels(tiny: Bundle, module: Module, package: Path, clip: ClipSize = CLIP) -> float:
    inputs = example(tiny, module, clip, seed=3)
    expected = BACKENDS["reference"]().load(tiny, module, "cpu").infer(**inputs)
    return difference(MilSession([package], module).infer(**inputs), expected).psnr_db


def files(package: Path) -> dict[str, bytes]:
    return {path.relative_to(package).as_posix(): path.read_bytes() for path in package.rglob("*") if path.is_file()}


def programs(bundle: Bundle, module: Module) -> list[Program]:
    return list(read_programs(bundle.path / f"{module}.mlpackage").values())


def test_the_whole_is_proven_in_the_evaluator(tiny: Bundle, tiny_coreml: Bundle) -> None:
    manifest = tiny_coreml.manifest
    assert manifest.clips == (CLIP,)
    assert {report.runtime for report in manifest.parity.values()} == {"evaluator"}
    assert manifest.run_parity is not None
    assert manifest.run_parity.psnr_db >= THRESHOLDS[Precision.FP16].minimum_db
    for module in MODULES:
        inputs = example(tiny, module, CLIP, seed=8)
        expected = BACKENDS["reference"]().load(tiny, module, "cpu").infer(**inputs)
        found = MilEvaluator().load(tiny_coreml, module).infer(**inputs)
        assert difference(found, expected).psnr_db > 60, module


def test_it_can_be_compared_with_any_bundle(tiny_coreml: Bundle, tiny_openvino: Bundle) -> None:
    """At the size that the packages are for."""
    found = compare(tiny_coreml, comparing_backend(tiny_coreml), tiny_openvino, comparing_backend(tiny_openvino))
    assert min(report.psnr_db for report in found.modules.values()) > 40
    assert found.modules[Module.UNET].runtime == "evaluator"
    assert found.run is not None
    assert found.run.psnr_db > 40


def test_two_prompts_are_two_calls(tiny: Bundle, tiny_coreml: Bundle) -> None:
    inputs = example(tiny, Module.UNET, CLIP, seed=8)
    inputs |= {name: np.concatenate([inputs[name], -inputs[name]]) for name in ("latents", "encoder_hidden_states")}
    expected = BACKENDS["reference"]().load(tiny, Module.UNET, "cpu").infer(**inputs)
    session = MilEvaluator().load(tiny_coreml, Module.UNET)
    assert difference(session.infer(**inputs), expected).psnr_db > 60
    inputs["latents"] = inputs["latents"][:, :, :3]
    inputs["affinity"] = inputs["affinity"][:, :3]
    with pytest.raises(BackendError, match="takes the sizes it was made for"):
        session.infer(**inputs)


def test_the_form_suits_the_neural_engine(tiny_coreml: Bundle) -> None:
    """Ranks that Core ML takes, int32 at the border, float16 but for what the norms compute."""
    kinds: dict[tuple[Module, str], set[str]] = {}
    for module in MODULES:
        for program in programs(tiny_coreml, module):
            assert {variable.dtype for variable in program.inputs} <= {"fp32", "int32"}
            for operation in program.operations:
                for output in operation.outputs:
                    assert len(output.shape) <= 5, (module, operation.kind)
                    assert output.shape[:1] <= (TARGETS[Format.COREML].largest_batch,)
                    kinds.setdefault((module, operation.kind), set()).add(output.dtype)
    assert kinds[Module.UNET, "einsum"] == kinds[Module.UNET, "conv"] == kinds[Module.UNET, "linear"] == {"fp16"}
    assert kinds[Module.UNET, "reduce_mean"] == kinds[Module.UNET, "rsqrt"] == {"fp32"}
    assert kinds[Module.VAE_DECODER, "conv"] == {"fp32"}
    assert (Module.UNET, "scaled_dot_product_attention") not in kinds


@pytest.mark.parametrize("module", Module)
def test_every_input_and_output_is_explained(module: Module) -> None:
    spec = border(module)
    assert metadata._SENTENCES[module].keys() == {tensor.name for tensor in (*spec.inputs, *spec.outputs)}


def test_core_ml_tools_read_it(tiny_coreml: Bundle) -> None:
    """Apple's own reader takes the package, and says who made it and what goes in."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import coremltools as ct

        model = ct.models.MLModel(str(tiny_coreml.path / "unet.mlpackage"), skip_model_load=True)
    assert model.author == "PIA Edge"
    assert "4 frames of 64x48" in model.short_description
    assert model.license == "Apache-2.0"
    assert list(model.input_description) == [spec.name for spec in MODULES[Module.UNET].inputs]
    assert model.input_description["affinity"].startswith("Similarity of each frame")


@pytest.mark.parametrize("storage", Storage)
def test_storages(storage: Storage, tiny: Bundle, tmp_path: Path) -> None:
    recipe = Recipe(precision=Precision.FP16, layers={"": storage})
    package = converted(tiny, Module.TEXT_ENCODER, recipe, tmp_path)
    found = decibels(tiny, Module.TEXT_ENCODER, package)
    least = {Storage.EXACT: 60, Storage.HALF: 60, Storage.INT8: 45, Storage.INT4: 40, Storage.PALETTE8: 45}
    assert found > least.get(storage, {Storage.PALETTE6: 35, Storage.PALETTE4: 25}.get(storage, 0))
    if storage not in (Storage.EXACT, Storage.HALF):
        assert found < 65, "something was lost"


def test_a_layer_that_stays_exact_is_computed_in_float32(tiny: Bundle, tmp_path: Path) -> None:
    kept = "clip.text_model.encoder.layers.0.mlp.fc1.weight"
    recipe = Recipe(precision=Precision.FP16, layers={kept: Storage.EXACT})
    package = converted(tiny, Module.TEXT_ENCODER, recipe, tmp_path)
    (program,) = read_programs(package).values()
    types = [operation.outputs[0].dtype for operation in program.operations if operation.kind == "linear"]
    assert types.count("fp32") == 1


@pytest.mark.parametrize("module", [Module.TEXT_ENCODER, Module.CONDITION, Module.VAE_DECODER])
def test_equal_content_gives_equal_bytes(module: Module, tiny: Bundle, tmp_path: Path) -> None:
    recipe = Recipe(precision=Precision.PALETTE6)
    first, second = (converted(tiny, module, recipe, tmp_path / name) for name in ("a", "b"))
    assert files(first) == files(second)


def test_sizes_are_functions_that_share_their_weights(tiny: Bundle, tmp_path: Path) -> None:
    recipe = Recipe(precision=Precision.FP32)
    one = converted(tiny, Module.VAE_DECODER, recipe, tmp_path / "one", CLIP)
    two = converted(tiny, Module.VAE_DECODER, recipe, tmp_path / "two", CLIP, OTHER)
    assert set(read_programs(two)) == {"main", "clip_32x32"}
    weights = [
        sum(len(content) for name, content in files(each).items() if name.endswith(".bin")) for each in (one, two)
    ]
    assert weights[1] < weights[0] * 1.05
    for clip in (CLIP, OTHER):
        assert decibels(tiny, Module.VAE_DECODER, two, clip) > 100
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import coremltools as ct

        spec = ct.utils.load_spec(str(two))
    assert spec.description.defaultFunctionName == "main"
    assert {function.name for function in spec.description.functions} == {"main", "clip_32x32"}


def test_functions_are_those_that_a_module_can_tell_apart() -> None:
    clips = (CLIP, replace_frames(CLIP, 8), OTHER)
    assert list(functions(Module.TEXT_ENCODER, clips)) == ["main"]
    assert list(functions(Module.CONDITION, clips)) == ["main", "clip_32x32"]
    assert list(functions(Module.UNET, clips)) == ["main", "clip_8x64x48", "clip_6x32x32"]


def replace_frames(clip: ClipSize, frames: int) -> ClipSize:
    return ClipSize(frames=frames, width=clip.width, height=clip.height)


def test_another_device_and_another_border_are_refused(tiny_coreml: Bundle) -> None:
    with pytest.raises(BackendError, match="expected the device CPU, found ANE"):
        MilEvaluator().load(tiny_coreml, Module.UNET, "ANE")
    with pytest.raises(BackendError, match=r"expected the inputs .* of condition"):
        MilSession([tiny_coreml.path / "vae_decoder.mlpackage"], Module.CONDITION)
