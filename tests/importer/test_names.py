"""Names of single-file checkpoints at full size, against diffusers' own converters."""

import warnings
from typing import Any

import pytest
import torch

from pia_edge.importer.kinds import Kind, kind_of
from pia_edge.importer.ldm_names import text_names, unet_names, vae_names
from pia_edge.importer.lora_names import LayerNames
from tests.standins.ldm_base import unet_ldm, vae_ldm
from tests.standins.sizes import (
    FULL,
    PAPERS,
    SINGLE,
    StandIn,
    text_shapes,
    unet_config,
    unet_shapes,
    vae_config,
    vae_shapes,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from diffusers.loaders.single_file_utils import convert_ldm_unet_checkpoint, convert_ldm_vae_checkpoint

SIZES = pytest.mark.parametrize("size", [PAPERS, SINGLE, FULL], ids=lambda size: size.name)


def table_of(converter: Any, names: list[str], shapes: dict[str, Any], prefix: str, config: Any) -> dict[str, str]:
    """Return {diffusers' name: LDM name}, read off the converter by tensors that hold their own number."""
    numbered = {f"{prefix}{name}": torch.tensor(float(i)).expand(shapes[name]) for i, name in enumerate(names)}
    converted = converter(numbered, config)
    return {name: names[int(tensor.flatten()[0])] for name, tensor in converted.items()}


@SIZES
def test_unet(size: StandIn) -> None:
    shapes = {name: lazy.shape for name, lazy in unet_ldm(size).items()}
    theirs = table_of(convert_ldm_unet_checkpoint, list(shapes), shapes, "model.diffusion_model.", unet_config(size))
    assert unet_names(shapes) == theirs
    assert theirs.keys() == unet_shapes(size).keys()


@SIZES
def test_autoencoder(size: StandIn) -> None:
    shapes = {name: lazy.shape for name, lazy in vae_ldm(size).items()}
    theirs = table_of(convert_ldm_vae_checkpoint, list(shapes), shapes, "first_stage_model.", vae_config(size))
    assert vae_names(shapes) == theirs
    assert theirs.keys() == vae_shapes(size).keys()


def test_names_that_are_diffusers_already_stay() -> None:
    assert all(ours == theirs for ours, theirs in vae_names(vae_shapes(FULL)).items())
    assert all(ours == theirs for ours, theirs in text_names(text_shapes(FULL)).items())


def test_no_two_layers_share_a_spelling_with_underscores() -> None:
    layers = {name.removesuffix(".weight") for name in unet_shapes(FULL) | text_shapes(FULL) if name.endswith("weight")}
    assert len({layer.replace(".", "_") for layer in layers}) == len(layers)
    found = LayerNames([f"{layer}.weight" for layer in layers])
    for layer in layers:
        prefix = "lora_te_" if layer.startswith("text_model") else "lora_unet_"
        assert found.find(prefix + layer.replace(".", "_")) == layer


def test_a_tensor_without_a_name_of_ours_is_unknown() -> None:
    assert kind_of({"a.weight": (3, 3)}) is Kind.UNKNOWN
    assert kind_of({}) is Kind.UNKNOWN
