"""The tiny decoder in every format: proven like the others, never below 16 bits, and part of whole bundles."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pia_edge import AnimationPipeline, AnimationRequest, Picture
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Artifact, ClipSize, Format
from pia_edge.errors import BundleError
from pia_edge.export import TARGETS, Precision, Recipe, export
from pia_edge.export.comparison import compare
from pia_edge.export.conversion import Conversion
from pia_edge.export.gate import proving_backend
from pia_edge.export.recipe import Storage
from pia_edge.export.storing import contents_of
from pia_edge.export.to_onnx import convert
from pia_edge.modules import Module, whole
from pia_edge.runtimes import BACKENDS

ALONE = (Module.TINY_DECODER,)
CLIP = ClipSize(frames=4, width=64, height=48)


@pytest.mark.parametrize("precision", [Precision.FP32, Precision.INT4])
@pytest.mark.parametrize("target", TARGETS)
def test_it_is_proven(target: Format, precision: Precision, tiny_and_decoder: Bundle, tmp_path: Path) -> None:
    recipe = Recipe(precision=precision)
    clips = (CLIP,) if target is Format.COREML else ()
    bundle = export(tiny_and_decoder, tmp_path / "t", target=target, recipe=recipe, clips=clips, modules=ALONE)
    assert bundle.manifest.modules.keys() == bundle.manifest.parity.keys() == set(ALONE)
    found = compare(bundle, proving_backend(target), tiny_and_decoder, BACKENDS["reference"]())
    least = 100 if precision is Precision.FP32 else 50
    assert min(report.psnr_db for report in found.modules.values()) > least
    size = sum(file.size for name, file in bundle.manifest.files.items() if "tiny_decoder" in name)
    weights = contents_of(tiny_and_decoder).shapes[Module.TINY_DECODER]
    assert size < (5.5e6 if precision is Precision.FP32 else 2.8e6), "4 and 2 bytes for each of 1.2 million numbers"
    assert len(weights) == 67


@pytest.mark.parametrize("storage", Storage)
def test_it_is_never_quantized(storage: Storage) -> None:
    """Not even by a recipe that names every layer."""
    recipe = Recipe(precision=Precision.INT8, layers={"": storage})
    expected = Storage.EXACT if storage is Storage.EXACT else Storage.HALF
    assert recipe.storage(Module.TINY_DECODER, "layers.6.weight", (64, 64, 3, 3)) is expected


@pytest.fixture
def converter(tiny_onnx: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    """Convert the tiny decoder alone, and take the other graphs from a finished bundle."""

    def take(conversion: Conversion, module: Module, folder: Path) -> Artifact:
        if module is Module.TINY_DECODER:
            return convert(conversion, module, folder)
        artifact = tiny_onnx.artifact(module)
        for name in artifact.files():
            shutil.copyfile(tiny_onnx.path / name, folder / name)
        return artifact

    monkeypatch.setitem(TARGETS, Format.ONNX, replace(TARGETS[Format.ONNX], converter=lambda: take))


@pytest.mark.usefixtures("converter")
def test_whole_bundles_have_it_and_animate_with_it(tiny_and_decoder: Bundle, picture: Picture, tmp_path: Path) -> None:
    recipe = Recipe(precision=Precision.FP32)
    bundle = export(tiny_and_decoder, tmp_path / "tiny", target=Format.ONNX, recipe=recipe)
    assert tuple(bundle.manifest.modules) == tuple(bundle.manifest.parity) == whole(set(Module))
    assert sum(file.size for file in bundle.manifest.files.values()) <= contents_of(tiny_and_decoder).num_bytes(recipe)
    request = AnimationRequest(prompt="a cat", num_frames=3, num_inference_steps=2, seed=1)
    expected = AnimationPipeline.open(tiny_and_decoder, "reference").animate(picture, request, decoder="tiny")
    for backend in ("cpu", "intel"):
        made = AnimationPipeline.open(bundle, backend).animate(picture, request, decoder="tiny")
        assert abs(made.frames.astype(int) - expected.frames.astype(int)).max() <= 2


def test_a_bundle_without_one_says_so(tiny: Bundle, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"expected the module tiny_decoder, found condition.*Import it"):
        export(tiny, tmp_path / "t", target=Format.ONNX, recipe=Recipe(precision=Precision.FP32), modules=ALONE)
    assert not (tmp_path / "t").exists()


def test_bundles_are_compared_in_what_both_hold(tiny: Bundle, tiny_and_decoder: Bundle) -> None:
    backend = BACKENDS["reference"]()
    found = compare(tiny_and_decoder, backend, tiny, backend)
    assert Module.TINY_DECODER not in found.modules
    assert {report.psnr_db for report in found.modules.values()} == {200}
