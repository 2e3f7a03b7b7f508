"""diffusers' schedulers for a bundle's noise schedule, and what it takes to compare walks with theirs."""

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from diffusers import (
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
    LCMScheduler,
)
from diffusers.schedulers.scheduling_ddim import rescale_zero_terminal_snr

from pia_edge.request import SchedulerName
from pia_edge.schedulers import SchedulerConfig, Walk

SHAPE = (1, 4, 3, 4, 5)
SIGMAS = frozenset({SchedulerName.EULER, SchedulerName.EULER_ANCESTRAL})
"""Schedulers whose latents diffusers keep at another scale than the UNet's."""


class TorchNoise:
    """Draws what diffusers draws from a generator of the same seed."""

    def __init__(self, seed: int) -> None:
        self._generator = torch.Generator().manual_seed(seed)

    def standard_normal(self, shape: tuple[int, ...], dtype: Any) -> npt.NDArray[np.float32]:
        assert dtype is np.float32
        return torch.randn(shape, generator=self._generator).numpy()


def theirs(config: SchedulerConfig) -> Any:
    common: dict[str, Any] = {
        "num_train_timesteps": config.num_train_timesteps,
        "beta_start": config.beta_start,
        "beta_end": config.beta_end,
        "beta_schedule": config.beta_schedule,
        "steps_offset": config.steps_offset,
        "prediction_type": config.prediction_type,
        "rescale_betas_zero_snr": config.rescale_zero_terminal_snr,
        "timestep_spacing": config.timestep_spacing,
    }
    of_pictures = {"set_alpha_to_one": config.set_alpha_to_one, "clip_sample": False}
    match SchedulerName(config.name):
        case SchedulerName.DDIM:
            return DDIMScheduler(**common, **of_pictures)
        case SchedulerName.EULER:
            return EulerDiscreteScheduler(**common)
        case SchedulerName.EULER_ANCESTRAL:
            return EulerAncestralDiscreteScheduler(**common)
        case SchedulerName.DPM_SOLVER:
            return DPMSolverMultistepScheduler(**common)
        case SchedulerName.LCM:
            return LCMScheduler(**common, **of_pictures)


def in_double(other: Any, config: SchedulerConfig) -> Any:
    """Let diffusers compute its noise schedule in float64: in float32 the last timesteps of a rescaled one are off."""
    betas = other.betas.double()
    if config.rescale_zero_terminal_snr:
        plain = DDIMScheduler(
            beta_start=config.beta_start, beta_end=config.beta_end, beta_schedule=config.beta_schedule
        )
        betas = rescale_zero_terminal_snr(plain.betas.double())
    other.alphas_cumprod = torch.cumprod(1 - betas, dim=0)
    if hasattr(other, "final_alpha_cumprod") and not config.set_alpha_to_one:
        other.final_alpha_cumprod = other.alphas_cumprod[0]
    return other


def scale(other: Any, index: int) -> float:
    """What diffusers' latents at a step are larger than the UNet's."""
    return float(torch.sqrt(other.sigmas[index].double() ** 2 + 1))


def step(other: Any, walk: Walk, index: int, noise_pred: Any, latents: Any, generator: Any) -> tuple[Any, Any]:
    """One step of diffusers on the UNet's scale: the latents, and the original where it tells."""
    sigmas = isinstance(other, EulerDiscreteScheduler | EulerAncestralDiscreteScheduler)
    given = torch.from_numpy(latents) * (scale(other, index) if sigmas else 1)
    drawing = not isinstance(other, DDIMScheduler | EulerDiscreteScheduler | DPMSolverMultistepScheduler)
    chosen = {"generator": generator} if drawing else {}
    timestep = other.timesteps[index] if sigmas else int(walk.timesteps[index])
    found = other.step(torch.from_numpy(noise_pred), timestep, given, **chosen)
    after = found.prev_sample / (scale(other, index + 1) if sigmas else 1)
    original = (
        getattr(found, "denoised", None) if isinstance(other, LCMScheduler) else found.get("pred_original_sample")
    )
    return after.numpy(), None if original is None else original.numpy()
