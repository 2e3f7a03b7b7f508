"""``pia-edge animate --dry-run``: what would be done."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pia_edge.cli.results import print_json

if TYPE_CHECKING:
    from pia_edge.job import Job
    from pia_edge.job_plan import JobPlan

_STAGES = {"encode": "encoding", "denoise": "denoising", "decode": "decoding"}


def show_plan(job: "Job", *, as_json: bool) -> None:
    """Print what ``job`` would do, and what memory it would take.

    Raises:
        PiaError: it cannot be done.
    """
    from pia_edge.job_plan import plan_job

    plan = plan_job(job)
    if as_json:
        print_json(_described(plan, job.output))
        return
    lines = {
        "bundle": f"{plan.bundle} ({plan.format}, {plan.precision})",
        "backend": plan.backend,
        "clip": f"{plan.frames} frames of {plan.width}x{plan.height}{_windows(plan)}",
        "work": _work(plan),
        "memory": _memory(plan),
        "way": _way(plan),
        "output": str(job.output),
    }
    for key, value in lines.items():
        click.echo(f"{key + ':':<10}{value}")


def _described(plan: "JobPlan", output: Path) -> dict[str, object]:
    return {
        "bundle": plan.bundle,
        "backend": plan.backend,
        "frames": plan.frames,
        "width": plan.width,
        "height": plan.height,
        "window": plan.window,
        "windows": plan.windows,
        "prompts": plan.prompts,
        "steps": plan.steps,
        "unet_calls": plan.unet_calls,
        "scheduler": plan.scheduler,
        "peak_memory": plan.peak_memory,
        "memory": plan.memory,
        "keep_unet": plan.keep_unet,
        "split_guidance": plan.split_guidance,
        "output": str(output),
    }


def _work(plan: "JobPlan") -> str:
    guidance = "without guidance" if plan.guidance_scale == 1 else f"guidance {plan.guidance_scale:g}"
    steps = f"{plan.steps} steps of {plan.scheduler}, {guidance}"
    if plan.windows == plan.prompts == 1:
        return steps
    return f"{steps}; {plan.unet_calls} times through the UNet, each for one prompt and one window"


def _windows(plan: "JobPlan") -> str:
    if plan.window is None:
        return ""
    around = " that go on from the end to the beginning" if plan.circular else ""
    return f" in {plan.windows} windows of {plan.window}{around}"


def _memory(plan: "JobPlan") -> str:
    if plan.memory is None or plan.peak_memory is None:
        return "not known on this device"
    stages = ", ".join(f"{size / 1e9:.2f} {_STAGES[stage]}" for stage, size in plan.memory.items())
    return f"about {plan.peak_memory / 1e9:.2f} GB ({stages})"


def _way(plan: "JobPlan") -> str:
    kept = "the UNet stays loaded" if plan.keep_unet else "the UNet is let go of before frames are decoded"
    return f"{kept}; {'one prompt after the other' if plan.split_guidance else 'both prompts at once'}"
