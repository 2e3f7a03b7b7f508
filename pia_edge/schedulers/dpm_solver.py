"""DPM-Solver++ of second order, in several steps."""

import math

from pia_edge.schedulers.noise_schedule import Float64s, Floats, NoiseLevel, NoiseSchedule
from pia_edge.schedulers.timesteps import Timesteps, check_steps, leading, trailing
from pia_edge.schedulers.walk import Float32s, Step


class DpmSolver:
    """DPM-Solver++(2M) (Lu et al. 2022b, algorithm 2): looks back one step, so that half as many are as good."""

    def __init__(self, schedule: NoiseSchedule, num_inference_steps: int) -> None:
        self.timesteps = _timesteps(schedule, num_inference_steps)
        self._schedule = schedule
        self._levels = schedule.levels(self.timesteps)
        self._previous: Float64s | None = None

    def start(self, noise: Float32s) -> Float32s:
        """Return ``noise`` itself."""
        return noise

    def step(self, index: int, noise_pred: Floats, latents: Floats) -> Step:
        """Go on to the next noise level; see :class:`pia_edge.schedulers.Walk`."""
        original, noise = self._schedule.split(noise_pred, int(self.timesteps[index]), latents)
        level, following = self._levels[index], self._levels[index + 1]
        extrapolated = original
        if index > 0 and self._previous is not None and following.spread > 0:
            before = self._levels[index - 1]
            ratio = _half_log_snr(following, level) / _half_log_snr(level, before)
            extrapolated = original + 0.5 * ratio * (original - self._previous)
        self._previous = original
        # Equation 9 with the noise as it was at this level: only the picture is extrapolated.
        weight = following.signal - level.signal * following.spread / level.spread
        return Step.of(following.mix(original, noise) + weight * (extrapolated - original), original)


def _half_log_snr(to: NoiseLevel, of: NoiseLevel) -> float:
    """How far λ, the logarithm of signal over spread, moves between two levels; infinitely far from noise alone."""
    if of.signal == 0:
        return math.inf
    return math.log(to.signal / to.spread) - math.log(of.signal / of.spread)


def _timesteps(schedule: NoiseSchedule, num_inference_steps: int) -> Timesteps:
    config = schedule.config
    trained = config.num_train_timesteps
    if config.timestep_spacing == "trailing":
        check_steps(num_inference_steps, trained, "the timesteps this bundle was trained with")
        return trailing(trained, num_inference_steps)
    # As far apart as if there were one step more: the last timestep is not among them.
    check_steps(num_inference_steps, trained - 1, "one less than this bundle was trained with")
    return leading(config, num_inference_steps + 1, trained // (num_inference_steps + 1))[:-1]
