"""Tiny autoencoders in the two layouts that TAESD is published in."""

import warnings
from functools import cache
from pathlib import Path
from typing import Any, Literal

import torch

from tests.standins.diffusers_base import Weights, write_part
from tests.standins.lazy import Lazy, Shapes, State, cast, seeded
from tests.standins.writing import write

with warnings.catch_warnings():
    # diffusers warns about its own deprecations at import.
    warnings.simplefilter("ignore")
    from diffusers import AutoencoderTiny

CONFIG: dict[str, Any] = {
    "_class_name": "AutoencoderTiny",
    "_diffusers_version": "0.20.0.dev0",
    "act_fn": "relu",
    "decoder_block_out_channels": [64, 64, 64, 64],
    "encoder_block_out_channels": [64, 64, 64, 64],
    "force_upcast": False,
    "in_channels": 3,
    "latent_channels": 4,
    "latent_magnitude": 3,
    "latent_shift": 0.5,
    "num_decoder_blocks": [3, 3, 3, 1],
    "num_encoder_blocks": [1, 3, 3, 3],
    "out_channels": 3,
    "scaling_factor": 1.0,
    "upsampling_scaling_factor": 2,
}
"""The published config.json."""


def write_tiny_autoencoder(
    folder: Path,
    *,
    weights: Weights = "safetensors",
    halves: tuple[str, ...] = ("encoder", "decoder"),
    config: dict[str, Any] | None = None,
) -> Path:
    """Write diffusers' folder; ``config`` changes entries of its config.json."""
    kept = {name: lazy for name, lazy in tiny_state().items() if name.startswith(halves)}
    return write_part(folder, CONFIG | (config or {}), kept, weights, torch.float32)


def write_tiny_decoder(
    path: Path,
    *,
    half: Literal["encoder", "decoder"] = "decoder",
    latent_channels: int = 4,
    dtype: torch.dtype = torch.float32,
) -> Path:
    """Write the original file of one half by suffix, such as ``taesd_decoder.safetensors`` or ``.pth``."""
    state = {original_name(name): lazy for name, lazy in tiny_state(latent_channels).items() if name.startswith(half)}
    return write(path, cast(state, dtype))


def tiny_state(latent_channels: int = 4) -> State:
    """Return the weights under diffusers' names, fp32."""
    return {name: _drawn(name, shape) for name, shape in _shapes(latent_channels).items()}


def original_name(name: str) -> str:
    """Return the original name: the decoder's sequence begins with a layer that bounds the latents."""
    half, _, number, rest = name.split(".", 3)
    return f"{int(number) + (half == 'decoder')}.{rest}"


def _drawn(name: str, shape: tuple[int, ...]) -> Lazy:
    return seeded(0, f"tiny.{name}", shape)


@cache
def _shapes(latent_channels: int) -> Shapes:
    with torch.device("meta"):
        network = AutoencoderTiny.from_config(CONFIG | {"latent_channels": latent_channels})
    return {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}
