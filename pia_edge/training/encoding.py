"""From what was drawn to what the network reads: latents of pictures, ids of texts, and noise, where it is trained."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from pia_edge.tokenizer import ClipTokenizer

from .autoencoder import Autoencoder
from .autoencoder_stage import load_autoencoder
from .diffusion import Noised, Schedule
from .mixed_precision import mixed_precision
from .network import open_tokenizer, token_ids
from .run_folder import scaling_factor


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """The trained autoencoder and the tokenizer, on the device of the network."""

    autoencoder: Autoencoder
    scaling_factor: float
    tokenizer: ClipTokenizer
    schedule: Schedule
    device: str

    def generator(self, seed: int) -> torch.Generator:
        """Return a source of noise; the same seed gives other noise on another kind of device."""
        return torch.Generator(self.device).manual_seed(seed)

    @torch.no_grad()
    def latents(self, pixels: Tensor, generator: torch.Generator) -> Tensor:
        """Return scaled latents drawn from the posterior of RGB pixels (batch, 3, height, width) in [0, 1]."""
        with mixed_precision(self.device):
            mean, std = self.autoencoder.moments(pixels.to(self.device) * 2 - 1)
        noise = torch.randn(mean.shape, generator=generator, device=self.device)
        return (mean.float() + std.float() * noise) * self.scaling_factor

    def noised(self, latents: Tensor, timestep: Tensor, generator: torch.Generator) -> Noised:
        """Return ``latents`` of any shape at ``timestep`` (batch,)."""
        noise = torch.randn(latents.shape, generator=generator, device=self.device)
        return self.schedule.add_noise(latents, noise, timestep.to(self.device))

    def ids(self, texts: list[str]) -> Tensor:
        """Return token ids (texts, 77)."""
        return token_ids(self.tokenizer, texts).to(self.device)


def open_encoding(folder: Path, device: str) -> Encoding:
    """Return what the run in ``folder`` encodes with, on ``device``."""
    return Encoding(
        autoencoder=load_autoencoder(folder).to(device),
        scaling_factor=scaling_factor(folder),
        tokenizer=open_tokenizer(folder),
        schedule=Schedule(device),
        device=device,
    )
