"""One clip from files to a file: what the command line asks of a pipeline, here or in another process."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from pia_edge.clip import Recipe
from pia_edge.decoding import Decoder
from pia_edge.errors import OutputError, RequestError
from pia_edge.motion import Motion
from pia_edge.request import AnimationRequest

if TYPE_CHECKING:
    from pia_edge.cancel import CancelToken
    from pia_edge.image import Picture
    from pia_edge.pipeline import AnimationPipeline
    from pia_edge.progress import OnStep
    from pia_edge.settings import Settings

_SHOWN = 200
"""Characters of the end of a prompt that a note quotes."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """A picture, what is asked of it, and where the clip goes.

    Raises:
        RequestError: the motion is both copied from a clip and stated.
    """

    picture: Path
    request: AnimationRequest
    output: Path
    """Its suffix is the format; a folder for PNG files."""
    last_picture: Path | None = None
    """What the clip ends with."""
    motion_from: Path | None = None
    """A clip whose affinity is copied, in place of the motion of ``request``."""
    bundle: str | None = None
    """A name in the bundle store or a folder; None is the sample that ships."""
    backend: str = "auto"
    device: str | None = None
    decoder: Decoder = Decoder.FULL
    ping_pong: bool = False
    interpolate: int = 1
    """How many frames are shown for each one that is generated."""
    overwrite: bool = False
    max_memory: int | None = None
    """Bytes that the process may take; None for what is free."""

    def __post_init__(self) -> None:
        if self.motion_from is not None and self.request.motion != Motion():
            raise RequestError(
                f"The motion is copied from {self.motion_from.name!a} and stated as well. Leave out one of them."
            )

    def inputs(self) -> tuple[Path, ...]:
        """Return the files that are read."""
        return tuple(path for path in (self.picture, self.last_picture, self.motion_from) if path is not None)


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
    unet_calls: int = 0
    """How often the UNet was run for one prompt and one window; 0 where nobody counted."""


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
    from pia_edge.memory import peak_memory

    started = time.perf_counter()
    opened = open_job(job, open_pipeline)
    pipeline, picture, request, last_picture = opened
    notes: list[str] = []

    def tell(note: str) -> None:
        notes.append(note)
        if on_note is not None:
            on_note(note)

    settings = settle_job(job, opened)
    for note in notes_before(opened, settings):
        tell(note)
    plan = pipeline.plan(picture, request, job.max_memory, last_picture)
    for note in plan.notes():
        tell(note)
    animation = pipeline.animate(
        picture,
        request,
        last_picture=last_picture,
        plan=plan,
        decoder=job.decoder,
        on_step=on_step,
        on_note=tell,
        cancel=cancel,
    )
    animation = animation.as_played(
        ping_pong=job.ping_pong, without_last=settings.ends_where_it_began, interpolate=job.interpolate
    )
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
        unet_calls=settings.unet_calls,
    )


class OpenedJob(NamedTuple):
    """A job whose files are read."""

    pipeline: "AnimationPipeline"
    picture: "Picture"
    request: AnimationRequest
    """With the motion of the driving clip, if there is one."""
    last_picture: "Picture | None"


def open_job(job: Job, open_pipeline: OpenPipeline | None = None) -> OpenedJob:
    """Read what a job needs, and check that its clip may be written.

    Raises:
        PiaError: something cannot be read, or the clip cannot be written.
    """
    from pia_edge.image import read_picture
    from pia_edge.pipeline import AnimationPipeline

    picture = read_picture(job.picture)
    last_picture = None if job.last_picture is None else read_picture(job.last_picture)
    fps = job.request.fps * job.interpolate
    check_target(job.output, *job.inputs(), fps=fps, overwrite=job.overwrite)
    pipeline = (open_pipeline or AnimationPipeline.open)(job.bundle, job.backend, job.device)
    request = job.request
    if job.motion_from is not None:
        num_frames = pipeline.settle(picture, request).num_frames
        motion = pipeline.copy_motion(job.motion_from, num_frames, request.condition_frame)
        request = msgspec.structs.replace(request, motion=motion)
    return OpenedJob(pipeline, picture, request, last_picture)


def settle_job(job: Job, opened: OpenedJob) -> "Settings":
    """Decide everything that the request leaves open, and check what of the job can be checked only then.

    Raises:
        RequestError: the bundle does not accept the request, or the clip cannot be decoded or interpolated as asked.
        MissingExtraError: frames in between are asked for, and PyAV is not installed.
    """
    from pia_edge.clip.interpolation import check_factor
    from pia_edge.decoding import check_decoder

    settings = opened.pipeline.settle(opened.picture, opened.request, opened.last_picture)
    check_decoder(opened.pipeline.bundle, job.decoder)
    height, width = settings.picture.pixels.shape[:2]
    check_factor(job.interpolate, settings.num_frames * (2 if job.ping_pong else 1), width, height)
    return settings


def notes_before(opened: OpenedJob, settings: "Settings") -> Iterator[str]:
    """Yield what is changed or left out, known before the work begins."""
    for read, fitted in ((opened.picture, settings.picture), (opened.last_picture, settings.last_picture)):
        if read is not None and fitted is not None:
            which = "" if read is opened.picture else "last picture: "
            yield from (f"{which}{note}" for note in (*read.notes, *fitted.notes))
    for prompt in settings.travel.prompts:
        if cut := opened.pipeline.tokens(prompt).truncated:
            yield f"the prompt is too long: this end of it is not read: {cut[:_SHOWN]}"
    if settings.framing.window is not None:
        yield f"the clip is made in {len(settings.windows)} windows of {settings.framing.window} frames"


def check_target(output: Path, *inputs: Path, fps: float, overwrite: bool) -> None:
    """Check, before any work is done, that a clip may be written to ``output``.

    Raises:
        PiaError: no format has this name, the place cannot be written, or one of ``inputs`` lies there.
    """
    from pia_edge.clip import check_output

    check_output(output, fps=fps, overwrite=overwrite)
    for path in inputs:
        if output.exists() and path.exists() and output.samefile(path):
            what = "the picture itself" if path is inputs[0] else "what it is made from"
            raise OutputError(f"{output} is {what}, which the clip would replace. Choose another name.")
