"""The scheduler that a request or a bundle names."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from pia_edge.request import SchedulerName
from pia_edge.schedulers.config import SchedulerConfig
from pia_edge.schedulers.ddim import Ddim
from pia_edge.schedulers.dpm_solver import DpmSolver
from pia_edge.schedulers.euler import Euler
from pia_edge.schedulers.euler_ancestral import EulerAncestral
from pia_edge.schedulers.lcm import Lcm
from pia_edge.schedulers.noise_schedule import NoiseSchedule
from pia_edge.schedulers.walk import Walk

SCHEDULERS: Mapping[SchedulerName, Callable[[NoiseSchedule, int, np.random.Generator], Walk]] = MappingProxyType(
    {
        SchedulerName.DDIM: lambda schedule, steps, _: Ddim(schedule, steps),
        SchedulerName.EULER: lambda schedule, steps, _: Euler(schedule, steps),
        SchedulerName.EULER_ANCESTRAL: EulerAncestral,
        SchedulerName.DPM_SOLVER: lambda schedule, steps, _: DpmSolver(schedule, steps),
        SchedulerName.LCM: Lcm,
    }
)


def open_walk(config: SchedulerConfig, num_inference_steps: int, random: np.random.Generator) -> Walk:
    """Return one walk of the scheduler that ``config`` names.

    Args:
        config: what the UNet was trained with, and the scheduler's name.
        num_inference_steps: how many UNet calls the walk has.
        random: draws the noise of schedulers that add some in every step.

    Raises:
        RequestError: the scheduler cannot walk in so many steps.
    """
    return SCHEDULERS[SchedulerName(config.name)](NoiseSchedule(config), num_inference_steps, random)
