"""Files that cannot be imported: the message says what was found and what to do, and nothing is left on the disk."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pia_edge.bundle import Bundle
from pia_edge.errors import BundleError, ModelError, RequestError
from pia_edge.importer import ImportRequest, Precision, import_bundle, make_plan
from pia_edge.modules import Module
from tests.importer.wrong_inputs import CASES, CHOOSE_SD15, RIGHT, ROLES, Asked, Make, changed, spoil
from tests.standins.animatediff_files import AnimateDiff, write_animatediff, write_animatediff_adapter
from tests.standins.broken_files import BROKEN
from tests.standins.foreign_files import FOLDER_KINDS, KINDS, write_foreign, write_foreign_folder
from tests.standins.sizes import PAPERS, SINGLE

FOREIGN = {
    "sdxl": "a Stable Diffusion XL model",
    "sdxl-refiner": "a Stable Diffusion XL refiner",
    "sd2": "a Stable Diffusion 2 model",
    "sd3": "a Stable Diffusion 3 model",
    "flux": "a Flux model",
    "controlnet": "a ControlNet",
    "controlnet-diffusers": "a ControlNet",
    "t2i-adapter": "a T2I-Adapter",
    "ip-adapter": "an IP-Adapter",
    "language-model": "a language model",
    "vae-of-16-channels": "only: vae. Choose a file or folder with the whole model",
    "upscaler": "tensors of no model known here",
    "inpainting": "an inpainting model of Stable Diffusion 1",
    "instruct-pix2pix": "an InstructPix2Pix model",
}
FOREIGN_FOLDERS = {
    "sdxl": "a Stable Diffusion XL model",
    "sd2": "tensors of no model known here",
    "inpainting": "an inpainting model of Stable Diffusion 1",
    "flux": "none beside 'model_index.json', 'transformer'",
}
ANIMATEDIFF = {
    AnimateDiff.V1: "AnimateDiff v1 motion modules (24 frames) without",
    AnimateDiff.V2: "AnimateDiff v2 motion modules (with one in the middle) without",
    AnimateDiff.V3: "AnimateDiff motion modules without PIA's condition channels",
    AnimateDiff.SDXL: "AnimateDiff motion modules for Stable Diffusion XL",
}
DAMAGED = {
    "gguf": ("a GGUF file of llama.cpp", "Get the model as .safetensors"),
    "html": ("a web page", "Download the file itself"),
    "lfs-pointer": ("a pointer of Git LFS", "git lfs pull"),
    "empty": ("an empty file", "Get it again"),
    "text": ("a header of 8029390891631537733 bytes in a file of 15", "Get the file again"),
    "truncated": ("", "again"),
    "truncated-header": ("", "again"),
    "overlong-header": ("a header of 1152921504606846976 bytes", "Get the file again"),
    "flipped": ("", "again"),
}
DAMAGED_ROLES = [("base", ".safetensors"), ("base", ".ckpt"), ("pia", ".ckpt"), ("lora", ".pt")]
# (what a file is, what it is taken for): (what is said to be found, what to do).
MISTAKEN = {
    ("unet", "base"): ("only: unet", "give one with --vae"),
    ("vae", "base"): ("only: vae", "whole model"),
    ("text encoder", "base"): ("only: text encoder", "whole model"),
    ("pia", "base"): ("PIA weights under the paper's names", "Give it with --pia"),
    ("lora", "base"): ("a LoRA", "Give it with --lora"),
    ("tiny decoder", "base"): ("the decoder of a tiny autoencoder (TAESD)", "Give it with --tiny-decoder"),
    ("embedding", "base"): ("a textual-inversion embedding", "Give it with --embedding"),
    ("unet", "pia"): ("the UNet of Stable Diffusion 1", "Get pia.ckpt"),
    ("vae", "pia"): ("an autoencoder", "Get pia.ckpt"),
    ("lora", "pia"): ("a LoRA", "Get pia.ckpt"),
    ("embedding", "pia"): ("a textual-inversion embedding", "Get pia.ckpt"),
    ("unet", "vae"): ("unet", "Choose another file"),
    ("pia", "vae"): ("PIA weights", "Give it with --pia"),
    ("tiny decoder", "vae"): ("the decoder of a tiny autoencoder (TAESD)", "Give it with --tiny-decoder"),
    ("vae", "tiny decoder"): ("an autoencoder (VAE)", "Get taesd_decoder.safetensors"),
    ("unet", "tiny decoder"): ("the UNet of Stable Diffusion 1", "Get taesd_decoder.safetensors"),
    ("vae", "text encoder"): ("vae", "Choose another file"),
    ("lora", "text encoder"): ("a LoRA", "Give it with --lora"),
    ("unet", "lora"): ("the UNet of Stable Diffusion 1", "Choose another"),
    ("text encoder", "lora"): ("a CLIP text encoder", "Choose another"),
    ("embedding", "lora"): ("a textual-inversion embedding", "Choose another"),
    ("unet", "embedding"): ("a folder", "Choose a file in it"),
    ("lora", "embedding"): ("a LoRA", "Choose another"),
}


@pytest.fixture(autouse=True)
def empty_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No tokenizer in Hugging Face's cache and no bundle in the store."""
    for name in ("HF_HOME", "HF_HUB_CACHE", "PIA_EDGE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere" / name))


def right(models: Path) -> Asked:
    return {"base": models / "sd15", "pia": models / "pia.safetensors", "allow_pickle": True}


@pytest.fixture
def refused(models: Path, tmp_path: Path) -> Callable[[Make], str]:
    """Import what cannot be imported, and return what is said."""

    def run(make: Make) -> str:
        folder, target = tmp_path / "wrong", tmp_path / "bundles" / "made"
        for new in (folder, target.parent, tmp_path / "elsewhere"):
            new.mkdir()
        asked = right(models) | make(folder, models)
        before = sorted(tmp_path.rglob("*"))
        began = time.monotonic()
        with pytest.raises((ModelError, BundleError)) as caught:
            import_bundle(ImportRequest(**asked), target)
        assert time.monotonic() - began < 5
        assert sorted(tmp_path.rglob("*")) == before
        assert isinstance(caught.value, BundleError) == ("bundle" in asked)
        return str(caught.value)

    return run


@pytest.mark.parametrize("case", CASES)
def test_the_message_tells_what_to_do(case: str, refused: Callable[[Make], str]) -> None:
    make, found, advice = CASES[case]
    said = refused(make)
    assert found in said
    assert advice in said


def test_every_foreign_kind_has_its_case() -> None:
    assert FOREIGN.keys() == set(KINDS)
    assert FOREIGN_FOLDERS.keys() == set(FOLDER_KINDS)
    assert DAMAGED.keys() == BROKEN.keys()


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("suffix", [".safetensors", ".ckpt"])
def test_other_architectures_are_named(kind: str, suffix: str, refused: Callable[[Make], str]) -> None:
    said = refused(lambda folder, _: {"base": write_foreign(folder / f"model{suffix}", kind, SINGLE)})
    assert f"found {FOREIGN[kind]}" in said
    assert CHOOSE_SD15 in said or kind == "vae-of-16-channels"


@pytest.mark.parametrize("kind", FOREIGN_FOLDERS)
def test_folders_of_other_architectures_are_named(kind: str, refused: Callable[[Make], str]) -> None:
    said = refused(lambda folder, _: {"base": write_foreign_folder(folder / kind, kind)})
    assert f"found {FOREIGN_FOLDERS[kind]}" in said


@pytest.mark.parametrize("version", AnimateDiff, ids=lambda version: version.name)
@pytest.mark.parametrize("adapter", [False, True])
def test_animatediff_is_not_pia(version: AnimateDiff, adapter: bool, refused: Callable[[Make], str]) -> None:
    def make(folder: Path, _models: Path) -> Asked:
        if adapter:
            return {"pia": write_animatediff_adapter(folder / "adapter", PAPERS, version)}
        return {"pia": write_animatediff(folder / "mm.ckpt", PAPERS, version)}

    said = refused(make)
    assert f"found {ANIMATEDIFF[version]}" in said
    assert "Get pia.ckpt or the folder PIA-condition-adapter" in said


@pytest.mark.parametrize(("kind", "role"), MISTAKEN)
def test_one_thing_is_taken_for_another(kind: str, role: str, refused: Callable[[Make], str]) -> None:
    said = refused(lambda folder, models: ROLES[role](RIGHT[kind](folder, models)))
    found, advice = MISTAKEN[kind, role]
    assert f"found {found}" in said
    assert advice in said


@pytest.mark.parametrize("damage", DAMAGED)
@pytest.mark.parametrize(("role", "suffix"), DAMAGED_ROLES)
def test_damaged_files(damage: str, role: str, suffix: str, refused: Callable[[Make], str]) -> None:
    said = refused(lambda folder, _: ROLES[role](BROKEN[damage](folder / f"model{suffix}")))
    found, advice = DAMAGED[damage]
    assert f"found {found}" in said
    assert advice in said
    assert f"model{suffix}: expected " in said


def test_nothing_is_left_in_the_store_either(models: Path, tmp_path: Path) -> None:
    asked = right(models) | changed(spoil("conv_in.weight", float("nan")))(tmp_path, models)
    with pytest.raises(ModelError, match="holds NaN"):
        import_bundle(ImportRequest(**asked))
    assert [path for path in (tmp_path / "elsewhere").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("case", ["one missing", "a pipe", "wider embedding", "half a change", "no tokenizer"])
def test_a_plan_tells_it_already(case: str, models: Path, tmp_path: Path) -> None:
    make, found, _ = CASES[case]
    with pytest.raises(ModelError) as caught:
        make_plan(ImportRequest(**right(models) | make(tmp_path, models)))
    assert found in str(caught.value)


def test_numbers_too_large_for_fp16_are_kept_in_fp32(models: Path, tmp_path: Path) -> None:
    asked = right(models) | changed(spoil("conv_out.weight", 1e6))(tmp_path, models)
    bundle = import_bundle(ImportRequest(**asked, precision=Precision.FP32), tmp_path / "made")
    assert bundle.manifest.modules[Module.UNET].precision == "fp32"


def test_an_older_bundle_survives_a_refusal(models: Path, tmp_path: Path) -> None:
    before = import_bundle(ImportRequest(**right(models)), tmp_path / "made")
    asked = right(models) | changed(spoil("conv_in.weight", float("nan")))(tmp_path, models)
    with pytest.raises(ModelError, match="holds NaN"):
        import_bundle(ImportRequest(**asked), tmp_path / "made", overwrite=True)
    assert Bundle.open(tmp_path / "made").sha256 == before.sha256


@pytest.mark.parametrize(
    ("role", "found"), [("base", "a bundle of PIA Edge"), ("vae", "a bundle of PIA Edge"), ("pia", "none beside")]
)
def test_a_bundle_is_no_model(role: str, found: str, tiny: Bundle, models: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        import_bundle(ImportRequest(**right(models) | ROLES[role](tiny.path)), tmp_path / "made")
    assert f"found {found}" in str(caught.value)
    assert ("Give it with --from" in str(caught.value)) == (role != "pia")
    assert list(tmp_path.iterdir()) == []


def test_an_exported_bundle_gives_no_weights(sample_bundle: Bundle, models: Path, tmp_path: Path) -> None:
    asked = ImportRequest(bundle=sample_bundle.path, base=models / "sd15")
    with pytest.raises(
        ModelError, match=r"expected a reference bundle, found format onnx.*Name the bundle that it was"
    ):
        import_bundle(asked, tmp_path / "made")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("given", [{}, {"base": Path("a")}, {"pia": Path("b")}, {"loras": ()}])
def test_too_little_is_asked_for(given: Asked) -> None:
    with pytest.raises(RequestError, match=r"Expected a base model and PIA weights.*Name both"):
        ImportRequest(**given)
    with pytest.raises(RequestError, match="Expected something to change in the bundle"):
        ImportRequest(bundle=Path("c"), **{role: value for role, value in given.items() if role == "loras"})
