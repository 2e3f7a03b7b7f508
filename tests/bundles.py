"""Reference bundles for tests: the paper's small network, and a smaller one that exports in seconds."""

import json
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import torch
from torch import Tensor

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format, Frames, Manifest, Network, Sizes, Source, Vae
from pia_edge.nn import weights
from pia_edge.nn.condition import ConditionModule
from pia_edge.nn.config import UNetConfig
from pia_edge.nn.reference_bundle import write_reference_bundle
from pia_edge.nn.tiny_decoder import TinyDecoder
from pia_edge.nn.unet import UNet
from tests import reference

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from diffusers import AutoencoderKL
    from transformers import CLIPTextConfig, CLIPTextModel

VAE: dict[str, Any] = {
    "block_out_channels": [8, 8, 8, 8],
    "down_block_types": ["DownEncoderBlock2D"] * 4,
    "up_block_types": ["UpDecoderBlock2D"] * 4,
    "layers_per_block": 1,
    "norm_num_groups": 4,
    "latent_channels": 4,
}
TEXT: dict[str, Any] = {
    "hidden_size": 32,
    "intermediate_size": 37,
    "num_attention_heads": 4,
    "num_hidden_layers": 3,
    "vocab_size": 514,
    "bos_token_id": 512,
    "eos_token_id": 513,
    "pad_token_id": 513,
}
TINY_UNET: dict[str, Any] = {
    "block_out_channels": [16, 32],
    "cross_attention": [False, True],
    "layers_per_block": 1,
    "cross_attention_dim": 32,
    "num_heads": 2,
    "motion_heads": 2,
    "norm_groups": 8,
}


def write_byte_tokenizer(folder: Path) -> tuple[Path, Path]:
    """Write CLIP's byte-level vocabulary without merges: 256 letters, 256 that end a word, start and end."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {byte: chr(byte) for byte in printable}
    others = (byte for byte in range(256) if byte not in letters)
    letters |= {byte: chr(256 + index) for index, byte in enumerate(others)}
    ordered = list(letters.values())
    tokens = [*ordered, *(f"{letter}</w>" for letter in ordered), "<|startoftext|>", "<|endoftext|>"]
    vocab, merges = folder / "vocab.json", folder / "merges.txt"
    vocab.write_text(json.dumps({token: index for index, token in enumerate(tokens)}))
    merges.write_text("#version: 0.2\n")
    return vocab, merges


def manifest(unet: dict[str, Any], name: str) -> Manifest:
    return Manifest(
        name=name,
        format=Format.TORCH,
        norm_mode="pia",
        modules={},
        sizes=Sizes(multiple=8, minimum=16, maximum=256, long_edge=64),
        frames=Frames(trained=16, maximum=32),
        vae=Vae(),
        network=Network(unet=unet, vae=VAE, text_encoder=TEXT),
        sources=(Source(part="all", origin="drawn from names", licence="Apache-2.0"),),
        files={},
    )


def drawn(state: dict[str, Tensor], prefix: str, name: Callable[[str], str] = str) -> dict[str, Tensor]:
    """Return ``state`` with the numbers that the reference run drew for these names."""
    return {
        key: reference.draw(prefix + name(key), tuple(tensor.shape)) if tensor.is_floating_point() else tensor
        for key, tensor in state.items()
    }


def without_text_model(key: str) -> str:
    return key.removeprefix("text_model.")


def write(
    folder: Path,
    unet: dict[str, Any],
    pia: weights.PiaWeights,
    name: str,
    tiny_decoder: dict[str, Tensor] | None = None,
) -> Bundle:
    folder.mkdir(parents=True, exist_ok=True)
    return write_reference_bundle(
        folder / name,
        manifest=manifest(unet, name),
        weights=pia,
        vae=drawn(AutoencoderKL(**VAE).state_dict(), "vae."),
        text_encoder=drawn(CLIPTextModel(CLIPTextConfig(**TEXT)).state_dict(), "text.", without_text_model),
        tiny_decoder=tiny_decoder,
        tokenizer=write_byte_tokenizer(folder),
    )


def papers_bundle(folder: Path) -> Bundle:
    """Write the small network on which the paper's code was run, as a reference bundle."""
    unet: dict[str, Any] = {"block_out_channels": [32, 64, 64, 64], "cross_attention_dim": 32}
    return write(folder, unet, weights.from_original(reference.original_state()), "papers")


def tiny_bundle(folder: Path, *, tiny_decoder: bool = False) -> Bundle:
    """Write a two-level network with random weights, as a reference bundle; with a tiny decoder if asked for."""
    torch.manual_seed(0)
    arguments: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in TINY_UNET.items()
    }
    unet = UNet(UNetConfig(**arguments))
    condition = ConditionModule(4, 16)
    for parameter in [*unet.parameters(), *condition.parameters()]:
        if not parameter.any():
            torch.nn.init.normal_(parameter, std=0.05)
    state = {name: tensor.half() for name, tensor in unet.state_dict().items()}
    pia = weights.PiaWeights(
        spatial={name: tensor for name, tensor in state.items() if "motion_modules" not in name},
        temporal={name: tensor for name, tensor in state.items() if "motion_modules" in name},
        condition={name: tensor.half() for name, tensor in condition.state_dict().items()},
    )
    decoder = drawn(TinyDecoder().state_dict(), "tiny_decoder.") if tiny_decoder else None
    return write(folder, TINY_UNET, pia, "tiny", decoder)


def called(bundle: Bundle, precision: str) -> Bundle:
    """Return ``bundle`` as if its modules were of another precision."""
    modules = {
        module: msgspec.structs.replace(artifact, precision=precision)
        for module, artifact in bundle.manifest.modules.items()
    }
    return replace(bundle, manifest=msgspec.structs.replace(bundle.manifest, modules=modules))
