"""The schedulers against diffusers and against the paper's own run."""

from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
import torch
from diffusers import DDIMScheduler
from diffusers.schedulers.scheduling_ddim import rescale_zero_terminal_snr

from pia_edge.errors import BackendError, BundleError, RequestError
from pia_edge.schedulers import (
    BetaSchedule,
    Ddim,
    PredictionType,
    SchedulerConfig,
    TimestepSpacing,
    guide,
    open_scheduler,
)

REFERENCE = Path(__file__).parent / "data" / "reference"
SHAPE = (1, 4, 3, 4, 5)
STEPS = [1, 2, 3, 4, 7, 10, 25, 30, 50, 1000]


def relative(found: npt.NDArray[np.float32], expected: npt.NDArray[np.float32]) -> float:
    """Greatest difference over the greatest value."""
    return float(np.abs(found.astype(np.float64) - expected).max() / np.abs(expected).max())


def theirs(config: SchedulerConfig) -> DDIMScheduler:
    return DDIMScheduler(
        num_train_timesteps=config.num_train_timesteps,
        beta_start=config.beta_start,
        beta_end=config.beta_end,
        beta_schedule=config.beta_schedule,
        steps_offset=config.steps_offset,
        set_alpha_to_one=config.set_alpha_to_one,
        prediction_type=config.prediction_type,
        rescale_betas_zero_snr=config.rescale_zero_terminal_snr,
        timestep_spacing=config.timestep_spacing,
        clip_sample=False,
    )


def rescaled_in_double(other: DDIMScheduler, config: SchedulerConfig) -> None:
    """Rescale again, by diffusers' own code, in float64: in float32 its last timesteps are off by 4e-5."""
    plain = theirs(msgspec.structs.replace(config, rescale_zero_terminal_snr=False))
    other.alphas_cumprod = torch.cumprod(1 - rescale_zero_terminal_snr(plain.betas.double()), dim=0)
    if not config.set_alpha_to_one:
        other.final_alpha_cumprod = other.alphas_cumprod[0]


@pytest.mark.parametrize("num_inference_steps", STEPS)
@pytest.mark.parametrize("spacing", ["leading", "trailing"])
@pytest.mark.parametrize("beta_schedule", ["linear", "scaled_linear"])
@pytest.mark.parametrize(
    ("prediction", "zero_snr"), [("epsilon", False), ("v_prediction", False), ("v_prediction", True)]
)
def test_ddim_equals_diffusers_step_by_step(
    num_inference_steps: int,
    spacing: TimestepSpacing,
    beta_schedule: BetaSchedule,
    prediction: PredictionType,
    zero_snr: bool,
) -> None:
    every_timestep = num_inference_steps == 1000
    config = SchedulerConfig(
        beta_schedule=beta_schedule,
        # diffusers cannot walk all 1000 timesteps with an offset: it would ask for timestep 1000.
        steps_offset=0 if every_timestep else 1,
        set_alpha_to_one=num_inference_steps % 2 == 0,
        prediction_type=prediction,
        rescale_zero_terminal_snr=zero_snr,
        timestep_spacing=spacing,
    )
    ours, other = Ddim(config), theirs(config)
    if zero_snr:
        rescaled_in_double(other, config)
    other.set_timesteps(num_inference_steps)
    timesteps = ours.timesteps(num_inference_steps)
    np.testing.assert_array_equal(timesteps, other.timesteps.numpy())
    rng = np.random.default_rng(num_inference_steps)
    for timestep in timesteps[:: 37 if every_timestep else 1]:
        noise_pred, latents = rng.standard_normal((2, *SHAPE)).astype(np.float32)
        expected = other.step(torch.from_numpy(noise_pred), int(timestep), torch.from_numpy(latents))
        found = ours.step(noise_pred, timestep, latents, num_inference_steps=num_inference_steps)
        assert found.dtype == np.float32
        assert relative(found, expected.prev_sample.numpy()) < 1e-6
        original = ours.predicted_original(noise_pred, timestep, latents)
        assert original.dtype == np.float32
        assert relative(original, expected.pred_original_sample.numpy()) < 1e-6


@pytest.mark.parametrize("beta_schedule", ["linear", "scaled_linear"])
def test_zero_terminal_snr_equals_diffusers_as_far_as_its_rounding_allows(beta_schedule: BetaSchedule) -> None:
    config = SchedulerConfig(
        beta_schedule=beta_schedule, prediction_type="v_prediction", rescale_zero_terminal_snr=True
    )
    ours, other = Ddim(config), theirs(config)
    other.set_timesteps(50)
    noise_pred, latents = np.random.default_rng(0).standard_normal((2, *SHAPE)).astype(np.float32)
    for timestep in ours.timesteps(50):
        expected = other.step(torch.from_numpy(noise_pred), int(timestep), torch.from_numpy(latents))
        found = ours.step(noise_pred, timestep, latents, num_inference_steps=50)
        assert relative(found, expected.prev_sample.numpy()) < 4e-6


def test_the_paper_walks_these_timesteps() -> None:
    timesteps = Ddim(SchedulerConfig()).timesteps(25)
    assert timesteps.dtype == np.int64
    assert timesteps.tolist() == list(range(961, 0, -40))


@pytest.mark.parametrize("spacing", ["leading", "trailing"])
def test_any_number_of_steps_stays_inside_the_training_timesteps(spacing: TimestepSpacing) -> None:
    """diffusers leaves them at 1000 leading steps (timestep 1000) and for some trailing ones (timestep -1)."""
    scheduler = Ddim(SchedulerConfig(timestep_spacing=spacing))
    other = theirs(scheduler.config)
    for num_inference_steps in range(1, 1001):
        timesteps = scheduler.timesteps(num_inference_steps)
        assert timesteps.shape == (num_inference_steps,)
        assert timesteps[0] <= 999
        assert timesteps[-1] >= 0
        assert (np.diff(timesteps) < 0).all()
        other.set_timesteps(num_inference_steps)
        if other.timesteps[0] <= 999:
            np.testing.assert_array_equal(timesteps, other.timesteps.numpy()[:num_inference_steps])


def test_ddim_repeats_the_papers_run() -> None:
    with np.load(REFERENCE / "pipeline.npz") as run:
        noise_preds, walked = run["noise_pred"], run["latents"]
        before, timesteps = run["init_latents"], run["timesteps"]
    scheduler = Ddim(SchedulerConfig())
    np.testing.assert_array_equal(scheduler.timesteps(len(timesteps)), timesteps)
    for timestep, noise_pred, after in zip(timesteps, noise_preds, walked, strict=True):
        found = scheduler.step(guide(noise_pred, 7.5), timestep, before, num_inference_steps=len(timesteps))
        assert relative(found, after) < 1e-6
        before = after


@pytest.mark.parametrize("beta_schedule", ["linear", "scaled_linear"])
def test_add_noise_equals_diffusers_and_is_undone(beta_schedule: BetaSchedule) -> None:
    scheduler = Ddim(SchedulerConfig(beta_schedule=beta_schedule))
    latents, noise = np.random.default_rng(1).standard_normal((2, *SHAPE)).astype(np.float32)
    for timestep in (0, 1, 500, 999):
        noisy = scheduler.add_noise(latents, noise, timestep)
        expected = theirs(scheduler.config).add_noise(
            torch.from_numpy(latents), torch.from_numpy(noise), torch.tensor([timestep])
        )
        assert noisy.dtype == np.float32
        assert relative(noisy, expected.numpy()) < 1e-6
        assert relative(scheduler.predicted_original(noise, timestep, noisy), latents) < 1e-5


def test_zero_terminal_snr_ends_in_noise_alone() -> None:
    scheduler = Ddim(SchedulerConfig(prediction_type="v_prediction", rescale_zero_terminal_snr=True))
    assert scheduler.alphas_cumprod[-1] == 0
    assert scheduler.alphas_cumprod[0] == pytest.approx(1 - 0.00085)
    noise = np.ones(SHAPE, dtype=np.float32)
    np.testing.assert_array_equal(scheduler.add_noise(np.full_like(noise, 7), noise, 999), noise)


def test_half_precision_in_gives_single_precision_out() -> None:
    scheduler = Ddim(SchedulerConfig())
    noise_pred = np.full(SHAPE, 0.5, dtype=np.float16)
    latents = np.ones(SHAPE, dtype=np.float32)
    assert scheduler.step(noise_pred, 961, latents, num_inference_steps=25).dtype == np.float32
    guided = guide(np.stack([noise_pred[0], noise_pred[0] + 1]), 7.5)
    assert guided.dtype == np.float32
    assert guided.shape == SHAPE
    np.testing.assert_array_equal(guided, np.full(SHAPE, 8.0))


@pytest.mark.parametrize("num_inference_steps", [-1, 0, 1001])
def test_step_counts_outside_training_are_refused(num_inference_steps: int) -> None:
    with pytest.raises(RequestError, match="expected 1 to 1000"):
        Ddim(SchedulerConfig()).timesteps(num_inference_steps)


def test_wrong_shapes_from_the_unet_are_refused() -> None:
    scheduler, latents = Ddim(SchedulerConfig()), np.zeros(SHAPE, dtype=np.float32)
    with pytest.raises(BackendError, match="expected the shape of the latents"):
        scheduler.step(np.concatenate([latents, latents]), 1, latents, num_inference_steps=25)
    with pytest.raises(BackendError, match="batch of 2"):
        guide(latents, 7.5)


MANIFESTS = [
    ('{"name":"euler"}', "name: expected one of ddim"),
    ('{"num_train_timesteps":0}', "num_train_timesteps"),
    ('{"beta_start":0}', "beta_start"),
    ('{"beta_start":0.5,"beta_end":0.1}', "beta_end"),
    ('{"beta_end":1}', "beta_end"),
    ('{"steps_offset":1000}', "steps_offset"),
    ('{"rescale_zero_terminal_snr":true}', "v_prediction"),
]


@pytest.mark.parametrize(("manifest", "message"), MANIFESTS)
def test_impossible_schedules_are_refused(manifest: str, message: str) -> None:
    with pytest.raises(BundleError, match=message):
        msgspec.json.decode(manifest, type=SchedulerConfig)


def test_choices_are_checked_without_a_manifest() -> None:
    with pytest.raises(BundleError, match="beta_schedule: expected one of linear, scaled_linear"):
        SchedulerConfig(beta_schedule="cosine")  # type: ignore[arg-type]


def test_config_survives_the_manifest() -> None:
    config = SchedulerConfig(beta_schedule="scaled_linear", timestep_spacing="trailing")
    assert msgspec.json.decode(msgspec.json.encode(config), type=SchedulerConfig) == config
    scheduler = open_scheduler(config)
    assert isinstance(scheduler, Ddim)
    assert scheduler.init_noise_sigma == 1
