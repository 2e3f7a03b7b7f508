"""Stage three: train only the motion modules and the condition module on clips with measured affinity."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .clip_affinity import hsv_scores, scores_to_affinity
from .clips import ClipBatch, draw_clips
from .course import NUM_FRAMES
from .diffusion import draw_timesteps
from .encoding import Encoding
from .loop import LoopSettings, Trainer
from .mixed_precision import mixed_precision
from .network import SAMPLE_CONFIG, PiaNetwork, base_weights, vocabulary_size
from .pictures import Pictures
from .temporal_start import prefer_own_frame

CONDITION_DROP = 0.1
FULL_SIZE_FROM = 0.7
SMALL, FULL = (64, 1), (128, 1)


@dataclass(frozen=True, kw_only=True)
class DrawnClips:
    """Clips as they were filmed, and what else was drawn to make a batch of them."""

    clips: ClipBatch
    affinity: Tensor
    """As measured, (clips, frames)."""
    kept: Tensor
    """1 where the network is shown the condition, 0 where not, (clips,)."""
    timestep: Tensor
    """(clips,)."""
    noise_seed: int


@dataclass(frozen=True, kw_only=True)
class ClipSource:
    """Films clips: windows of them first, whole ones in the last part."""

    pictures: Pictures
    statistics: Tensor
    """(kinds, 16, 2)."""
    seed: int
    batch_scale: int = 1

    def __call__(self, index: int, progress: float) -> DrawnClips:
        """Return the batch of ``index``."""
        generator = np.random.default_rng((self.seed, 5, index))
        noise_seed = int(generator.integers(0, 2**62))
        size, clips = SMALL if progress < FULL_SIZE_FROM else FULL
        batch = clips * self.batch_scale
        drawn = draw_clips(self.pictures, generator, size, batch)
        scores = hsv_scores(drawn.frames, drawn.condition_frame)
        return DrawnClips(
            clips=drawn,
            affinity=scores_to_affinity(scores, drawn.condition_frame, self.statistics[drawn.kinds]),
            kept=torch.from_numpy((generator.random(batch) >= CONDITION_DROP).astype(np.float32)),
            timestep=draw_timesteps(generator, batch),
            noise_seed=noise_seed,
        )


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


def noised_clips(drawn: DrawnClips, encoding: Encoding) -> NoisedClips:
    """Return what the network reads of ``drawn``, on its device."""
    generator, clips = encoding.generator(drawn.noise_seed), drawn.clips
    encoded = encoding.latents(clips.frames.flatten(0, 1), generator)
    latents = encoded.unflatten(0, (-1, NUM_FRAMES)).transpose(1, 2)
    noised = encoding.noised(latents, drawn.timestep, generator)
    kept = drawn.kept.to(encoding.device)
    image_latents = latents[torch.arange(len(latents)), :, clips.condition_frame]
    return NoisedClips(
        noisy=noised.latents,
        velocity=noised.velocity,
        timestep=drawn.timestep.to(encoding.device),
        ids=encoding.ids(clips.texts),
        affinity=drawn.affinity.to(encoding.device) * kept[:, None],
        image_latents=image_latents * kept[:, None, None, None],
    )


def clip_loss(network: PiaNetwork, batch: NoisedClips) -> Tensor:
    """Return the mean squared velocity error of a batch, all frames counting alike."""
    with torch.no_grad():
        text = network.text_encoder(batch.ids)
    with mixed_precision(batch.noisy.device.type):
        appearance, gain = network.condition(batch.image_latents)
        velocity = network.unet(batch.noisy, batch.timestep, text, batch.affinity, appearance, gain).float()
    loss: Tensor = (velocity - batch.velocity).square().mean()
    return loss


def train_motion(clips: ClipSource, encoding: Encoding, folder: Path, settings: LoopSettings) -> None:
    """Train to ``folder``/motion.pt on the frozen base of ``folder``/base.pt, resuming where a checkpoint lies."""
    torch.manual_seed(clips.seed)
    network = PiaNetwork(SAMPLE_CONFIG, vocabulary_size(folder))
    network.load_base(base_weights(folder))
    prefer_own_frame(network, clips.seed)
    network.freeze_base()
    network.to(encoding.device)
    trainer = Trainer(network, settings, folder, "motion", rates={"condition.": 3.0})
    trainer.resume()

    def loss_of(drawn: DrawnClips) -> tuple[Tensor, dict[str, float]]:
        batch = noised_clips(drawn, encoding)
        extras = {"timestep": drawn.timestep.float().mean().item(), "latent_size": float(batch.noisy.shape[-1])}
        return clip_loss(network, batch), extras

    trainer.run(clips, loss_of)
