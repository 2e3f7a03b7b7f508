"""What a clip would do, in words: a line, and the rest for whoever asks."""

from PySide6.QtCore import QCoreApplication

from pia_edge.gui.model.pace import Prediction
from pia_edge.gui.widgets.time_words import about
from pia_edge.job_plan import JobPlan

translate = QCoreApplication.translate

_GIGABYTE = 1e9


def plan_line(plan: JobPlan, prediction: Prediction | None) -> str:
    """Return the plan in a line: ``16 frames, 512 × 384 · about 40 s here · 3.2 GB of memory``."""
    clip = translate("Plan", "One frame, {size}") if plan.frames == 1 else translate("Plan", "{frames} frames, {size}")
    parts = [clip.format(frames=plan.frames, size=_size(plan))]
    parts.append(
        translate("Plan", "time not known yet")
        if prediction is None
        else translate("Plan", "{time} here").format(time=about(prediction.total))
    )
    if plan.peak_memory is not None:
        parts.append(translate("Plan", "{memory} of memory").format(memory=gigabytes(plan.peak_memory)))
    # Lines break between the parts alone.
    return " · ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts)


def warning(plan: JobPlan) -> str:
    """Return what speaks against the plan, or nothing."""
    if plan.fits or plan.peak_memory is None:
        return ""
    return translate(
        "Plan",
        "This clip takes about {needed} of memory, and {free} are free. It may become very slow, or fail. Fewer frames "
        "or a smaller size take less.",
    ).format(needed=gigabytes(plan.peak_memory), free=gigabytes(plan.free_memory))


def details(plan: JobPlan, prediction: Prediction | None) -> list[tuple[str, str]]:
    """Return everything else about the plan, each with its name."""
    device = plan.backend if plan.device is None else f"{plan.backend}, {plan.device}"
    found = [
        (translate("Plan", "Model"), f"{plan.bundle} ({plan.format}, {plan.precision})"),
        (translate("Plan", "Runs on"), device),
        (translate("Plan", "Clip"), _clip(plan)),
        (translate("Plan", "Work"), _work(plan)),
        (translate("Plan", "Memory"), _memory(plan)),
    ]
    found.append((translate("Plan", "Time"), _time(prediction)))
    return [*found, *((translate("Plan", "Note"), _sentence(note)) for note in plan.notes)]


def gigabytes(num_bytes: int) -> str:
    """Return a size of memory: ``3.2 GB``."""
    if num_bytes < _GIGABYTE:
        return translate("Plan", "{size} MB").format(size=round(num_bytes / 1e6))
    return translate("Plan", "{size} GB").format(size=f"{num_bytes / _GIGABYTE:.1f}")


def _size(plan: JobPlan) -> str:
    return f"{plan.width} × {plan.height}"


def _clip(plan: JobPlan) -> str:
    if plan.window is None:
        return translate("Plan", "{frames} frames of {size} pixels").format(frames=plan.frames, size=_size(plan))
    return translate("Plan", "{frames} frames of {size} pixels, in {windows} windows of {window} frames").format(
        frames=plan.frames, size=_size(plan), windows=plan.windows, window=plan.window
    )


def _work(plan: JobPlan) -> str:
    steps = translate("Plan", "{steps} steps of {scheduler}").format(steps=plan.steps, scheduler=plan.scheduler)
    guided = (
        translate("Plan", "without guidance")
        if plan.guidance_scale == 1
        else translate("Plan", "guidance {scale}").format(scale=f"{plan.guidance_scale:g}")
    )
    calls = translate("Plan", "the UNet runs {calls} times").format(calls=plan.unet_calls)
    return f"{steps}, {guided}; {calls}"


def _memory(plan: JobPlan) -> str:
    free = translate("Plan", "{free} are free").format(free=gigabytes(plan.free_memory))
    if plan.memory is None:
        return translate("Plan", "not known on this device; {free}").format(free=free)
    stages = {
        "encode": translate("Plan", "encoding"),
        "denoise": translate("Plan", "denoising"),
        "decode": translate("Plan", "decoding"),
    }
    parts = (f"{gigabytes(size)} {stages.get(stage, stage)}" for stage, size in plan.memory.items())
    kept = "" if plan.keep_unet else " " + translate("Plan", "The model is loaded anew for every clip.")
    return f"{', '.join(parts)}; {free}.{kept}"


def _time(prediction: Prediction | None) -> str:
    if prediction is None:
        return translate("Plan", "known after the first clip with this model")
    return translate(
        "Plan", "{load} loading, {denoise} denoising, {decode} decoding; learned from clips made here"
    ).format(load=about(prediction.load), denoise=about(prediction.denoise), decode=about(prediction.decode))


def _sentence(note: str) -> str:
    return f"{note[:1].upper()}{note[1:].rstrip('.')}."
