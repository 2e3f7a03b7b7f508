"""Euler's method with fresh noise in every step."""

import math

import numpy as np

from pia_edge.schedulers.euler import start
from pia_edge.schedulers.noise_schedule import Floats, NoiseLevel, NoiseSchedule
from pia_edge.schedulers.timesteps import evenly_spaced
from pia_edge.schedulers.walk import Float32s, Step


class EulerAncestral:
    """Ancestral sampling with Euler steps (Song et al. 2021b, appendix F): part of the noise is new each time."""

    def __init__(self, schedule: NoiseSchedule, num_inference_steps: int, random: np.random.Generator) -> None:
        self.timesteps = evenly_spaced(schedule.config, num_inference_steps)
        self._schedule = schedule
        self._levels = schedule.levels(self.timesteps)
        self._random = random

    def start(self, noise: Float32s) -> Float32s:
        """Return what :class:`pia_edge.schedulers.euler.Euler` starts from."""
        return start(self._schedule, self._levels[0], noise)

    def step(self, index: int, noise_pred: Floats, latents: Floats) -> Step:
        """Go on to the next noise level; see :class:`pia_edge.schedulers.Walk`."""
        original, noise = self._schedule.split(noise_pred, int(self.timesteps[index]), latents)
        level, following = self._levels[index], self._levels[index + 1]
        kept, fresh = _shares(level, following)
        drawn = self._random.standard_normal(latents.shape, dtype=np.float32)
        return Step.of(following.mix(original, kept * noise + fresh * drawn), original)


def _shares(level: NoiseLevel, following: NoiseLevel) -> tuple[float, float]:
    """How much of the noise at ``following`` is the old one, and how much is new; their squares have the sum 1."""
    # Sigma, spread over signal, of the next level over that of this one: below 1, and 0 at the end.
    ratio = (following.spread / following.signal) * (level.signal / level.spread)
    return ratio, math.sqrt(1 - ratio**2)
