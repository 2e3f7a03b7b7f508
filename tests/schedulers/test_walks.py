"""Every scheduler against diffusers', step by step."""

from typing import cast

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
import torch

from pia_edge.errors import BackendError, RequestError
from pia_edge.request import SchedulerName
from pia_edge.schedulers import (
    SCHEDULERS,
    NoiseSchedule,
    PredictionType,
    SchedulerConfig,
    TimestepSpacing,
    Walk,
    open_walk,
)
from tests.schedulers.theirs import SHAPE, SIGMAS, TorchNoise, in_double, scale, step, theirs

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

STEPS = [1, 2, 3, 4, 7, 10, 14, 15, 25, 30, 50]
PREDICTIONS: list[tuple[PredictionType, bool]] = [("epsilon", False), ("v_prediction", False), ("v_prediction", True)]


def relative(found: npt.NDArray[np.float32], expected: npt.NDArray[np.float32]) -> float:
    """Greatest difference over the greatest value."""
    return float(np.abs(found.astype(np.float64) - expected).max() / np.abs(expected).max())


def walk(config: SchedulerConfig, steps: int) -> Walk:
    return open_walk(config, steps, np.random.default_rng(0))


@pytest.mark.parametrize("steps", STEPS)
@pytest.mark.parametrize("spacing", ["leading", "trailing"])
@pytest.mark.parametrize(("prediction", "zero_snr"), PREDICTIONS)
@pytest.mark.parametrize("name", SchedulerName)
def test_every_step_equals_diffusers(
    name: SchedulerName, prediction: PredictionType, zero_snr: bool, spacing: TimestepSpacing, steps: int
) -> None:
    config = SchedulerConfig(
        name=name.value,
        beta_schedule="linear" if steps % 2 else "scaled_linear",
        set_alpha_to_one=steps % 2 == 0,
        prediction_type=prediction,
        rescale_zero_terminal_snr=zero_snr,
        timestep_spacing=spacing,
    )
    other, schedule = in_double(theirs(config), config), NoiseSchedule(config)
    if zero_snr and name not in (SchedulerName.DDIM, SchedulerName.LCM):
        # What diffusers' own start from in the place of noise alone, with which ours have no trouble.
        other.alphas_cumprod[-1] = schedule.alphas_cumprod[-1] = 2**-24
    other.set_timesteps(steps)
    ours = SCHEDULERS[name](schedule, steps, cast("np.random.Generator", TorchNoise(3)))
    assert ours.timesteps.dtype == np.int64
    np.testing.assert_array_equal(ours.timesteps, other.timesteps.numpy())
    generator, random = torch.Generator().manual_seed(3), np.random.default_rng(steps)
    for index in range(steps):
        noise_pred, latents = random.standard_normal((2, *SHAPE)).astype(np.float32)
        found = ours.step(index, noise_pred, latents)
        expected, original = step(other, ours, index, noise_pred, latents, generator)
        # diffusers' latents are 4096 times as large there, in single precision.
        allowed = 2e-3 if zero_snr and name in SIGMAS and ours.timesteps[index] == 999 else 4e-6
        assert found.latents.dtype == found.original.dtype == np.float32
        assert relative(found.latents, expected) < allowed
        assert original is None or relative(found.original, original) < allowed


@pytest.mark.parametrize("spacing", ["leading", "trailing"])
@pytest.mark.parametrize("name", SchedulerName)
def test_walks_start_where_diffusers_do(name: SchedulerName, spacing: TimestepSpacing) -> None:
    config = SchedulerConfig(name=name.value, timestep_spacing=spacing)
    other = theirs(config)
    other.set_timesteps(10)
    noise = np.random.default_rng(0).standard_normal(SHAPE).astype(np.float32)
    of_theirs = float(other.init_noise_sigma) / (scale(other, 0) if name in SIGMAS else 1)
    assert relative(walk(config, 10).start(noise), noise * np.float32(of_theirs)) < 1e-6


@pytest.mark.parametrize("spacing", ["leading", "trailing"])
@pytest.mark.parametrize("name", [name for name in SchedulerName if name is not SchedulerName.LCM])
def test_any_number_of_steps_stays_inside_the_training_timesteps(name: SchedulerName, spacing: TimestepSpacing) -> None:
    """diffusers leaves them at 1000 leading steps (timestep 1000) and for some trailing ones (timestep -1)."""
    config = SchedulerConfig(name=name.value, timestep_spacing=spacing)
    most = 999 if name is SchedulerName.DPM_SOLVER and spacing == "leading" else 1000
    other = theirs(config)
    for steps in range(1, most + 1):
        timesteps = walk(config, steps).timesteps
        assert timesteps.shape == (steps,)
        assert timesteps[0] <= 999
        assert timesteps[-1] >= 0
        assert (np.diff(timesteps) < 0).all()
        if steps % 7 == 0:
            other.set_timesteps(steps)
            if other.timesteps[0] <= 999:
                np.testing.assert_array_equal(timesteps, other.timesteps.numpy()[:steps])


@pytest.mark.parametrize("name", SchedulerName)
def test_a_perfect_prediction_ends_in_the_picture(name: SchedulerName) -> None:
    """Whatever noise a scheduler adds: told the truth at every step, it arrives."""
    picture, noise = np.random.default_rng(1).standard_normal((2, *SHAPE)).astype(np.float32)
    config = SchedulerConfig(name=name.value, prediction_type="v_prediction", rescale_zero_terminal_snr=True)
    config = msgspec.structs.replace(config, timestep_spacing="trailing")
    ours = walk(config, 8)
    latents = ours.start(noise)
    alphas = in_double(theirs(config), config).alphas_cumprod.numpy()
    for index, timestep in enumerate(ours.timesteps):
        signal, spread = np.sqrt(alphas[timestep]), np.sqrt(1 - alphas[timestep])
        velocity = (signal * latents - picture) / spread
        latents, original = ours.step(index, velocity, latents)
        assert relative(original, picture) < 1e-4
    assert relative(latents, picture) < 1e-4


@pytest.mark.parametrize("steps", [-1, 0, 1001])
@pytest.mark.parametrize("name", SCHEDULERS)
def test_step_counts_outside_training_are_refused(name: SchedulerName, steps: int) -> None:
    with pytest.raises(RequestError, match=r"num_inference_steps: expected 1 to \d+, "):
        walk(SchedulerConfig(name=name.value), steps)


def test_lcm_walks_no_more_steps_than_it_was_distilled_at() -> None:
    assert len(walk(SchedulerConfig(name="lcm"), 50).timesteps) == 50
    with pytest.raises(RequestError, match="expected 1 to 50"):
        walk(SchedulerConfig(name="lcm"), 51)


@pytest.mark.parametrize("name", SchedulerName)
def test_half_precision_in_gives_single_precision_out(name: SchedulerName) -> None:
    noise_pred, latents = np.full(SHAPE, 0.5, dtype=np.float16), np.ones(SHAPE, dtype=np.float32)
    assert walk(SchedulerConfig(name=name.value), 25).step(0, noise_pred, latents).latents.dtype == np.float32


@pytest.mark.parametrize("name", SchedulerName)
def test_wrong_shapes_from_the_unet_are_refused(name: SchedulerName) -> None:
    latents = np.zeros(SHAPE, dtype=np.float32)
    with pytest.raises(BackendError, match="expected the shape of the latents"):
        walk(SchedulerConfig(name=name.value), 25).step(0, np.concatenate([latents, latents]), latents)
