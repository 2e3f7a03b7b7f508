"""What a clip would do, in words: a line, and the rest for whoever asks."""

from PySide6.QtCore import QCoreApplication

from pia_edge.gui.model.pace import Prediction
from pia_edge.gui.widgets.time_words import about
from pia_edge.job_plan import JobPlan

_GIGABYTE = 1e9


def plan_line(plan: JobPlan, prediction: Prediction | None) -> str:
    """Return the plan in a line: ``16 frames, 512 × 384 · about 40 s here · 3.2 GB of memory``."""
    clip = _tr("One frame, {size}") if plan.frames == 1 else _tr("{frames} frames, {size}")
    parts = [clip.format(frames=plan.frames, size=_size(plan))]
    parts.append(
        _tr("the time is known after the first clip")
        if prediction is None
        else _tr("{time} here").format(time=about(prediction.total))
    )
    if plan.peak_memory is not None:
        parts.append(_tr("{memory} of memory").format(memory=gigabytes(plan.peak_memory)))
    return " · ".join(parts)


def warning(plan: JobPlan) -> str:
    """Return what speaks against the plan, or nothing."""
    if plan.fits or plan.peak_memory is None:
        return ""
    return _tr(
        "This clip takes about {needed} of memory, and {free} are free. It may become very slow, or fail. Fewer frames "
        "or a smaller size take less."
    ).format(needed=gigabytes(plan.peak_memory), free=gigabytes(plan.free_memory))


def details(plan: JobPlan, prediction: Prediction | None) -> list[tuple[str, str]]:
    """Return everything else about the plan, each with its name."""
    device = plan.backend if plan.device is None else f"{plan.backend}, {plan.device}"
    found = [
        (_tr("Model"), f"{plan.bundle} ({plan.format}, {plan.precision})"),
        (_tr("Runs on"), device),
        (_tr("Clip"), _clip(plan)),
        (_tr("Work"), _work(plan)),
        (_tr("Memory"), _memory(plan)),
    ]
    if prediction is not None:
        found.append((_tr("Time"), _time(prediction)))
    return [*found, *((_tr("Note"), _sentence(note)) for note in plan.notes)]


def gigabytes(num_bytes: int) -> str:
    """Return a size of memory: ``3.2 GB``."""
    if num_bytes < _GIGABYTE:
        return _tr("{size} MB").format(size=round(num_bytes / 1e6))
    return _tr("{size} GB").format(size=f"{num_bytes / _GIGABYTE:.1f}")


def _size(plan: JobPlan) -> str:
    return f"{plan.width} × {plan.height}"


def _clip(plan: JobPlan) -> str:
    if plan.window is None:
        return _tr("{frames} frames of {size} pixels").format(frames=plan.frames, size=_size(plan))
    return _tr("{frames} frames of {size} pixels, in {windows} windows of {window} frames").format(
        frames=plan.frames, size=_size(plan), windows=plan.windows, window=plan.window
    )


def _work(plan: JobPlan) -> str:
    steps = _tr("{steps} steps of {scheduler}").format(steps=plan.steps, scheduler=plan.scheduler)
    guided = (
        _tr("without guidance")
        if plan.guidance_scale == 1
        else _tr("guidance {scale}").format(scale=f"{plan.guidance_scale:g}")
    )
    calls = _tr("the UNet runs {calls} times").format(calls=plan.unet_calls)
    return f"{steps}, {guided}; {calls}"


def _memory(plan: JobPlan) -> str:
    free = _tr("{free} are free").format(free=gigabytes(plan.free_memory))
    if plan.memory is None:
        return _tr("not known on this device; {free}").format(free=free)
    stages = {"encode": _tr("encoding"), "denoise": _tr("denoising"), "decode": _tr("decoding")}
    parts = (f"{gigabytes(size)} {stages.get(stage, stage)}" for stage, size in plan.memory.items())
    kept = "" if plan.keep_unet else " " + _tr("The model is loaded anew for every clip.")
    return f"{', '.join(parts)}; {free}.{kept}"


def _time(prediction: Prediction) -> str:
    return _tr("{load} loading, {denoise} denoising, {decode} decoding; learned from clips made here").format(
        load=about(prediction.load), denoise=about(prediction.denoise), decode=about(prediction.decode)
    )


def _sentence(note: str) -> str:
    return f"{note[:1].upper()}{note[1:].rstrip('.')}."


def _tr(text: str) -> str:
    return QCoreApplication.translate("Plan", text)
