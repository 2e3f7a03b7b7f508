"""A tiny decoder in every layout gives the same file of a bundle, and a bundle keeps it."""

import hashlib
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from pia_edge.bundle import Bundle
from pia_edge.importer import ImportRequest, Precision, ScaledPath, import_bundle, make_plan
from pia_edge.modules import Module
from pia_edge.runtimes.reference import Reference
from tests.standins.lazy import tensors
from tests.standins.lora_files import write_kohya
from tests.standins.sizes import PAPERS
from tests.standins.tiny_decoder_files import (
    CONFIG,
    tiny_state,
    write_tiny_autoencoder,
    write_tiny_decoder,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from diffusers import AutoencoderTiny

Writer = Callable[[Path], Path]

FILE = "tiny_decoder.safetensors"
LAYOUTS: dict[str, Writer] = {
    "original": lambda f: write_tiny_decoder(f / "taesd_decoder.safetensors"),
    "original pickle": lambda f: write_tiny_decoder(f / "taesd_decoder.pth"),
    "folder": lambda f: write_tiny_autoencoder(f / "taesd"),
    "folder of the decoder alone": lambda f: write_tiny_autoencoder(f / "taesd", halves=("decoder",)),
    "diffusers' file": lambda f: write_tiny_autoencoder(f / "taesd") / "diffusion_pytorch_model.safetensors",
    "folder of the original file": lambda f: write_tiny_decoder(f / "taesd" / "taesd_decoder.safetensors").parent,
}


def request(models: Path, tiny_decoder: Path | None) -> ImportRequest:
    return ImportRequest(
        base=models / "sd15",
        pia=models / "pia.safetensors",
        tiny_decoder=tiny_decoder,
        precision=Precision.FP32,
        allow_pickle=True,
    )


@pytest.fixture(scope="module")
def imported(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("tiny")
    return import_bundle(request(models, LAYOUTS["original"](folder)), folder / "bundle")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_weights(layout: str, models: Path, imported: Bundle, tmp_path: Path) -> None:
    bundle = import_bundle(request(models, LAYOUTS[layout](tmp_path)), tmp_path / "bundle")
    assert bundle.manifest.files[FILE] == imported.manifest.files[FILE]
    assert bundle.manifest.modules == imported.manifest.modules


def test_it_decodes_as_diffusers_does(imported: Bundle) -> None:
    network = AutoencoderTiny.from_config(CONFIG)
    network.load_state_dict(tensors(tiny_state()))
    latents = np.random.default_rng(0).standard_normal((1, 4, 6, 9), dtype=np.float32)
    with torch.inference_mode():
        expected = network.eval().decode(torch.from_numpy(latents)).sample.numpy()
    (found,) = Reference().load(imported, Module.TINY_DECODER, "cpu").infer(latents=latents)
    assert np.abs(found - expected).max() < 1e-5 * np.abs(expected).max()


def test_weights_are_kept_as_precisely_as_the_others(imported: Bundle, tmp_path: Path) -> None:
    half = import_bundle(ImportRequest(bundle=imported.path, precision=Precision.FP16), tmp_path / "half")
    assert {tensor.dtype for tensor in load_file(half.path / FILE).values()} == {torch.float16}
    assert half.manifest.modules[Module.TINY_DECODER].precision == "fp16"


def test_where_it_came_from(models: Path, tmp_path: Path) -> None:
    folder = LAYOUTS["folder"](tmp_path)
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# TAESD\n")
    bundle = import_bundle(request(models, folder), tmp_path / "bundle")
    (source,) = (source for source in bundle.manifest.sources if source.part == "tiny decoder")
    assert (source.origin, source.licence) == ("taesd/diffusion_pytorch_model.safetensors", "mit")
    file = folder / "diffusion_pytorch_model.safetensors"
    assert source.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_plan_names_it(models: Path, tmp_path: Path) -> None:
    lines = list(make_plan(request(models, LAYOUTS["folder"](tmp_path))).lines())
    at = next(index for index, line in enumerate(lines) if line.startswith("tiny decoder: "))
    assert lines[at : at + 3] == [
        "tiny decoder: diffusion_pytorch_model.safetensors, safetensors: a tiny autoencoder (TAESD) under diffusers' "
        "names",
        "tiny decoder:   67 tensors: tiny decoder",
        "tiny decoder:   67 tensors left out: the encoder, which the bundle's own autoencoder gives",
    ]


def test_a_bundle_keeps_it_when_something_else_changes(imported: Bundle, tmp_path: Path) -> None:
    lora = write_kohya(tmp_path / "ink.safetensors", PAPERS)
    asked = ImportRequest(bundle=imported.path, loras=(ScaledPath(lora.path),))
    assert "tiny decoder" in next(iter(make_plan(asked).lines()))
    changed = import_bundle(asked, tmp_path / "bundle")
    assert changed.manifest.files[FILE] == imported.manifest.files[FILE]
    assert {"tiny decoder", "lora"} <= {source.part for source in changed.manifest.sources}


def test_it_can_be_added_to_a_bundle_and_replaced(models: Path, imported: Bundle, tmp_path: Path) -> None:
    without = import_bundle(request(models, None), tmp_path / "without")
    assert Module.TINY_DECODER not in without.manifest.modules
    assert FILE not in without.manifest.files
    added = import_bundle(
        ImportRequest(bundle=without.path, tiny_decoder=LAYOUTS["folder"](tmp_path)), tmp_path / "added"
    )
    assert added.manifest.files == imported.manifest.files
    other = write_tiny_decoder(tmp_path / "other.safetensors", dtype=torch.float16)
    replaced = import_bundle(ImportRequest(bundle=added.path, tiny_decoder=other), tmp_path / "replaced")
    assert replaced.manifest.files[FILE] != added.manifest.files[FILE]
    assert [source.origin for source in replaced.manifest.sources if source.part == "tiny decoder"] == [other.name]
    assert "tiny decoder" not in next(iter(make_plan(ImportRequest(bundle=added.path, tiny_decoder=other)).lines()))
