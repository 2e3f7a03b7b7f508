"""The noise schedule against diffusers' DDIMScheduler."""

import diffusers
import numpy as np
import pytest
import torch

from pia_edge.training.diffusion import Schedule, alphas_cumprod, draw_timesteps
from pia_edge.training.export_folder import scheduler_fields


def scheduler() -> diffusers.DDIMScheduler:
    return diffusers.DDIMScheduler(**scheduler_fields())


def test_cumulative_alphas_are_those_of_diffusers_and_end_at_zero() -> None:
    theirs = scheduler().alphas_cumprod
    torch.testing.assert_close(alphas_cumprod().float(), theirs, atol=2e-6, rtol=0)
    assert float(alphas_cumprod()[-1]) == 0


@pytest.mark.parametrize("steps", [5, 10, 25])
def test_timesteps_and_steps_are_those_of_diffusers(steps: int) -> None:
    theirs, ours = scheduler(), Schedule()
    # diffusers accumulates the cumulative product in float32; with its table the steps must agree closely.
    # Its previous timestep is t - 1000 // steps, which is the next one only where steps divides 1000.
    ours.alphas = theirs.alphas_cumprod.double()
    theirs.set_timesteps(steps)
    timesteps = ours.timesteps(steps)
    assert timesteps == theirs.timesteps.tolist()
    generator = torch.Generator().manual_seed(0)
    latents = torch.randn(1, 4, 3, 5, 5, generator=generator)
    reference = latents.clone()
    for timestep, previous in zip(timesteps, [*timesteps[1:], -1], strict=True):
        velocity = torch.randn(latents.shape, generator=generator)
        latents = ours.step(latents, velocity, timestep, previous)
        reference = theirs.step(velocity, timestep, reference).prev_sample
    torch.testing.assert_close(latents, reference, atol=2e-4, rtol=2e-4)


def test_noised_latents_and_velocity_are_those_of_diffusers() -> None:
    generator = torch.Generator().manual_seed(1)
    latents, noise = (torch.randn(3, 4, 2, 5, 5, generator=generator) for _ in range(2))
    timestep = torch.tensor([0, 500, 999])
    ours, theirs = Schedule().add_noise(latents, noise, timestep), scheduler()
    torch.testing.assert_close(ours.latents, theirs.add_noise(latents, noise, timestep), atol=1e-3, rtol=1e-3)
    torch.testing.assert_close(ours.velocity, theirs.get_velocity(latents, noise, timestep), atol=1e-3, rtol=1e-3)
    torch.testing.assert_close(ours.latents[2], noise[2])


def test_timesteps_with_much_noise_are_drawn_more_often_and_none_is_left_out() -> None:
    drawn = draw_timesteps(np.random.default_rng(3), 4000)
    assert int(drawn.min()) < 20
    assert int(drawn.max()) == 999
    assert 0.6 < float((drawn >= 500).float().mean()) < 0.75
