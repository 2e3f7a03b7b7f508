"""The three sizes of the stand-ins, with the configurations, names and weights of their networks."""

import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import nn

from tests.standins.lazy import Lazy, Shapes, State, fixed, published, seeded

with warnings.catch_warnings():
    # diffusers and transformers warn about their own deprecations at import.
    warnings.simplefilter("ignore")
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

POSITION_IDS = "text_model.embeddings.position_ids"


@dataclass(frozen=True, kw_only=True)
class StandIn:
    """Sizes of one set of networks; with another ``seed`` and ``published=False`` it holds other weights."""

    name: str
    channels: tuple[int, ...]
    cross_attention_dim: int
    vae_channels: tuple[int, ...]
    vae_layers: int
    vae_groups: int
    hidden: int
    intermediate: int
    text_heads: int
    text_layers: int
    vocabulary: int
    # bos, eos, pad in the text encoder's configuration.
    special_ids: tuple[int, int, int]
    sample_size: int
    published: bool
    seed: int = 0

    def draw(self, name: str, shape: tuple[int, ...]) -> Lazy:
        return published(name, shape) if self.published else seeded(self.seed, name, shape)


PAPERS = StandIn(
    name="papers",
    channels=(32, 64, 64, 64),
    cross_attention_dim=32,
    vae_channels=(8, 8, 8, 8),
    vae_layers=1,
    vae_groups=4,
    hidden=32,
    intermediate=37,
    text_heads=4,
    text_layers=3,
    vocabulary=514,
    special_ids=(512, 513, 513),
    sample_size=8,
    published=True,
)
"""The reference run's networks. Heads and groups cannot be told from the weights: for folders only."""

SINGLE = StandIn(
    name="single",
    channels=(32, 64, 64, 64),
    cross_attention_dim=64,
    vae_channels=(32, 64, 96, 96),
    vae_layers=2,
    vae_groups=32,
    hidden=64,
    intermediate=256,
    text_heads=1,
    text_layers=3,
    vocabulary=514,
    special_ids=(512, 513, 513),
    sample_size=8,
    published=True,
)
"""Small, but as a single file states it: 8 UNet heads, 32 groups, text heads of 64."""

FULL = StandIn(
    name="full",
    channels=(320, 640, 1280, 1280),
    cross_attention_dim=768,
    vae_channels=(128, 256, 512, 512),
    vae_layers=2,
    vae_groups=32,
    hidden=768,
    intermediate=3072,
    text_heads=12,
    text_layers=12,
    vocabulary=49408,
    # What Stable Diffusion 1.5's file says; the tokenizer's are 49406 and 49407.
    special_ids=(0, 2, 1),
    sample_size=64,
    published=False,
)
"""Stable Diffusion 1.5."""


def unet_config(size: StandIn) -> dict[str, Any]:
    """Return unet/config.json with the keys of the Stable Diffusion 1.5 repository."""
    return {
        "_class_name": "UNet2DConditionModel",
        "_diffusers_version": "0.6.0",
        "act_fn": "silu",
        "attention_head_dim": 8,
        "block_out_channels": list(size.channels),
        "center_input_sample": False,
        "cross_attention_dim": size.cross_attention_dim,
        "down_block_types": ["CrossAttnDownBlock2D"] * 3 + ["DownBlock2D"],
        "downsample_padding": 1,
        "flip_sin_to_cos": True,
        "freq_shift": 0,
        "in_channels": 4,
        "layers_per_block": 2,
        "mid_block_scale_factor": 1,
        "norm_eps": 1e-05,
        "norm_num_groups": 32,
        "out_channels": 4,
        "sample_size": size.sample_size,
        "up_block_types": ["UpBlock2D"] + ["CrossAttnUpBlock2D"] * 3,
    }


def vae_config(size: StandIn) -> dict[str, Any]:
    """Return vae/config.json; as in the original it has no ``scaling_factor``."""
    return {
        "_class_name": "AutoencoderKL",
        "_diffusers_version": "0.6.0",
        "act_fn": "silu",
        "block_out_channels": list(size.vae_channels),
        "down_block_types": ["DownEncoderBlock2D"] * 4,
        "in_channels": 3,
        "latent_channels": 4,
        "layers_per_block": size.vae_layers,
        "norm_num_groups": size.vae_groups,
        "out_channels": 3,
        "sample_size": 8 * size.sample_size,
        "up_block_types": ["UpDecoderBlock2D"] * 4,
    }


def text_config(size: StandIn) -> dict[str, Any]:
    """Return text_encoder/config.json."""
    bos, eos, pad = size.special_ids
    return {
        "_name_or_path": "openai/clip-vit-large-patch14",
        "architectures": ["CLIPTextModel"],
        "attention_dropout": 0.0,
        "bos_token_id": bos,
        "dropout": 0.0,
        "eos_token_id": eos,
        "hidden_act": "quick_gelu",
        "hidden_size": size.hidden,
        "initializer_factor": 1.0,
        "initializer_range": 0.02,
        "intermediate_size": size.intermediate,
        "layer_norm_eps": 1e-05,
        "max_position_embeddings": 77,
        "model_type": "clip_text_model",
        "num_attention_heads": size.text_heads,
        "num_hidden_layers": size.text_layers,
        "pad_token_id": pad,
        "projection_dim": size.hidden,
        "torch_dtype": "float32",
        "transformers_version": "4.22.0.dev0",
        "vocab_size": size.vocabulary,
    }


@cache
def unet_shapes(size: StandIn) -> Shapes:
    with torch.device("meta"):
        return _shapes(UNet2DConditionModel.from_config(unet_config(size)))


@cache
def vae_shapes(size: StandIn) -> Shapes:
    with torch.device("meta"):
        return _shapes(AutoencoderKL.from_config(vae_config(size)))


@cache
def text_shapes(size: StandIn) -> Shapes:
    with torch.device("meta"):
        return _shapes(CLIPTextModel(CLIPTextConfig(**text_config(size))))


def unet_state(size: StandIn) -> State:
    """Return the base UNet's weights under diffusers' names, fp32."""
    state = {name: size.draw(name, shape) for name, shape in unet_shapes(size).items()}
    if size.published:
        # The reference run drew nine channels; a base model holds the four of the noisy latents.
        shape = state["conv_in.weight"].shape
        nine = size.draw("conv_in.weight", (shape[0], 9, *shape[2:]))
        state["conv_in.weight"] = Lazy(shape, lambda: nine.tensor()[:, :4])
    return state


def vae_state(size: StandIn) -> State:
    return {name: size.draw(f"vae.{name}", shape) for name, shape in vae_shapes(size).items()}


def text_state(size: StandIn) -> State:
    """Return the text encoder's weights and its position ids."""
    state = {
        name: size.draw(f"text.{name.removeprefix('text_model.')}", shape) for name, shape in text_shapes(size).items()
    }
    state[POSITION_IDS] = fixed(torch.arange(77).reshape(1, 77))
    return state


def _shapes(network: nn.Module) -> Shapes:
    return {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}
