"""Stage two: train the small text-to-image base on single frames, after its text encoder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .clip_affinity import hsv_scores, scores_to_affinity
from .clips import KINDS, draw_condition_frame, draw_text
from .course import NUM_FRAMES, even_course
from .diffusion import draw_timesteps
from .encoding import Encoding
from .loop import LoopSettings, Trainer
from .mixed_precision import mixed_precision
from .motions import draw_motion, draw_window, film
from .network import SAMPLE_CONFIG, TextToImage, vocabulary_size
from .pictures import Pictures
from .text_pretraining import pretrain_text_encoder

HINT_SHARE = 0.75
SIZES_AND_BATCHES = ((64, 8), (64, 8), (64, 8), (128, 2))


@dataclass(frozen=True, kw_only=True)
class FrameBatch:
    """Single frames to learn from."""

    frames: Tensor
    """RGB (batch, 3, size, size) in [0, 1]."""
    hints: Tensor
    """The frame of the same clip that would be its picture, same shape."""
    hinted: Tensor
    """Whether each hint is shown, (batch,)."""
    affinity: Tensor
    """Of each frame to its hint, (batch,); 0 where that is not shown."""
    texts: list[str]


def draw_frames(
    pictures: Pictures, generator: np.random.Generator, size: int, batch: int, statistics: Tensor
) -> FrameBatch:
    """Return frames of clips, some to be made from words alone and most with a picture to begin with.

    Args:
        pictures: what is filmed.
        generator: all that is drawn.
        size: height and width of the frames.
        batch: how many.
        statistics: of each kind of motion, (kinds, 16, 2).
    """
    pairs, rows, texts = [], [], []
    for index in generator.integers(0, len(pictures.captions), batch):
        canvas, caption = pictures.canvases[int(index)], pictures.captions[int(index)]
        window, motion = draw_window(generator, canvas.shape[-1], size), draw_motion(generator)
        begin, now = draw_condition_frame(generator), int(generator.integers(0, NUM_FRAMES))
        pairs.append(film(canvas, motion, window, even_course()[[begin, now]]))
        rows.append(statistics[KINDS.index(motion.kind)][[0, abs(now - begin)]])
        texts.append(draw_text(generator, caption, motion.kind))
    both, first = torch.stack(pairs), torch.zeros(batch, dtype=torch.int64)
    hinted = torch.from_numpy(generator.random(batch) < HINT_SHARE)
    affinity = scores_to_affinity(hsv_scores(both, first).cpu(), first, torch.stack(rows))[:, 1]
    return FrameBatch(frames=both[:, 1], hints=both[:, 0], hinted=hinted, affinity=affinity * hinted, texts=texts)


@dataclass(frozen=True, kw_only=True)
class DrawnFrames:
    """Single frames, and what was drawn to make a batch of them."""

    frames: FrameBatch
    timestep: Tensor
    """(batch,)."""
    noise_seed: int


@dataclass(frozen=True, kw_only=True)
class FrameSource:
    """Draws single frames."""

    pictures: Pictures
    statistics: Tensor
    """(kinds, 16, 2)."""
    seed: int
    workers: int
    batch_scale: int

    def __call__(self, index: int, _progress: float) -> DrawnFrames:
        """Return the batch of ``index``; sizes take turns."""
        generator = np.random.default_rng((self.seed, 3, index))
        noise_seed = int(generator.integers(0, 2**62))
        size, batch = SIZES_AND_BATCHES[index // self.workers % len(SIZES_AND_BATCHES)]
        drawn = draw_frames(self.pictures, generator, size, batch * self.batch_scale, self.statistics)
        return DrawnFrames(frames=drawn, timestep=draw_timesteps(generator, len(drawn.frames)), noise_seed=noise_seed)


@dataclass(frozen=True, kw_only=True)
class NoisedFrames:
    """Latents of single frames with noise, and what the network should say about them."""

    noisy: Tensor
    velocity: Tensor
    timestep: Tensor
    ids: Tensor
    hints: Tensor
    affinity: Tensor


def noised_frames(drawn: DrawnFrames, encoding: Encoding) -> NoisedFrames:
    """Return what the network reads of ``drawn``, on its device."""
    generator, frames = encoding.generator(drawn.noise_seed), drawn.frames
    latents, hints = encoding.latents(torch.cat([frames.frames, frames.hints]), generator).chunk(2)
    noised = encoding.noised(latents, drawn.timestep, generator)
    return NoisedFrames(
        noisy=noised.latents,
        velocity=noised.velocity,
        timestep=drawn.timestep.to(encoding.device),
        ids=encoding.ids(frames.texts),
        hints=hints * frames.hinted.to(hints)[:, None, None, None],
        affinity=frames.affinity.to(encoding.device),
    )


def frame_loss(network: TextToImage, batch: NoisedFrames) -> tuple[Tensor, dict[str, float]]:
    """Return the mean squared velocity error, and the size of the frames for the log."""
    with mixed_precision(batch.noisy.device.type):
        velocity = network(batch.noisy, batch.timestep, batch.ids, batch.hints, batch.affinity).float()
    return F.mse_loss(velocity, batch.velocity), {"latent_size": float(batch.noisy.shape[-1])}


def train_base(frames: FrameSource, encoding: Encoding, folder: Path, settings: LoopSettings) -> None:
    """Train to ``folder``/base.pt, resuming where a checkpoint lies."""
    torch.manual_seed(frames.seed)
    network = TextToImage(SAMPLE_CONFIG, vocabulary_size(folder)).to(encoding.device)
    text = pretrain_text_encoder(frames.pictures.captions, folder, frames.seed, encoding.device, settings.workers)
    network.text_encoder.load_state_dict(text)
    # Frozen, as CLIP is in Stable Diffusion: the picture loss makes it forget what tells snow from night.
    network.text_encoder.requires_grad_(False)
    trainer = Trainer(network, settings, folder, "base", rates={"attn2": 2.0, "hint": 3.0})
    trainer.resume()
    trainer.run(frames, lambda drawn: frame_loss(network, noised_frames(drawn, encoding)))
