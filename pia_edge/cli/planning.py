"""``pia-edge animate --dry-run``: what would be done."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pia_edge.cli.results import print_json
from pia_edge.decoding import check_decoder
from pia_edge.modules import Module

if TYPE_CHECKING:
    from pia_edge.job import Job
    from pia_edge.memory_plan import MemoryPlan
    from pia_edge.pipeline import AnimationPipeline
    from pia_edge.settings import Settings

_STAGES = {"encode": "encoding", "denoise": "denoising", "decode": "decoding"}


def show_plan(job: "Job", *, as_json: bool) -> None:
    """Print what ``job`` would do, and what memory it would take.

    Raises:
        PiaError: it cannot be done.
    """
    from pia_edge.job import open_job

    pipeline, picture, request, last_picture = open_job(job)
    check_decoder(pipeline.bundle, job.decoder)
    settings = pipeline.settle(picture, request, last_picture)
    plan = pipeline.plan(picture, request, job.max_memory, last_picture)
    manifest = pipeline.bundle.manifest
    height, width = settings.picture.pixels.shape[:2]
    if as_json:
        print_json(_described(pipeline, settings, plan, job.output))
        return
    precision = manifest.modules[Module.UNET].precision
    lines = {
        "bundle": f"{manifest.name} ({manifest.format}, {precision})",
        "backend": pipeline.backend.name,
        "clip": f"{settings.num_frames} frames of {width}x{height}{_windows(settings)}",
        "work": _work(settings),
        "memory": _memory(plan),
        "way": _way(plan),
        "output": str(job.output),
    }
    for key, value in lines.items():
        click.echo(f"{key + ':':<10}{value}")


def _described(
    pipeline: "AnimationPipeline", settings: "Settings", plan: "MemoryPlan", output: Path
) -> dict[str, object]:
    height, width = settings.picture.pixels.shape[:2]
    return {
        "bundle": pipeline.bundle.manifest.name,
        "backend": pipeline.backend.name,
        "frames": settings.num_frames,
        "width": width,
        "height": height,
        "window": settings.framing.window,
        "windows": len(settings.windows),
        "prompts": len(settings.travel.prompts),
        "steps": settings.num_inference_steps,
        "unet_calls": settings.unet_calls,
        "scheduler": settings.scheduler.name,
        "peak_memory": plan.peak,
        "memory": plan.stages,
        "keep_unet": plan.keep_unet,
        "split_guidance": plan.split_guidance,
        "output": str(output),
    }


def _work(settings: "Settings") -> str:
    guidance = "without guidance" if settings.guidance_scale == 1 else f"guidance {settings.guidance_scale:g}"
    steps = f"{settings.num_inference_steps} steps of {settings.scheduler.name}, {guidance}"
    if len(settings.windows) == len(settings.travel.prompts) == 1:
        return steps
    return f"{steps}; {settings.unet_calls} times through the UNet, each for one prompt and one window"


def _windows(settings: "Settings") -> str:
    framing = settings.framing
    if framing.window is None:
        return ""
    around = " that go on from the end to the beginning" if framing.circular else ""
    return f" in {len(settings.windows)} windows of {framing.window}{around}"


def _memory(plan: "MemoryPlan") -> str:
    if plan.stages is None or plan.peak is None:
        return "not known on this device"
    stages = ", ".join(f"{size / 1e9:.2f} {_STAGES[stage]}" for stage, size in plan.stages.items())
    return f"about {plan.peak / 1e9:.2f} GB ({stages})"


def _way(plan: "MemoryPlan") -> str:
    kept = "the UNet stays loaded" if plan.keep_unet else "the UNet is let go of before frames are decoded"
    return f"{kept}; {'one prompt after the other' if plan.split_guidance else 'both prompts at once'}"
