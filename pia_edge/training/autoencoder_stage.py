"""Stage one: train the autoencoder on crops of the pictures, then measure the scale of its latents."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .autoencoder import Autoencoder, AutoencoderConfig
from .checkpoint import averaged_weights
from .loop import LoopSettings, Trainer
from .mixed_precision import mixed_precision
from .pictures import Pictures

CROP = 64
BATCH = 16
KL_WEIGHT = 1e-6


def random_crops(pictures: Pictures, generator: np.random.Generator, batch: int, size: int) -> Tensor:
    """Return crops (batch, 3, size, size) in [-1, 1], flipped and with shifted brightness and contrast."""
    count, _, height, width = pictures.canvases.shape
    crops = []
    for index in generator.integers(0, count, batch):
        top, left = generator.integers(0, height - size + 1), generator.integers(0, width - size + 1)
        crop = pictures.canvases[int(index), :, top : top + size, left : left + size].float() / 127.5 - 1
        if generator.random() < 0.5:
            crop = crop.flip(2)
        contrast, shift = float(np.exp(generator.normal(0, 0.15))), float(generator.normal(0, 0.08))
        crops.append((crop * contrast + shift).clamp(-1, 1))
    return torch.stack(crops)


@dataclass(frozen=True, kw_only=True)
class DrawnCrops:
    """Crops, and the seed of the noise in their latents."""

    pixels: Tensor
    """RGB (batch, 3, size, size) in [-1, 1]."""
    noise_seed: int


@dataclass(frozen=True, kw_only=True)
class CropSource:
    """Draws crops."""

    pictures: Pictures
    seed: int
    batch_scale: int

    def __call__(self, index: int, _progress: float) -> DrawnCrops:
        """Return the batch of ``index``."""
        generator = np.random.default_rng((self.seed, 1, index))
        pixels = random_crops(self.pictures, generator, BATCH * self.batch_scale, CROP)
        return DrawnCrops(pixels=pixels, noise_seed=int(generator.integers(0, 2**62)))


def _edges(pixels: Tensor) -> tuple[Tensor, Tensor]:
    return pixels[..., 1:, :] - pixels[..., :-1, :], pixels[..., :, 1:] - pixels[..., :, :-1]


def reconstruction_loss(decoded: Tensor, pixels: Tensor) -> Tensor:
    """Return L1 + squared error + the L1 of edges at full and half size, which keeps outlines sharp."""
    loss = (decoded - pixels).abs().mean() + (decoded - pixels).square().mean()
    for scale in (1, 2):
        small, wanted = (F.avg_pool2d(x, scale) if scale > 1 else x for x in (decoded, pixels))
        for edge, wanted_edge in zip(_edges(small), _edges(wanted), strict=True):
            loss = loss + 0.5 * (edge - wanted_edge).abs().mean()
    return loss


def train_autoencoder(pictures: Pictures, folder: Path, settings: LoopSettings, seed: int, device: str) -> None:
    """Train to ``folder``/autoencoder.pt, resuming where a checkpoint lies."""
    torch.manual_seed(seed)
    network = Autoencoder(AutoencoderConfig()).to(device)
    trainer = Trainer(network, settings, folder, "autoencoder")
    trainer.resume()

    def loss_of(drawn: DrawnCrops) -> tuple[Tensor, dict[str, float]]:
        pixels = drawn.pixels.to(device)
        with mixed_precision(device):
            mean, std = network.moments(pixels)
            noise_generator = torch.Generator(device).manual_seed(drawn.noise_seed)
            noise = torch.randn(mean.shape, generator=noise_generator, device=device)
            decoded = network.decode(mean + std * noise).float()
        mean, std = mean.float(), std.float()
        divergence = 0.5 * (mean.square() + std.square() - 1 - 2 * std.clamp_min(1e-6).log()).sum((1, 2, 3)).mean()
        loss = reconstruction_loss(decoded, pixels) + KL_WEIGHT * divergence
        psnr = float(-10 * torch.log10((decoded - pixels).detach().square().mean() / 4))
        return loss, {"psnr": round(psnr, 2), "std": round(float(std.detach().mean()), 4)}

    trainer.run(CropSource(pictures=pictures, seed=seed, batch_scale=settings.batch_scale), loss_of)


def load_autoencoder(folder: Path) -> Autoencoder:
    """Return the trained autoencoder (averaged weights), frozen, in evaluation mode."""
    network = Autoencoder(AutoencoderConfig())
    network.load_state_dict(averaged_weights(folder / "autoencoder.pt"))
    return network.eval().requires_grad_(False)


@torch.no_grad()
def measure_scaling_factor(network: Autoencoder, pictures: Pictures, seed: int) -> float:
    """Return 1 / standard deviation of the latents over 128 random crops."""
    generator = np.random.default_rng((seed, 2))
    latents = torch.cat([network.moments(random_crops(pictures, generator, 16, 2 * CROP))[0] for _ in range(8)])
    return float(1 / latents.std())
