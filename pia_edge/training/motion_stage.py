"""Stage three: train only the motion modules and the condition module on clips with measured affinity."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .autoencoder import Autoencoder
from .base_stage import encode
from .clip_affinity import hsv_scores, scores_to_affinity
from .clips import ClipBatch, draw_clips
from .course import NUM_FRAMES
from .diffusion import Schedule, draw_timesteps
from .loop import LoopSettings, Trainer
from .network import SAMPLE_CONFIG, PiaNetwork, base_weights, open_tokenizer, token_ids, vocabulary_size
from .pictures import Pictures
from .temporal_start import prefer_own_frame

CONDITION_DROP = 0.1
FULL_SIZE_FROM = 0.88
SMALL, FULL = (64, 1), (128, 1)


@dataclass(frozen=True, kw_only=True)
class StageInputs:
    """What the stage needs beside the network."""

    pictures: Pictures
    autoencoder: Autoencoder
    scaling_factor: float
    statistics: Tensor
    """(kinds, 16, 2)."""


@dataclass(frozen=True, kw_only=True)
class NoisedClips:
    """What the network reads and what it should say, all per clip."""

    noisy: Tensor
    velocity: Tensor
    """Both (clips, channels, frames, height, width)."""
    timestep: Tensor
    ids: Tensor
    affinity: Tensor
    """(clips, frames), zero where the condition is dropped; so are the image_latents."""
    image_latents: Tensor


class ClipSource:
    """Films, encodes and noises clips."""

    def __init__(self, inputs: StageInputs, folder: Path, seed: int, device: str, batch_scale: int = 1) -> None:
        self.inputs, self.seed, self.device, self.batch_scale = inputs, seed, device, batch_scale
        self.tokenizer, self.schedule = open_tokenizer(folder), Schedule(device)

    def latents(self, drawn: ClipBatch, generator: torch.Generator) -> Tensor:
        """Return scaled latents (clips, channels, frames, height, width)."""
        pixels = (drawn.frames * 2 - 1).flatten(0, 1).to(self.device)
        encoded = encode(self.inputs.autoencoder, pixels, self.inputs.scaling_factor, generator)
        clips: Tensor = encoded.unflatten(0, (-1, NUM_FRAMES)).transpose(1, 2)
        return clips

    def __call__(self, index: int, progress: float) -> NoisedClips:
        """Return the batch of ``index``: windows of clips first, whole clips in the last part."""
        generator = np.random.default_rng((self.seed, 5, index))
        noise_generator = torch.Generator().manual_seed(int(generator.integers(0, 2**62)))
        size, clips = SMALL if progress < FULL_SIZE_FROM else FULL
        batch = clips * self.batch_scale
        drawn = draw_clips(self.inputs.pictures, generator, size, batch)
        latents = self.latents(drawn, noise_generator)
        scores = hsv_scores(drawn.frames, drawn.condition_frame).cpu()
        rows = self.inputs.statistics[drawn.kinds]
        affinity = scores_to_affinity(scores, drawn.condition_frame, rows).to(self.device)
        image_latents = latents[torch.arange(batch), :, drawn.condition_frame]
        kept = torch.from_numpy((generator.random(batch) >= CONDITION_DROP).astype(np.float32)).to(self.device)
        timestep = draw_timesteps(generator, batch).to(self.device)
        noise = torch.randn(latents.shape, generator=noise_generator).to(self.device)
        noised = self.schedule.add_noise(latents, noise, timestep)
        return NoisedClips(
            noisy=noised.latents,
            velocity=noised.velocity,
            timestep=timestep,
            ids=token_ids(self.tokenizer, drawn.texts).to(self.device),
            affinity=affinity * kept[:, None],
            image_latents=image_latents * kept[:, None, None, None],
        )


def clip_loss(network: PiaNetwork, batch: NoisedClips) -> Tensor:
    """Return the mean squared velocity error of a batch, all frames counting alike."""
    with torch.no_grad():
        text = network.text_encoder(batch.ids)
    with torch.autocast(batch.noisy.device.type, torch.bfloat16):
        appearance, gain = network.condition(batch.image_latents)
        velocity = network.unet(batch.noisy, batch.timestep, text, batch.affinity, appearance, gain).float()
    loss: Tensor = (velocity - batch.velocity).square().mean()
    return loss


def train_motion(inputs: StageInputs, folder: Path, settings: LoopSettings, seed: int, device: str) -> None:
    """Train to ``folder``/motion.pt on the frozen base of ``folder``/base.pt, resuming where a checkpoint lies."""
    torch.manual_seed(seed)
    network = PiaNetwork(SAMPLE_CONFIG, vocabulary_size(folder))
    network.load_base(base_weights(folder))
    prefer_own_frame(network, seed)
    network.freeze_base()
    network.to(device)
    inputs.autoencoder.to(device)
    inputs = replace(inputs, pictures=inputs.pictures.to(device))
    trainer = Trainer(network, settings, folder, "motion", rates={"condition.": 3.0})
    trainer.resume()

    def loss_of(batch: NoisedClips) -> tuple[Tensor, dict[str, float]]:
        extras = {"timestep": batch.timestep.float().mean().item(), "latent_size": float(batch.noisy.shape[-1])}
        return clip_loss(network, batch), extras

    trainer.run(ClipSource(inputs, folder, seed, device, settings.batch_scale), loss_of)
