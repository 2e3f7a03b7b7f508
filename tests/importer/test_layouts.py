"""Every layout of base model and PIA weights gives the same bundle, and that bundle is the paper's network."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from pia_edge.affinity import affinity_curve
from pia_edge.backend import Array
from pia_edge.bundle import Bundle
from pia_edge.importer import ImportRequest, Precision, import_bundle
from pia_edge.modules import Module
from pia_edge.request import Level, Motion
from pia_edge.runtimes.reference import Reference
from tests import reference
from tests.standins.diffusers_base import write_folder
from tests.standins.lazy import tensors
from tests.standins.ldm_base import LdmForm, write_single_file
from tests.standins.pia_files import write_pia, write_pia_adapter, write_pia_adapter_file
from tests.standins.sizes import PAPERS, SINGLE, vae_state
from tests.standins.vae_files import write_vae
from tests.standins.vocabulary import write_tokenizer

Writer = Callable[[Path], Path]

FP32 = torch.float32
# Heads of the text encoder and groups of the autoencoder cannot be seen in a single file of such small networks, so
# these two come from the folder.
UNET_ALONE = LdmForm(dtype=FP32, vae=False, text=False)
BASES: dict[str, Writer] = {
    "folder, today's VAE names": lambda f: write_folder(f / "base", PAPERS, old_vae_names=False),
    "folder of pickles": lambda f: write_folder(f / "base", PAPERS, weights="bin"),
    "folder, only the fp16 variant's names": lambda f: write_folder(f / "base", PAPERS, weights="fp16", dtype=FP32),
    "single file": lambda f: write_single_file(f / "base.safetensors", PAPERS, UNET_ALONE),
    "single file with EMA and schedule": lambda f: write_single_file(
        f / "base.safetensors", PAPERS, LdmForm(dtype=FP32, vae=False, text=False, ema=True, buffers=torch.float64)
    ),
    "single pickle in a wrapper": lambda f: write_single_file(f / "base.ckpt", PAPERS, UNET_ALONE),
    "single pickle": lambda f: write_single_file(f / "base.ckpt", PAPERS, UNET_ALONE, wrapper=False),
    "UNet without prefix": lambda f: write_single_file(
        f / "base.safetensors", PAPERS, LdmForm(dtype=FP32, prefix=False)
    ),
    "UNet's folder of diffusers": lambda f: write_folder(f / "whole", PAPERS) / "unet",
}
PIAS: dict[str, Writer] = {
    "pia.ckpt": lambda f: write_pia(f / "pia.ckpt", PAPERS),
    "pickle with wrapper and prefix": lambda f: write_pia(f / "p.ckpt", PAPERS, wrapper=True, module_prefix=True),
    "pickle from a GPU": lambda f: write_pia(f / "p.ckpt", PAPERS, location="cuda:0"),
    "a training run's": lambda f: write_pia(f / "p.ckpt", PAPERS, whole_unet=True),
    "safetensors with prefix": lambda f: write_pia(f / "p.safetensors", PAPERS, module_prefix=True),
    "adapter folder": lambda f: write_pia_adapter(f / "adapter", PAPERS),
    "adapter folder of pickles": lambda f: write_pia_adapter(f / "adapter", PAPERS, weights="bin"),
    "adapter's file": lambda f: write_pia_adapter_file(f / "adapter.safetensors", PAPERS),
}


def request(models: Path, base: Path, pia: Path) -> ImportRequest:
    return ImportRequest(
        base=base,
        pia=pia,
        vae=models / "sd15" / "vae",
        text_encoder=models / "sd15" / "text_encoder",
        tokenizer=models / "sd15" / "tokenizer",
        precision=Precision.FP32,
        allow_pickle=True,
        name="papers",
    )


@pytest.fixture(scope="module")
def imported(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The folder of diffusers with the attention names of the published autoencoder, and pia.safetensors."""
    plain = ImportRequest(base=models / "sd15", pia=models / "pia.safetensors", precision=Precision.FP32)
    return import_bundle(plain, tmp_path_factory.mktemp("imported") / "papers")


def contents(bundle: Bundle) -> dict[str, str]:
    return {name: file.sha256 for name, file in bundle.manifest.files.items()}


@pytest.mark.parametrize("layout", BASES)
def test_base_in_every_layout_gives_the_same_bytes(layout: str, models: Path, imported: Bundle, tmp_path: Path) -> None:
    base = BASES[layout](tmp_path)
    bundle = import_bundle(request(models, base, models / "pia.safetensors"), tmp_path / "out")
    assert contents(bundle) == contents(imported)


@pytest.mark.parametrize("layout", PIAS)
def test_pia_in_every_layout_gives_the_same_bytes(layout: str, models: Path, imported: Bundle, tmp_path: Path) -> None:
    bundle = import_bundle(request(models, models / "sd15", PIAS[layout](tmp_path)), tmp_path / "out")
    assert contents(bundle) == contents(imported)


def infer(bundle: Bundle, module: Module, **inputs: Array) -> tuple[Array, ...]:
    return Reference().load(bundle, module, "cpu").infer(**inputs)


def test_one_call_equals_the_papers_code(imported: Bundle) -> None:
    stored = reference.arrays("unet")
    unet = Reference().load(imported, Module.UNET, "cpu")
    for index in range(2):
        # The reference holds two clips with a picture each; a session takes one picture a call.
        one = slice(index, index + 1)
        appearance, gain = infer(imported, Module.CONDITION, image_latents=stored["masked"][one, :, 0].copy())
        (out,) = unet.infer(
            latents=stored["sample"][one],
            timestep=np.array([501], dtype=np.int64),
            encoder_hidden_states=stored["encoder_hidden_states"][one],
            affinity=stored["mask_coef"][None],
            appearance=appearance,
            gain=gain,
        )
        assert reference.relative_error(out, stored["out"][one]) < 1e-5


def test_every_step_equals_the_papers_pipeline(imported: Bundle) -> None:
    stored = reference.arrays("pipeline")
    image_latents = stored["masked_image"].reshape(-1, 4, 6, 8, 9)[0, :, 0][None].copy()
    appearance, gain = infer(imported, Module.CONDITION, image_latents=image_latents)
    affinity = affinity_curve(Motion(level=Level.MEDIUM, original_rows=True), 6, 0)
    unet = Reference().load(imported, Module.UNET, "cpu")
    before = [stored["init_latents"], *stored["latents"][:-1]]
    for step, timestep in enumerate(stored["timesteps"]):
        (noise_pred,) = unet.infer(
            latents=np.repeat(before[step].reshape(1, 4, 6, 8, 9), 2, axis=0),
            timestep=np.array([timestep], dtype=np.int64),
            encoder_hidden_states=stored["text_embeddings"],
            affinity=affinity[None],
            appearance=appearance,
            gain=gain,
        )
        assert reference.relative_error(noise_pred, stored["noise_pred"][step]) < 2e-5, step


def test_text_and_pictures_equal_the_papers_pipeline(imported: Bundle) -> None:
    from pia_edge import AnimationPipeline

    stored = reference.arrays("pipeline")
    pipeline = AnimationPipeline.open(imported, "reference")
    ids = np.stack([pipeline.tokens(prompt).ids for prompt in ("ugly", "a cat walks")])
    (states,) = infer(imported, Module.TEXT_ENCODER, input_ids=ids)
    assert reference.relative_error(states, stored["text_embeddings"]) < 1e-5
    latents = stored["latents"][-1].reshape(4, 6, 8, 9)[:, 0][None] / np.float32(0.18215)
    (image,) = infer(imported, Module.VAE_DECODER, latents=latents)
    expected = stored["video"][0, :, 0]
    assert np.abs(np.clip(image[0] / 2 + 0.5, 0, 1) - expected).max() < 1e-5


def test_a_whole_single_file_equals_a_folder(tmp_path: Path) -> None:
    tokenizer = write_tokenizer(tmp_path / "tokenizer", SINGLE)
    pia = write_pia(tmp_path / "pia.safetensors", SINGLE)
    folder = write_folder(tmp_path / "folder", SINGLE)
    forms = {
        "all": LdmForm(dtype=FP32, buffers=FP32),
        "no level": LdmForm(dtype=FP32, text_level=False),
        "odd positions": LdmForm(dtype=FP32, position_ids=torch.float16),
    }
    plain = ImportRequest(base=folder, pia=pia, precision=Precision.FP32)
    expected = contents(import_bundle(plain, tmp_path / "from folder"))
    for name, form in forms.items():
        file = write_single_file(tmp_path / f"{name}.safetensors", SINGLE, form)
        asked = ImportRequest(base=file, pia=pia, tokenizer=tokenizer, precision=Precision.FP32)
        assert contents(import_bundle(asked, tmp_path / name)) == expected, name


VAES: dict[str, Writer] = {
    "safetensors": lambda f: write_vae(f / "vae.safetensors", SINGLE),
    "names of a checkpoint": lambda f: write_vae(f / "vae.safetensors", SINGLE, naming="ldm-prefixed"),
    "pickle": lambda f: write_vae(f / "vae.pt", SINGLE),
    "of a training run": lambda f: write_vae(f / "vae.ckpt", SINGLE, training_keys=True),
    "diffusers": lambda f: write_vae(f / "vae.safetensors", SINGLE, naming="diffusers"),
    "diffusers' folder, old names": lambda f: write_folder(f / "base", SINGLE) / "vae",
    "in another base model": lambda f: write_single_file(f / "base.safetensors", SINGLE, LdmForm(dtype=FP32)),
}


@pytest.mark.parametrize("layout", VAES)
def test_separate_autoencoder_in_every_layout(layout: str, models: Path, tmp_path: Path) -> None:
    asked = ImportRequest(
        base=models / "sd15",
        pia=models / "pia.safetensors",
        vae=VAES[layout](tmp_path),
        precision=Precision.FP32,
        allow_pickle=True,
    )
    bundle = import_bundle(asked, tmp_path / "out")
    written = load_file(bundle.path / "vae.safetensors")
    expected = tensors(vae_state(SINGLE))
    assert written.keys() == expected.keys()
    assert all(torch.equal(written[name], expected[name]) for name in expected)
    assert [source.part for source in bundle.manifest.sources].count("vae") == 1
