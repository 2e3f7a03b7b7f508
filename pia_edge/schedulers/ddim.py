"""DDIM, the scheduler of the paper's code."""

from pia_edge.schedulers.noise_schedule import Floats, NoiseSchedule
from pia_edge.schedulers.timesteps import evenly_spaced
from pia_edge.schedulers.walk import Float32s, Step


class Ddim:
    """DDIM with eta = 0 (Song et al. 2021, equation 12): deterministic, one UNet call per step.

    Every step goes from t to t - num_train_timesteps // num_inference_steps, also where trailing spacing rounds the
    timesteps themselves, as diffusers does.
    """

    def __init__(self, schedule: NoiseSchedule, num_inference_steps: int) -> None:
        self.timesteps = evenly_spaced(schedule.config, num_inference_steps)
        self._schedule = schedule
        self._apart = schedule.config.num_train_timesteps // num_inference_steps

    def start(self, noise: Float32s) -> Float32s:
        """Return ``noise`` itself."""
        return noise

    def step(self, index: int, noise_pred: Floats, latents: Floats) -> Step:
        """Go on to the next noise level; see :class:`pia_edge.schedulers.Walk`."""
        timestep = int(self.timesteps[index])
        original, noise = self._schedule.split(noise_pred, timestep, latents)
        return Step.of(self._schedule.level(timestep - self._apart).mix(original, noise), original)
