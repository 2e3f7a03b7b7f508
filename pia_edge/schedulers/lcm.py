"""The scheduler of latent consistency models: clips in 4 to 8 steps."""

import math

import numpy as np

from pia_edge.schedulers.noise_schedule import Floats, NoiseSchedule
from pia_edge.schedulers.timesteps import Timesteps, check_steps
from pia_edge.schedulers.walk import Float32s, Step

DISTILLED_STEPS = 50
"""Timesteps at which these models were distilled."""
_SIGMA_DATA = 0.5
_TIMESTEP_SCALING = 10.0


class Lcm:
    """Multistep consistency sampling (Luo et al. 2023, algorithm 3), for bundles with LCM-LoRA or AnimateLCM in them.

    Every step predicts the clean picture and adds fresh noise to it. These models are used without guidance.
    """

    def __init__(self, schedule: NoiseSchedule, num_inference_steps: int, random: np.random.Generator) -> None:
        self.timesteps = _timesteps(schedule.config.num_train_timesteps, num_inference_steps)
        self._schedule = schedule
        self._levels = schedule.levels(self.timesteps)
        self._random = random

    def start(self, noise: Float32s) -> Float32s:
        """Return ``noise`` itself."""
        return noise

    def step(self, index: int, noise_pred: Floats, latents: Floats) -> Step:
        """Go on to the next noise level; see :class:`pia_edge.schedulers.Walk`."""
        timestep = int(self.timesteps[index])
        original, _ = self._schedule.split(noise_pred, timestep, latents)
        # The boundary condition (equation 9): at timestep 0 the picture is what was given.
        scaled = timestep * _TIMESTEP_SCALING
        length = math.hypot(scaled, _SIGMA_DATA)
        denoised = scaled / length * original + (_SIGMA_DATA / length) ** 2 * latents
        if index == len(self.timesteps) - 1:
            return Step.of(denoised, denoised)
        drawn = self._random.standard_normal(latents.shape, dtype=np.float32)
        return Step.of(self._levels[index + 1].mix(denoised, drawn), denoised)


def _timesteps(trained: int, num_inference_steps: int) -> Timesteps:
    distilled = min(DISTILLED_STEPS, trained)
    check_steps(num_inference_steps, distilled, "the timesteps that LCM models are distilled at")
    apart = trained // distilled
    descending = np.arange(distilled, 0, -1, dtype=np.int64) * apart - 1
    chosen = np.floor(np.linspace(0, distilled, num_inference_steps, endpoint=False)).astype(np.int64)
    return descending[chosen]
