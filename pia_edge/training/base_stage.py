"""Stage two: train the small text-to-image base and its text encoder on single frames."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from pia_edge.tokenizer import ClipTokenizer

from .autoencoder import Autoencoder
from .captions import MotionKind, clip_caption
from .diffusion import TRAIN_STEPS, Schedule
from .loop import LoopSettings, Trainer
from .motions import Window, draw_motion, draw_window, film, trail
from .network import SAMPLE_CONFIG, TextToImage, token_ids, vocabulary_size
from .pictures import Pictures
from .text_pretraining import pretrain_text_encoder

TEXT_DROP = 0.1
TRAIL_SHARE = 0.25
HINT_SHARE = 0.4
MOVED_SHARE = 0.6
SIZES_AND_BATCHES = ((64, 8), (64, 8), (64, 8), (128, 2))


@dataclass(frozen=True, kw_only=True)
class FrameBatch:
    """Single frames to learn from."""

    pixels: Tensor
    """(batch, 3, size, size) in [-1, 1]."""
    hints: Tensor
    """A frame of the same clip at another moment, same shape."""
    strength: NDArray[np.float32]
    """How strongly each hint shows through the noise, (batch,); 0 for plain text-to-image."""
    timestep: Tensor
    texts: list[str]


@dataclass(frozen=True, kw_only=True)
class _Draw:
    """One frame, its hint, and how it is to be learned."""

    pixels: Tensor
    hint: Tensor
    strength: float
    timestep: int
    text: str


def _still_draw(canvas: Tensor, caption: str, window: Window, generator: np.random.Generator) -> _Draw:
    """Draw a frame of any moment, or a long exposure captioned with its motion, with or without a hint."""
    motion = draw_motion(generator)
    time, other = generator.uniform(0, 1, 2)
    if generator.random() < TRAIL_SHARE and motion.kind is not MotionKind.STILL:
        pixels, text = trail(canvas, motion, window, float(time)), clip_caption(generator, caption, motion.kind)
    else:
        pixels, text = film(canvas, motion, window, torch.tensor([time], dtype=torch.float32))[0], caption
    return _Draw(
        pixels=pixels,
        hint=film(canvas, motion, window, torch.tensor([other], dtype=torch.float32))[0],
        strength=float(generator.uniform(0.2, 1.5)) * float(generator.random() < HINT_SHARE),
        timestep=int(generator.integers(0, TRAIN_STEPS)),
        text=text,
    )


def _moved_draw(canvas: Tensor, caption: str, window: Window, generator: np.random.Generator) -> _Draw:
    """Draw a late frame whose hint is the clip's first frame: only the caption says what has happened between."""
    motion = replace(draw_motion(generator), amplitude=float(generator.uniform(0.4, 1)))
    times = torch.tensor([0.0, generator.uniform(0.4, 1)], dtype=torch.float32)
    hint, pixels = film(canvas, motion, window, times)
    return _Draw(
        pixels=pixels,
        hint=hint,
        strength=float(generator.uniform(0.5, 1.5)),
        timestep=int(TRAIN_STEPS * (1 - generator.random() ** 2)) - 1,
        text=clip_caption(generator, caption, motion.kind),
    )


def draw_frames(pictures: Pictures, generator: np.random.Generator, size: int, batch: int) -> FrameBatch:
    """Return frames with captions, some to be made from noise alone and some with the help of a hint."""
    draws = []
    for index in generator.integers(0, len(pictures.captions), batch):
        canvas, caption = pictures.canvases[int(index)], pictures.captions[int(index)]
        window = draw_window(generator, canvas.shape[-1], size)
        draw = _moved_draw if generator.random() < MOVED_SHARE else _still_draw
        drawn = draw(canvas, caption, window, generator)
        draws.append(replace(drawn, text="") if generator.random() < TEXT_DROP else drawn)
    return FrameBatch(
        pixels=torch.stack([draw.pixels for draw in draws]) * 2 - 1,
        hints=torch.stack([draw.hint for draw in draws]) * 2 - 1,
        strength=np.array([draw.strength for draw in draws], np.float32),
        timestep=torch.tensor([max(draw.timestep, 0) for draw in draws]),
        texts=[draw.text for draw in draws],
    )


@dataclass(frozen=True, kw_only=True)
class NoisedFrames:
    """Latents of single frames with noise, and what the network should say about them."""

    noisy: Tensor
    velocity: Tensor
    timestep: Tensor
    ids: Tensor


@torch.no_grad()
def encode(autoencoder: Autoencoder, pixels: Tensor, scaling_factor: float, generator: torch.Generator) -> Tensor:
    """Return scaled latents drawn from the posterior of pixels (batch, 3, height, width) in [-1, 1]."""
    with torch.autocast(pixels.device.type, torch.bfloat16):
        mean, std = autoencoder.moments(pixels)
    noise = torch.randn(mean.shape, generator=generator).to(mean.device)
    return (mean.float() + std.float() * noise) * scaling_factor


def add_hint(noisy: Tensor, hints: Tensor, strength: NDArray[np.float32]) -> Tensor:
    """Return ``noisy`` with a copy of another moment, ``strength`` (batch,) strong, added to each sample.

    The base thereby learns to use a picture that shows through noise at any timestep, and what the words for
    motions do to it. PIA's condition module adds such a picture after conv_in; a small frozen base that had never
    seen one would ignore it, and its attention to the text would have nothing to say about motion.
    """
    return noisy + torch.from_numpy(strength).to(noisy)[:, None, None, None] * hints


@dataclass(frozen=True, kw_only=True)
class FrameSource:
    """Draws, encodes and noises single frames."""

    pictures: Pictures
    autoencoder: Autoencoder
    scaling_factor: float
    tokenizer: ClipTokenizer
    seed: int
    device: str
    workers: int
    batch_scale: int

    def __call__(self, index: int, _progress: float) -> NoisedFrames:
        """Return the batch of ``index``; sizes take turns."""
        generator = np.random.default_rng((self.seed, 3, index))
        noise_generator = torch.Generator().manual_seed(int(generator.integers(0, 2**62)))
        size, batch = SIZES_AND_BATCHES[index // self.workers % len(SIZES_AND_BATCHES)]
        drawn = draw_frames(self.pictures, generator, size, batch * self.batch_scale)
        pixels = torch.cat([drawn.pixels, drawn.hints]).to(self.device)
        latents, hints = encode(self.autoencoder, pixels, self.scaling_factor, noise_generator).chunk(2)
        timestep = drawn.timestep.to(self.device)
        noise = torch.randn(latents.shape, generator=noise_generator).to(self.device)
        noised = Schedule(self.device).add_noise(latents, noise, timestep)
        return NoisedFrames(
            noisy=add_hint(noised.latents, hints, drawn.strength),
            velocity=noised.velocity,
            timestep=timestep,
            ids=token_ids(self.tokenizer, drawn.texts).to(self.device),
        )


def frame_loss(network: TextToImage, batch: NoisedFrames) -> tuple[Tensor, dict[str, float]]:
    """Return the mean squared velocity error, and the size of the frames for the log."""
    with torch.autocast(batch.noisy.device.type, torch.bfloat16):
        velocity = network(batch.noisy, batch.timestep, batch.ids).float()
    return F.mse_loss(velocity, batch.velocity), {"latent_size": float(batch.noisy.shape[-1])}


def train_base(frames: FrameSource, folder: Path, settings: LoopSettings) -> None:
    """Train to ``folder``/base.pt, resuming where a checkpoint lies."""
    torch.manual_seed(frames.seed)
    network = TextToImage(SAMPLE_CONFIG, vocabulary_size(folder)).to(frames.device)
    if not (folder / "base.pt").is_file():
        captions = frames.pictures.captions
        text = pretrain_text_encoder(captions, folder, frames.seed, frames.device, settings.workers)
        network.text_encoder.load_state_dict(text)
    trainer = Trainer(network, settings, folder, "base", rates={"attn2": 2.0})
    trainer.resume()
    trainer.run(frames, lambda batch: frame_loss(network, batch))
