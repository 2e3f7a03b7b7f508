"""Euler's method."""

import numpy as np

from pia_edge.schedulers.noise_schedule import Floats, NoiseLevel, NoiseSchedule
from pia_edge.schedulers.timesteps import evenly_spaced
from pia_edge.schedulers.walk import Float32s, Step


class Euler:
    """Euler's method (Karras et al. 2022, algorithm 1 without second order): deterministic, one UNet call per step.

    At the UNet's scale of latents it is DDIM from each timestep to the very next one, and from the last to the clean
    picture.
    """

    def __init__(self, schedule: NoiseSchedule, num_inference_steps: int) -> None:
        self.timesteps = evenly_spaced(schedule.config, num_inference_steps)
        self._schedule = schedule
        self._levels = schedule.levels(self.timesteps)

    def start(self, noise: Float32s) -> Float32s:
        """Return ``noise``, or with trailing timesteps the share of it that the first of them has."""
        return start(self._schedule, self._levels[0], noise)

    def step(self, index: int, noise_pred: Floats, latents: Floats) -> Step:
        """Go on to the next noise level; see :class:`pia_edge.schedulers.Walk`."""
        original, noise = self._schedule.split(noise_pred, int(self.timesteps[index]), latents)
        return Step.of(self._levels[index + 1].mix(original, noise), original)


def start(schedule: NoiseSchedule, first: NoiseLevel, noise: Float32s) -> Float32s:
    """Return what diffusers' schedulers that count in sigmas start from, at the scale of the UNet."""
    leading = schedule.config.timestep_spacing == "leading"
    return noise if leading else noise * np.float32(first.spread)
