"""Noise levels, and what a prediction says."""

import numpy as np
import pytest
import torch

from pia_edge.schedulers import BetaSchedule, NoiseSchedule, SchedulerConfig
from tests.schedulers.test_walks import relative
from tests.schedulers.theirs import SHAPE, theirs


@pytest.mark.parametrize("beta_schedule", ["linear", "scaled_linear"])
def test_levels_are_those_at_which_diffusers_adds_noise(beta_schedule: BetaSchedule) -> None:
    config = SchedulerConfig(beta_schedule=beta_schedule)
    schedule = NoiseSchedule(config)
    latents, noise = np.random.default_rng(1).standard_normal((2, *SHAPE)).astype(np.float32)
    for timestep in (0, 1, 500, 999):
        noisy = schedule.level(timestep).mix(latents, noise)
        expected = theirs(config).add_noise(
            torch.from_numpy(latents), torch.from_numpy(noise), torch.tensor([timestep])
        )
        assert noisy.dtype == np.float32
        assert relative(noisy, expected.numpy()) < 1e-6
        assert relative(schedule.split(noise, timestep, noisy).original.astype(np.float32), latents) < 1e-5


def test_zero_terminal_snr_ends_in_noise_alone() -> None:
    schedule = NoiseSchedule(SchedulerConfig(prediction_type="v_prediction", rescale_zero_terminal_snr=True))
    assert schedule.level(999) == (0, 1)
    assert schedule.alphas_cumprod[0] == pytest.approx(1 - 0.00085)
    noise = np.ones(SHAPE, dtype=np.float32)
    np.testing.assert_array_equal(schedule.level(999).mix(np.full_like(noise, 7), noise), noise)
