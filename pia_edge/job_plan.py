"""What a job would do, found out before any of it is done."""

from typing import TYPE_CHECKING

import msgspec

from pia_edge.modules import Module

if TYPE_CHECKING:
    from pia_edge.job import Job, OpenedJob, OpenPipeline


class JobPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A job with nothing left open; sizes of memory are in bytes."""

    bundle: str
    bundle_sha256: str
    format: str
    precision: str
    """Of the UNet."""
    backend: str
    device: str | None
    """Where the UNet is to run; None leaves it to the backend."""
    frames: int
    width: int
    height: int
    window: int | None
    """Frames that the UNet is given at once; None for all."""
    windows: int
    """Of neighbouring frames; fewer strided ones are used before them."""
    circular: bool
    """Whether windows go on from the last frame to the first."""
    prompts: int
    steps: int
    unet_calls: int
    """How often the UNet is run for one prompt and one window."""
    scheduler: str
    guidance_scale: float
    memory: dict[str, int] | None
    """What the process takes at most in each stage; None where that is not known."""
    free_memory: int
    """What it may take without others being swapped out."""
    keep_unet: bool
    split_guidance: bool
    notes: tuple[str, ...]
    """What will be changed or left out, each a sentence for the user."""

    @property
    def peak_memory(self) -> int | None:
        """What the process takes at most, or None where that is not known."""
        return None if self.memory is None else max(self.memory.values())

    @property
    def fits(self) -> bool:
        """Whether the clip fits into what is free, as far as anybody knows."""
        return self.peak_memory is None or self.peak_memory <= self.free_memory

    @property
    def frames_at_once(self) -> int:
        """Frames that the UNet is given at once."""
        return self.window or self.frames


def plan_job(job: "Job", open_pipeline: "OpenPipeline | None" = None, *, held: int | None = None) -> JobPlan:
    """Return what ``job`` would do.

    Args:
        job: what to do.
        open_pipeline: gives the pipeline for bundle, backend and device; opened anew if None.
        held: bytes that the process has which makes the clip, and uses again; None if it is this one.

    Raises:
        PiaError: it cannot be done.
    """
    from pia_edge.job import notes_before, open_job, settle_job
    from pia_edge.memory import free_memory, own_memory

    opened = open_job(job, open_pipeline)
    pipeline, picture, request, last_picture = opened
    settings = settle_job(job, opened)
    free = free_memory() + (own_memory() if held is None else held)
    plan = pipeline.plan(picture, request, job.max_memory, last_picture, free)
    manifest = pipeline.bundle.manifest
    height, width = settings.picture.pixels.shape[:2]
    return JobPlan(
        bundle=manifest.name,
        bundle_sha256=pipeline.bundle.sha256,
        format=manifest.format,
        precision=manifest.modules[Module.UNET].precision,
        backend=pipeline.backend.name,
        device=_device(opened, job.device),
        frames=settings.num_frames,
        width=width,
        height=height,
        window=settings.framing.window,
        windows=len(settings.windows),
        circular=settings.framing.circular,
        prompts=len(settings.travel.prompts),
        steps=settings.num_inference_steps,
        unet_calls=settings.unet_calls,
        scheduler=settings.scheduler.name,
        guidance_scale=settings.guidance_scale,
        memory=None if plan.stages is None else dict(plan.stages),
        free_memory=free if job.max_memory is None else job.max_memory,
        keep_unet=plan.keep_unet,
        split_guidance=plan.split_guidance,
        notes=(*notes_before(opened, settings), *plan.notes()),
    )


def _device(opened: "OpenedJob", asked: str | None) -> str | None:
    from pia_edge.device_choice import DeviceChoice

    chosen = DeviceChoice.parse(asked).of(Module.UNET)
    return chosen or next(iter(opened.pipeline.backend.devices()), None)
