"""Samples clips with the network in torch: what a training run is judged by."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .autoencoder import Autoencoder
from .diffusion import Schedule
from .mixed_precision import mixed_precision
from .network import PiaNetwork, token_ids
from .run_folder import SampleModel

# The paper's rows for small, moderate and large motion (its code's RANGE_LIST 0 to 2).
AFFINITY_ROWS: dict[str, tuple[float, ...]] = {
    "small": (1.0, 0.9, 0.85, 0.85, 0.85, 0.8),
    "moderate": (1.0, 0.8, 0.8, 0.8, 0.79, 0.78, 0.75),
    "large": (1.0, 0.8, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.6, 0.5, 0.5),
}


def affinity_row(name: str, num_frames: int) -> Tensor:
    """Return the affinity (1, num_frames) of a named motion; a row's last value goes on to the end."""
    row = AFFINITY_ROWS[name]
    return torch.tensor([[row[min(frame, len(row) - 1)] for frame in range(num_frames)]])


@dataclass(frozen=True, kw_only=True)
class SamplingSettings:
    """How a clip is sampled."""

    steps: int = 10
    guidance_scale: float = 2.0
    num_frames: int = 16
    seed: int = 0


@torch.no_grad()
def sample_latents(
    network: PiaNetwork, image_latents: Tensor, ids: Tensor, affinity: Tensor, settings: SamplingSettings
) -> Tensor:
    """Return clean scaled latents (1, channels, frames, height, width).

    Args:
        network: the clip model.
        image_latents: scaled latents of the condition image, (1, channels, height, width).
        ids: token ids of the empty text and of the prompt, (2, 77).
        affinity: (1, frames).
        settings: steps, guidance and seed.
    """
    schedule = Schedule()
    noise_generator = torch.Generator().manual_seed(settings.seed)
    _, channels, height, width = image_latents.shape
    latents = torch.randn(1, channels, settings.num_frames, height, width, generator=noise_generator)
    text = network.text_encoder(ids)
    appearance, gain = network.condition(image_latents)
    timesteps = schedule.timesteps(settings.steps)
    for timestep, previous in zip(timesteps, [*timesteps[1:], -1], strict=True):
        with mixed_precision("cpu"):
            both = network.unet(
                latents.expand(2, -1, -1, -1, -1), torch.tensor([timestep]), text, affinity, appearance, gain
            )
        unguided, guided = both.float().chunk(2)
        velocity = unguided + settings.guidance_scale * (guided - unguided)
        latents = schedule.step(latents, velocity, timestep, previous)
    return latents


@torch.no_grad()
def encode_picture(autoencoder: Autoencoder, picture: Tensor, scaling_factor: float) -> Tensor:
    """Return the scaled mean latents of a picture (1, 3, height, width) in [0, 1]."""
    return autoencoder.moments(picture * 2 - 1)[0] * scaling_factor


@torch.no_grad()
def sample_clip(
    model: SampleModel, picture: Tensor, prompt: str, affinity: Tensor, settings: SamplingSettings
) -> Tensor:
    """Return the clip (frames, 3, height, width) in [0, 1] that animates ``picture`` (1, 3, height, width)."""
    image_latents = encode_picture(model.autoencoder, picture, model.scaling_factor)
    ids = token_ids(model.tokenizer, ["", prompt])
    latents = sample_latents(model.network, image_latents, ids, affinity, settings)
    decoded = model.autoencoder.decode(latents[0].transpose(0, 1) / model.scaling_factor)
    return (decoded / 2 + 0.5).clamp(0, 1)
