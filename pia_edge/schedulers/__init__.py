"""Schedulers in NumPy: which noise levels a clip walks through, and the step from one to the next.

All of them keep latents at the scale that the UNet is given them at, signal² + spread² = 1, whatever scale the papers
write them in.
"""

from pia_edge.schedulers.choose import SCHEDULERS, open_walk
from pia_edge.schedulers.config import BetaSchedule, PredictionType, SchedulerConfig, TimestepSpacing
from pia_edge.schedulers.guidance import guide
from pia_edge.schedulers.noise_schedule import NoiseLevel, NoiseSchedule
from pia_edge.schedulers.walk import Step, Walk

__all__ = [
    "SCHEDULERS",
    "BetaSchedule",
    "NoiseLevel",
    "NoiseSchedule",
    "PredictionType",
    "SchedulerConfig",
    "Step",
    "TimestepSpacing",
    "Walk",
    "guide",
    "open_walk",
]
