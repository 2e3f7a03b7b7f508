"""One clip from files to a file: what the command line asks of a pipeline, here or in another process."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pia_edge.clip import Recipe
from pia_edge.decoding import Decoder
from pia_edge.errors import OutputError
from pia_edge.request import AnimationRequest

if TYPE_CHECKING:
    from pia_edge.cancel import CancelToken
    from pia_edge.image import Picture
    from pia_edge.pipeline import AnimationPipeline
    from pia_edge.progress import OnStep

_SHOWN = 200
"""Characters of the end of a prompt that a note quotes."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """A picture, what is asked of it, and where the clip goes."""

    picture: Path
    request: AnimationRequest
    output: Path
    """Its suffix is the format; a folder for PNG files."""
    bundle: str | None = None
    """A name in the bundle store or a folder; None is the sample that ships."""
    backend: str = "auto"
    device: str | None = None
    decoder: Decoder = Decoder.FULL
    ping_pong: bool = False
    overwrite: bool = False
    max_memory: int | None = None
    """Bytes that the process may take; None for what is free."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """What came of a job."""

    path: Path
    recipe: Recipe
    num_frames: int
    """Of the file: a clip that plays both ways has more than were generated."""
    notes: tuple[str, ...]
    """What was changed or left out, each a sentence for the user."""
    seconds: float
    peak_memory: int | None
    """Largest resident size of the process so far, in bytes; None where the system does not tell."""


OpenPipeline = Callable[[str | None, str, str | None], "AnimationPipeline"]


def run_job(
    job: Job,
    *,
    open_pipeline: OpenPipeline | None = None,
    on_note: Callable[[str], object] | None = None,
    on_step: "OnStep | None" = None,
    cancel: "CancelToken | None" = None,
) -> Made:
    """Make the clip and save it.

    Args:
        job: what to do.
        open_pipeline: gives the pipeline for bundle, backend and device; opened anew if None.
        on_note: told each note: before the work begins, and when a module has to be computed in float32.
        on_step: told how far the clip is.
        cancel: stops the work within a step.

    Raises:
        PiaError: anything that keeps the clip from being made or written; nothing is left then.
    """
    from pia_edge.image import read_picture
    from pia_edge.memory import peak_memory
    from pia_edge.pipeline import AnimationPipeline

    started = time.perf_counter()
    picture = read_picture(job.picture)
    check_target(job.output, picture, fps=job.request.fps, overwrite=job.overwrite)
    pipeline = (open_pipeline or AnimationPipeline.open)(job.bundle, job.backend, job.device)
    notes: list[str] = []

    def tell(note: str) -> None:
        notes.append(note)
        if on_note is not None:
            on_note(note)

    for note in (*picture.notes, *pipeline.settle(picture, job.request).picture.notes):
        tell(note)
    if cut := pipeline.tokens(job.request.prompt).truncated:
        tell(f"the prompt is too long: this end of it is not read: {cut[:_SHOWN]}")
    plan = pipeline.plan(picture, job.request, job.max_memory)
    for note in plan.notes():
        tell(note)
    animation = pipeline.animate(
        picture, job.request, plan=plan, decoder=job.decoder, on_step=on_step, on_note=tell, cancel=cancel
    )
    if job.ping_pong:
        animation = animation.ping_pong()
    path = animation.save(job.output, job.overwrite)
    if animation.recipe is None:
        raise TypeError("an animation made by the pipeline has a recipe")
    return Made(
        path=path,
        recipe=animation.recipe,
        num_frames=len(animation.frames),
        notes=tuple(notes),
        seconds=time.perf_counter() - started,
        peak_memory=peak_memory(),
    )


def check_target(output: Path, picture: "Picture", *, fps: float, overwrite: bool) -> None:
    """Check, before any work is done, that a clip may be written to ``output``.

    Raises:
        PiaError: no format has this name, the place cannot be written, or the picture itself lies there.
    """
    from pia_edge.clip import check_output

    check_output(output, fps=fps, overwrite=overwrite)
    if output.exists() and output.samefile(picture.path):
        raise OutputError(f"{output} is the picture itself, which the clip would replace. Choose another name with -o.")
