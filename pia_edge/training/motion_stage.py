"""Stage three: train only the motion modules and the condition module on clips with measured affinity."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .autoencoder import Autoencoder
from .base_stage import encode
from .captions import MotionKind, clip_caption
from .clip_affinity import hsv_scores, measure_statistics, scores_to_affinity
from .diffusion import TRAIN_STEPS, Schedule
from .loop import LoopSettings, Trainer, averaged_weights
from .motions import NUM_FRAMES, clip_times, draw_motion, draw_window, film
from .network import SAMPLE_CONFIG, PiaNetwork, open_tokenizer, token_ids, vocabulary_size
from .pictures import Pictures
from .temporal_start import prefer_own_frame

TEXT_DROP = 0.1
CONDITION_DROP = 0.1
FIRST_FRAME_SHARE = 0.9
FULL_SIZE_FROM = 0.88
SMALL, FULL = (64, 1), (128, 1)
HIGH_NOISE_POWER = 0.4
STATISTICS_CLIPS = 64
"""Of each kind of motion."""
KINDS = list(MotionKind)


@dataclass(frozen=True, kw_only=True)
class ClipBatch:
    """Clips to learn from."""

    frames: Tensor
    """RGB (clips, frames, 3, size, size) in [0, 1]."""
    condition_frame: Tensor
    """(clips,)."""
    texts: list[str]
    kinds: Tensor
    """Which of ``KINDS`` each clip shows, (clips,)."""


def draw_clips(
    pictures: Pictures, generator: np.random.Generator, size: int, batch: int, kind: MotionKind | None = None
) -> ClipBatch:
    """Return clips with captions and their condition frames, of one kind of motion or of any.

    Any frame can be the condition frame, as in the paper, but most often it is the first: that is the one users
    animate from, and a short run learns little from the rest.
    """
    clips, texts, chosen, kinds = [], [], [], []
    for index in generator.integers(0, len(pictures.captions), batch):
        canvas, caption = pictures.canvases[int(index)], pictures.captions[int(index)]
        window, motion = draw_window(generator, canvas.shape[-1], size), draw_motion(generator, kind)
        clips.append(film(canvas, motion, window, clip_times()))
        texts.append("" if generator.random() < TEXT_DROP else clip_caption(generator, caption, motion.kind))
        chosen.append(0 if generator.random() < FIRST_FRAME_SHARE else int(generator.integers(0, NUM_FRAMES)))
        kinds.append(KINDS.index(motion.kind))
    return ClipBatch(
        frames=torch.stack(clips), condition_frame=torch.tensor(chosen), texts=texts, kinds=torch.tensor(kinds)
    )


def clip_statistics(pictures: Pictures, seed: int) -> Tensor:
    """Return the affinity statistics of each kind of motion, (kinds, 16, 2).

    A pan changes a picture far more than snow does. With one maximum for all, as in the paper, where clips of the same
    kind already differ as much, "large" would mean a pan of half its range and no snow at all; with one for each kind
    affinity says how much of its own range a motion takes.
    """
    rows = []
    for number, kind in enumerate(KINDS):
        generator = np.random.default_rng((seed, 4, number))
        drawn = draw_clips(pictures, generator, 128, STATISTICS_CLIPS, kind)
        frame = torch.from_numpy(generator.integers(0, NUM_FRAMES, STATISTICS_CLIPS))
        rows.append(measure_statistics(hsv_scores(drawn.frames, frame), frame))
    return torch.stack(rows)


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
        draws = 1 - generator.random(batch) ** (1 / HIGH_NOISE_POWER)
        timestep = torch.from_numpy((draws * TRAIN_STEPS).astype(np.int64)).clamp(max=TRAIN_STEPS - 1).to(self.device)
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
    network.load_base(averaged_weights(folder / "base.pt"))
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
