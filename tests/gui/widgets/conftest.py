"""Clips that are made as a test says, in place of a worker process."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pia_edge.cancel import CancelToken
from pia_edge.clip import Recipe
from pia_edge.errors import Cancelled, PiaError, RequestError
from pia_edge.gui.model.draft import DraftState
from pia_edge.job import Job, Made
from pia_edge.job_plan import JobPlan
from pia_edge.motion import Motion
from pia_edge.progress import Progress, Stage
from pia_edge.worker import Worker
from pia_edge.worker.plan_questions import PlanJob, Planned

PLAN = JobPlan(
    bundle="lake",
    bundle_sha256="ab" * 32,
    format="openvino",
    precision="fp16",
    backend="intel",
    device="CPU",
    frames=16,
    width=512,
    height=384,
    window=None,
    windows=1,
    circular=False,
    prompts=1,
    steps=20,
    unet_calls=40,
    scheduler="ddim",
    guidance_scale=7.5,
    memory={"encode": 10**9, "denoise": 3 * 10**9, "decode": 2 * 10**9},
    free_memory=8 * 10**9,
    keep_unet=True,
    split_guidance=False,
    notes=("scaled from 640x480 to 512x384",),
)


class Script:
    """What the worker does."""

    def __init__(self) -> None:
        self.plan: JobPlan | PiaError = PLAN
        self.outcome: PiaError | None = None
        """What a clip fails with; None for one that is made."""
        self.steps = [Progress(Stage.PREPARE, 1, 1, None), Progress(Stage.DENOISE, 6, 20, None)]
        self.go_on = threading.Event()
        """Clips end when it is set."""
        self.jobs: list[Job] = []

    def animate(self, job: Job, *, on_note: Any, on_step: Callable[[Progress], None], cancel: CancelToken) -> Made:
        self.jobs.append(job)
        on_note("the prompt is too long")
        for step in self.steps:
            on_step(step)
        while not self.go_on.wait(0.01):
            if cancel.cancelled:
                raise Cancelled("Stopped as asked; nothing was written.")
        if self.outcome is not None:
            raise self.outcome
        return made(job.output, job.request.seed or 0)

    def ask(self, question: object, _kind: object, **_: object) -> Planned:
        if not isinstance(question, PlanJob):
            raise RequestError(f"nobody answers {type(question).__name__} here")
        if isinstance(self.plan, PiaError):
            raise self.plan
        return Planned(self.plan)


def made(path: Path, seed: int) -> Made:
    recipe = Recipe(
        prompt="a",
        seed=seed,
        motion=Motion(),
        affinity=(1.0,),
        num_frames=16,
        width=512,
        height=384,
        num_inference_steps=20,
        guidance_scale=7.5,
        fps=8.0,
        scheduler="ddim",
        bundle_name="lake",
        bundle_sha256="ab" * 32,
        backend="intel",
        device="CPU",
    )
    return Made(path=path, recipe=recipe, num_frames=16, notes=(), seconds=12.3, peak_memory=None, unet_calls=40)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Script:
    """Take the place of every worker."""
    one = Script()
    monkeypatch.setattr(Worker, "animate", one.animate)
    monkeypatch.setattr(Worker, "ask", one.ask)
    return one


@pytest.fixture
def lake(tmp_path: Path) -> DraftState:
    """A clip to ask for."""
    return DraftState(picture=tmp_path / "lake.png", prompt="a boat on the lake", seed=7)
