"""The evaluation of a set of clips."""

import importlib.metadata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pia_edge._version import __version__
from pia_edge.affinity_measure import measured_affinity
from pia_edge.cancel import CancelToken
from pia_edge.clip.reading import read_frames
from pia_edge.errors import MissingExtraError, OutOfMemoryError, PictureError
from pia_edge.evaluation.alignment import Aligned, align, rounded
from pia_edge.evaluation.clip_frames import generated_frames
from pia_edge.evaluation.clip_set import SetClip, find_clips
from pia_edge.evaluation.condition_image import fitted_as_recorded, fitted_to
from pia_edge.evaluation.contact_sheet import Row, row_of
from pia_edge.evaluation.measures import measure
from pia_edge.evaluation.report import ClipReport, Evaluation, Skipped, in_unicode, mean_of
from pia_edge.image import read_picture
from pia_edge.progress import OnStep, Pace, Stage

if TYPE_CHECKING:
    from pia_edge.evaluation.backbone import Clip

Pixels = npt.NDArray[np.uint8]

_SHOWN_REASONS = 5


@dataclass(frozen=True, kw_only=True, eq=False)
class Evaluated:
    """What was found, and one row of a contact sheet for each clip."""

    evaluation: Evaluation
    rows: tuple[Row, ...]


def evaluate(
    folder: Path,
    clip_model: "Clip | None",
    *,
    on_skip: Callable[[Skipped], object] = lambda _: None,
    on_step: OnStep | None = None,
    cancel: CancelToken | None = None,
) -> Evaluated:
    """Evaluate every clip of the set in ``folder``.

    Args:
        folder: see `clip_set.find_clips`.
        clip_model: gives the embeddings; None for the measures that need no model.
        on_skip: told each file that cannot be evaluated.
        on_step: told how many clips are done.
        cancel: stops between clips, and every few frames within one.

    Raises:
        PictureError: there is nothing to evaluate.
        RequestError: ``set.json`` is damaged.
        NumericError: the model gives NaN.
        Cancelled: as asked.
    """
    cancel = cancel or CancelToken()
    clips, not_clips = find_clips(folder)
    skipped = list(not_clips)
    for each in skipped:
        on_skip(each)
    found: list[tuple[ClipReport, Row]] = []
    pace = Pace(Stage.EVALUATE, len(clips), on_step)
    for done, clip in enumerate(clips):
        pace.report(done)
        cancel.check()
        try:
            found.append(_evaluated(clip, clip_model, cancel))
        except (PictureError, MissingExtraError, OutOfMemoryError) as error:
            reason = str(error).removeprefix(f"{clip.path}: ").replace(str(clip.path), clip.file)
            skipped.append(Skipped(clip.file, in_unicode(reason)))
            on_skip(skipped[-1])
    pace.report(len(clips))
    if not found:
        raise PictureError(_nothing(folder, skipped))
    reports = [report for report, _ in found]
    return Evaluated(evaluation=_evaluation(folder, clip_model, reports, skipped), rows=tuple(row for _, row in found))


def _evaluation(
    folder: Path, clip_model: "Clip | None", reports: Sequence[ClipReport], skipped: Sequence[Skipped]
) -> Evaluation:
    libraries = ("numpy", "pillow") if clip_model is None else ("numpy", "pillow", "torch", "transformers")
    versions = {name: importlib.metadata.version(name) for name in libraries}
    return Evaluation(
        set=in_unicode(folder.resolve().name),
        backbone=None if clip_model is None else clip_model.description,
        mean=mean_of(reports),
        clips=tuple(reports),
        skipped=tuple(sorted(skipped, key=lambda each: each.file)),
        versions={"pia-edge": __version__, **versions},
    )


def _evaluated(clip: SetClip, clip_model: "Clip | None", cancel: CancelToken) -> tuple[ClipReport, Row]:
    frames = _frames(clip)
    image, notes = _condition_image(clip, frames)
    condition = frames[clip.condition_frame] if image is None else image
    if clip.recipe is not None and clip.recipe.prompts_at:
        notes.append("the clip passes from one prompt into another: it is compared with the first alone")
    aligned: Aligned | None = None
    if clip_model is not None:
        aligned = align(
            clip_model,
            frames,
            condition_image=condition,
            condition_frame=clip.condition_frame,
            prompt=clip.prompt,
            check=cancel.check,
        )
        if aligned.tokens_cut:
            notes.append(f"CLIP did not read the last {aligned.tokens_cut} tokens of the prompt")
    affinity = measured_affinity(frames, clip.condition_frame)
    report = ClipReport(
        file=clip.file,
        prompt=clip.prompt,
        described_by="set.json" if clip.recipe is None else "recipe",
        num_frames=len(frames),
        width=frames.shape[2],
        height=frames.shape[1],
        condition_frame=clip.condition_frame,
        condition_image=in_unicode(clip.condition_image.name) if clip.condition_image is not None else None,
        notes=tuple(notes),
        measures=measure(frames, clip.condition_frame, image, affinity),
        alignment=aligned.alignment if aligned else None,
        affinity=rounded(affinity),
        image_cosines=aligned.image_cosines if aligned else None,
        text_cosines=aligned.text_cosines if aligned else None,
    )
    return report, row_of(report, condition, frames)


def _frames(clip: SetClip) -> Pixels:
    stored = read_frames(clip.path)
    frames = stored.pixels if clip.recipe is None else generated_frames(stored, clip.recipe)
    if clip.condition_frame >= len(frames):
        raise PictureError(f"expected a condition frame from 0 to {len(frames) - 1}, found {clip.condition_frame}.")
    return frames


def _condition_image(clip: SetClip, frames: Pixels) -> tuple[Pixels | None, list[str]]:
    """Return the condition image at the clip's size, or None if its file is not there; and notes."""
    if clip.condition_image is None:
        return None, ["no file of the condition image: the condition frame serves in its place"]
    pixels = read_picture(clip.condition_image).pixels
    height, width = frames.shape[1:3]
    if clip.recipe is None:
        return fitted_to(pixels, width, height), []
    fitted, certain = fitted_as_recorded(pixels, clip.recipe)
    return fitted, [] if certain else ["the condition image differs from the one that the recipe records"]


def _nothing(folder: Path, skipped: Sequence[Skipped]) -> str:
    reasons = "".join(f"\n  {each.file}: {each.reason}" for each in skipped[:_SHOWN_REASONS])
    more = f"\n  and {len(skipped) - _SHOWN_REASONS} more" if len(skipped) > _SHOWN_REASONS else ""
    return f"{folder}: expected clips that can be evaluated, found none.{reasons}{more}"
