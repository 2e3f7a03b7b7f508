"""Evenly spaced timesteps, noisiest first, as Lin et al. 2024, table 2 names them."""

import numpy as np
import numpy.typing as npt

from pia_edge.errors import RequestError
from pia_edge.schedulers.config import SchedulerConfig

Timesteps = npt.NDArray[np.int64]


def evenly_spaced(config: SchedulerConfig, num_inference_steps: int) -> Timesteps:
    """Return the timesteps that the bundle's spacing gives, int64 (num_inference_steps,).

    Raises:
        RequestError: fewer steps than 1 or more than the UNet was trained with.
    """
    check_steps(num_inference_steps, config.num_train_timesteps, "the timesteps this bundle was trained with")
    if config.timestep_spacing == "trailing":
        return trailing(config.num_train_timesteps, num_inference_steps)
    return leading(config, num_inference_steps, config.num_train_timesteps // num_inference_steps)


def leading(config: SchedulerConfig, num_inference_steps: int, apart: int) -> Timesteps:
    """Return multiples of ``apart`` from 0 on, moved by the bundle's offset, noisiest first."""
    ascending = np.arange(num_inference_steps, dtype=np.int64) * apart
    # As many steps as trained leave no room for the offset: it would point past the last timestep.
    offset = min(config.steps_offset, config.num_train_timesteps - 1 - int(ascending[-1]))
    return ascending[::-1] + offset


def trailing(trained: int, num_inference_steps: int) -> Timesteps:
    """Return timesteps from the very last one down."""
    # Rounding makes some of these ranges one longer than asked, with a last timestep of -1.
    counted = np.arange(trained, 0, -trained / num_inference_steps)[:num_inference_steps]
    return np.round(counted).astype(np.int64) - 1


def check_steps(num_inference_steps: int, most: int, why: str) -> None:
    """Check the number of steps of a clip.

    Raises:
        RequestError: it is not one of 1 to ``most``.
    """
    if not 1 <= num_inference_steps <= most:
        raise RequestError(f"num_inference_steps: expected 1 to {most}, {why}, found {num_inference_steps}.")
