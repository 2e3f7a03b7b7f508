"""The noise schedule of the sample model: linear betas rescaled to zero terminal SNR, velocity prediction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

TRAIN_STEPS = 1000
BETA_START, BETA_END = 0.00085, 0.012
HIGH_NOISE_POWER = 0.6
"""1 draws all timesteps alike; below, those with much noise come more often: there it is decided what is seen."""


def alphas_cumprod() -> Tensor:
    """Return the cumulative signal power (1000,), float64, with exactly none left at the last step.

    PIA's linear betas, then arXiv:2305.08891, algorithm 1: the square roots are shifted so that the last is
    0 and scaled so that the first stays.
    """
    betas = torch.linspace(BETA_START, BETA_END, TRAIN_STEPS, dtype=torch.float64)
    root = torch.cumprod(1 - betas, 0).sqrt()
    return ((root - root[-1]) * root[0] / (root[0] - root[-1])).square()


def draw_timesteps(generator: np.random.Generator, count: int) -> Tensor:
    """Return ``count`` timesteps to learn from."""
    draws = 1 - generator.random(count) ** (1 / HIGH_NOISE_POWER)
    return torch.from_numpy((draws * TRAIN_STEPS).astype(np.int64)).clamp(max=TRAIN_STEPS - 1)


@dataclass(frozen=True, kw_only=True)
class Noised:
    """Latents on their way to noise, and what the network should say about them."""

    latents: Tensor
    velocity: Tensor


class Schedule:
    """Adds noise in training and walks back from it in sampling."""

    def __init__(self, device: str = "cpu") -> None:
        self.alphas = alphas_cumprod().to(device)

    def _roots(self, timestep: Tensor, like: Tensor) -> tuple[Tensor, Tensor]:
        alpha = self.alphas[timestep].reshape(-1, *[1] * (like.dim() - 1))
        return alpha.sqrt().to(like.dtype), (1 - alpha).sqrt().to(like.dtype)

    def add_noise(self, latents: Tensor, noise: Tensor, timestep: Tensor) -> Noised:
        """Return the latents at ``timestep`` (batch,), and v = √ᾱ·noise - √(1-ᾱ)·latents."""
        signal, spread = self._roots(timestep, latents)
        return Noised(latents=signal * latents + spread * noise, velocity=signal * noise - spread * latents)

    def timesteps(self, steps: int) -> list[int]:
        """Return the trailing timesteps: the first is 999, where nothing but noise is left."""
        return [round(TRAIN_STEPS * (1 - index / steps)) - 1 for index in range(steps)]

    def step(self, latents: Tensor, velocity: Tensor, timestep: int, previous: int) -> Tensor:
        """Return the latents at ``previous`` (DDIM, eta 0); ``previous`` below 0 gives the clean latents."""
        signal, spread = self._roots(torch.tensor([timestep]), latents)
        clean = signal * latents - spread * velocity
        noise = signal * velocity + spread * latents
        if previous < 0:
            return clean
        signal, spread = self._roots(torch.tensor([previous]), latents)
        return signal * clean + spread * noise
