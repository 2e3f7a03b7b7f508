"""A module as several packages: not one bit of the result changes, and each is a package of its own."""

import math
import shutil
import warnings
from pathlib import Path

import msgspec
import numpy as np
import pytest

from pia_edge.bundle import Bundle, write_manifest
from pia_edge.bundle.manifest import ClipSize, Format
from pia_edge.bundle.mlpackage import DATA, MODEL, WEIGHT_FILE, WEIGHTS
from pia_edge.errors import BackendError, BundleError, RequestError
from pia_edge.export import TARGETS, Precision, Recipe, export
from pia_edge.export.conversion import Conversion
from pia_edge.export.coreml.program import read_programs
from pia_edge.export.coreml.session import MilSession
from pia_edge.export.coreml.size import example
from pia_edge.export.parity import difference
from pia_edge.export.to_coreml import convert
from pia_edge.modules import MODULES, Module
from pia_edge.runtimes.reference import Reference

CLIP = ClipSize(frames=4, width=64, height=48)
OTHER = ClipSize(frames=2, width=32, height=32)
LARGEST = 280_000
"""The tiny UNet has 0.7 MB of weights in float16."""
FP16 = Recipe(precision=Precision.FP16)


def packages(
    tiny: Bundle,
    folder: Path,
    largest: int | None,
    module: Module = Module.UNET,
    recipe: Recipe = FP16,
    clips: tuple[ClipSize, ...] = (CLIP,),
) -> list[Path]:
    folder.mkdir(exist_ok=True)
    artifact = convert(Conversion(tiny, recipe, clips, piece_size=largest), module, folder)
    assert artifact.graph is not None
    return [folder / Path(graph).parts[0] for graph in (artifact.graph, *artifact.pieces)]


@pytest.fixture(scope="module")
def pieces(tiny: Bundle, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return packages(tiny, tmp_path_factory.mktemp("pieces"), LARGEST)


def test_the_result_is_the_same_to_the_bit(tiny: Bundle, tiny_coreml: Bundle, pieces: list[Path]) -> None:
    assert [piece.name for piece in pieces] == [
        "unet.mlpackage",
        *(f"unet-{number}.mlpackage" for number in range(2, len(pieces) + 1)),
    ]
    inputs = example(tiny, Module.UNET, CLIP, seed=4)
    (whole,) = MilSession([tiny_coreml.path / "unet.mlpackage"], Module.UNET).infer(**inputs)
    (joined,) = MilSession(pieces, Module.UNET).infer(**inputs)
    assert np.array_equal(whole, joined)


def test_pieces_are_few_and_equal_and_small_enough(pieces: list[Path], tiny_coreml: Bundle) -> None:
    whole = (tiny_coreml.path / "unet.mlpackage" / DATA / WEIGHTS / WEIGHT_FILE).stat().st_size
    sizes = [(piece / DATA / WEIGHTS / WEIGHT_FILE).stat().st_size for piece in pieces]
    assert whole <= sum(sizes) <= 1.1 * whole
    assert max(sizes) <= LARGEST
    assert len(pieces) == math.ceil(1.1 * whole / LARGEST)
    assert min(sizes) > 0.7 * max(sizes)


def test_what_is_passed_on_is_what_core_ml_takes(pieces: list[Path]) -> None:
    """Apple's own reader takes every piece; its inputs are the module's, or come from a piece before it."""
    import coremltools as ct

    known = {spec.name for spec in MODULES[Module.UNET].inputs}
    for piece in pieces:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = ct.models.MLModel(str(piece), skip_model_load=True)
        assert set(model.input_description) <= known
        (program,) = read_programs(piece).values()
        for variable in program.inputs:
            assert variable.dtype in ("fp16", "fp32", "int32")
            assert len(variable.shape) <= 5
        known |= set(model.output_description)
    assert list(model.output_description) == ["noise_pred"]


def test_core_ml_tools_build_the_program_of_every_piece(pieces: list[Path]) -> None:
    """coremltools turns each back into its own representation, which checks names, types and shapes."""
    import coremltools as ct
    from coremltools.converters.mil.frontend.milproto.load import load as load_program

    for piece in pieces:
        spec = ct.utils.load_spec(str(piece))
        program = load_program(spec, spec.specificationVersion, str(piece / DATA / WEIGHTS))
        assert list(program.functions) == ["main"]


@pytest.mark.parametrize("precision", [Precision.PALETTE6, Precision.FP32])
def test_other_precisions(precision: Precision, tiny: Bundle, tmp_path: Path) -> None:
    module, recipe = Module.TEXT_ENCODER, Recipe(precision=precision)
    inputs = example(tiny, module, CLIP, seed=4)
    whole, cut = (packages(tiny, tmp_path / name, size, module, recipe) for name, size in (("a", None), ("b", 70_000)))
    assert len(whole) == 1 < len(cut)
    (expected,), (found,) = (MilSession(each, module).infer(**inputs) for each in (whole, cut))
    assert np.array_equal(expected, found)


def test_every_piece_has_every_size(tiny: Bundle, tmp_path: Path) -> None:
    module = Module.VAE_DECODER
    found = packages(tiny, tmp_path / "both", 35_000, module, clips=(CLIP, OTHER))
    assert len(found) == 2
    session, reference = MilSession(found, module), Reference().load(tiny, module, "cpu")
    for clip in (CLIP, OTHER):
        inputs = example(tiny, module, clip)
        assert difference(session.infer(**inputs), reference.infer(**inputs)).psnr_db > 60
    alone = packages(tiny, tmp_path / "alone", 35_000, module)
    both, one = ((each[0] / DATA / WEIGHTS / WEIGHT_FILE).stat().st_size for each in (found, alone))
    assert both < 1.1 * one


def test_pieces_too_small_for_one_layer_are_refused(tiny: Bundle, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"Expected pieces of at least 0\.\d+ MB, since one layer has as much"):
        export(tiny, tmp_path / "out", target=Format.COREML, recipe=FP16, piece_size=10_000)
    assert list(tmp_path.iterdir()) == [], "known before any work is done"
    with pytest.raises(RequestError, match="since one layer has as much"):
        packages(tiny, tmp_path, 10_000, Module.TEXT_ENCODER)
    with pytest.raises(RequestError, match="onnx: expected no size of pieces"):
        TARGETS[Format.ONNX].accepted(tiny, FP16, (), 10**9)


def test_pieces_that_do_not_belong_together_are_refused(pieces: list[Path]) -> None:
    with pytest.raises(BackendError, match="expected the inputs"):
        MilSession(pieces[1:], Module.UNET)
    with pytest.raises(BackendError, match="expected the inputs"):
        MilSession(pieces[:1], Module.UNET)


def test_a_bundle_of_pieces_is_opened_and_checked(tiny_coreml: Bundle, tmp_path: Path, pieces: list[Path]) -> None:
    folder = tmp_path / "bundle"
    shutil.copytree(tiny_coreml.path, folder)
    shutil.rmtree(folder / "unet.mlpackage")
    for piece in pieces:
        shutil.copytree(piece, folder / piece.name)
    graphs = [f"{piece.name}/{DATA}/{MODEL}" for piece in pieces]
    old = tiny_coreml.manifest
    unet = msgspec.structs.replace(old.modules[Module.UNET], graph=graphs[0], pieces=tuple(graphs[1:]), weights=())
    manifest = msgspec.structs.replace(old, modules={**old.modules, Module.UNET: unet})
    write_manifest(folder, manifest)
    assert Bundle.open(folder).graphs(Module.UNET) == tuple(folder / graph for graph in graphs)
    program = folder / graphs[1]
    content = program.read_bytes()
    assert content.count(b"layer_norm")
    program.write_bytes(content.replace(b"layer_norm", b"layer_nozz"))
    write_manifest(folder, manifest)
    with pytest.raises(BundleError, match="layer_nozz"):
        Bundle.open(folder)


@pytest.mark.parametrize("change", [{"graph": None}, {"pieces": ("../unet.mlmodel",)}, {"pieces": ("spatial.bin",)}])
def test_hostile_pieces(change: dict[str, object], tiny_coreml: Bundle, tmp_path: Path) -> None:
    old = tiny_coreml.manifest
    graph = old.modules[Module.CONDITION].graph
    unet = msgspec.structs.replace(old.modules[Module.UNET], **({"pieces": (graph,)} | change))
    manifest = msgspec.structs.replace(old, modules={**old.modules, Module.UNET: unet})
    (tmp_path / "manifest.json").write_bytes(msgspec.json.encode(manifest))
    with pytest.raises(BundleError):
        Bundle.open(tmp_path)


def test_other_formats_have_no_pieces(tiny_onnx: Bundle, tmp_path: Path) -> None:
    old = tiny_onnx.manifest
    unet = msgspec.structs.replace(old.modules[Module.UNET], pieces=("condition.onnx",))
    manifest = msgspec.structs.replace(old, modules={**old.modules, Module.UNET: unet})
    (tmp_path / "manifest.json").write_bytes(msgspec.json.encode(manifest))
    with pytest.raises(BundleError, match="expected pieces of a module after its graph in format coreml alone"):
        Bundle.open(tmp_path)
