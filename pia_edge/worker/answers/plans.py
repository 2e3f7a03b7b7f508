"""Questions about a job before it is done."""

from functools import lru_cache
from typing import TYPE_CHECKING

from pia_edge.worker.plan_questions import PlanJob, Planned

if TYPE_CHECKING:
    from pia_edge.pipeline import AnimationPipeline


def plan(question: PlanJob) -> Planned:
    """Return what the job would do.

    Raises:
        PiaError: it cannot be done.
    """
    from pia_edge.job_plan import plan_job

    return Planned(plan_job(question.job, _open, held=question.held))


def _open(bundle: str | None, backend: str, device: str | None) -> "AnimationPipeline":
    from pia_edge.bundle.find import find_bundle
    from pia_edge.bundle.opening import read_manifest

    folder = find_bundle(bundle)
    # A name may stand for another bundle by now; the digest of its manifest does not.
    return _pipeline(str(folder), read_manifest(folder)[1], backend, device)


@lru_cache(maxsize=2)
def _pipeline(folder: str, _digest: str, backend: str, device: str | None) -> "AnimationPipeline":
    """Checking every file of a bundle takes seconds, which is too long while somebody types."""
    from pia_edge.pipeline import AnimationPipeline

    return AnimationPipeline.open(folder, backend, device)
