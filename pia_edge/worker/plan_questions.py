"""What a job would do."""

import msgspec

from pia_edge.job import Job
from pia_edge.job_plan import JobPlan


class PlanJob(msgspec.Struct, frozen=True, tag=True):
    """What a job would do, and whether it fits."""

    job: Job
    held: int = 0
    """Bytes that the process has which will make the clip, and uses again."""


class Planned(msgspec.Struct, frozen=True, tag=True):
    """The answer to :class:`PlanJob`."""

    plan: JobPlan
