"""Questions about clips in other formats: which there are, how large the clip is in them, and writing it."""

from pathlib import Path

import msgspec

from pia_edge.cancel import CancelToken
from pia_edge.clip import Animation, ClipFormat
from pia_edge.clip.timing import MAX_PLAYED_FRAMES, steady_rate, times_shown
from pia_edge.errors import MissingExtraError, OutputError, PictureError, RequestError
from pia_edge.worker.answers.clips import recipe_of
from pia_edge.worker.clip_questions import ClipSaved, FindSize, FormatOffered, FormatsListed, SaveClip, SizeFound


def list_formats() -> FormatsListed:
    """Return every format, and how to get the one that an optional library writes."""
    from pia_edge.clip.mp4 import require_video_extra

    missing = None
    try:
        require_video_extra()
    except MissingExtraError as error:
        missing = str(error)
    return FormatsListed(tuple(FormatOffered(each, missing if each is ClipFormat.MP4 else None) for each in ClipFormat))


def find_size(question: FindSize, token: CancelToken) -> SizeFound:
    """Return how many bytes a clip takes in a format.

    Raises:
        PictureError: the clip cannot be read.
        RequestError: the format cannot hold it.
        MissingExtraError: MP4, and PyAV is not installed.
    """
    from pia_edge.clip.formats import size_of_clip

    clip = _clip(question.source, question.fps, question.ping_pong, token)
    return SizeFound(size_of_clip(clip.frames, question.format, fps=clip.fps, recipe=clip.recipe))


def save(question: SaveClip, token: CancelToken) -> ClipSaved:
    """Write a clip anew.

    Raises:
        PictureError: the clip cannot be read.
        RequestError: the format cannot hold it, or there is no such format.
        OutputError: it cannot be written there, or something is there already.
        MissingExtraError: MP4, and PyAV is not installed.
    """
    source, target = question.source, question.target
    if target.exists() and source.exists() and target.samefile(source):
        raise OutputError(f"{target} is the clip itself, which would be replaced. Choose another name or folder.")
    clip = _clip(source, question.fps, question.ping_pong, token)
    token.check()
    path = clip.save(target, question.overwrite)
    files = path.glob("*.png") if path.is_dir() else (path,)
    return ClipSaved(path, sum(file.stat().st_size for file in files))


def _clip(source: Path, fps: float | None, ping_pong: bool, token: CancelToken) -> Animation:
    """The clip as it is to be written, with its recipe."""
    import numpy as np

    from pia_edge.clip.reading import shown_frames

    frames, times = [], []
    for frame in shown_frames(source):
        token.check()
        frames.append(frame.pixels)
        times.append(frame.milliseconds)
    recipe, _ = recipe_of(source)
    counts = None if recipe is None else times_shown(times, recipe)
    if recipe is not None and counts is not None:
        rate = recipe.rate
        height, width = frames[0].shape[:2]
        if 0 <= height - recipe.height <= 1 and 0 <= width - recipe.width <= 1:
            # MP4 repeats the last row or column of an odd side.
            frames = [frame[: recipe.height, : recipe.width] for frame in frames]
    else:
        rate, counts = steady_rate(times)
    if sum(counts) > MAX_PLAYED_FRAMES:
        raise PictureError(
            f"{source}: its frames are shown for so different times that a steady clip would have {sum(counts)} "
            f"frames; expected at most {MAX_PLAYED_FRAMES}. Save it in the program that made it."
        )
    rate = rate if fps is None else fps
    if recipe is not None:
        recipe = msgspec.structs.replace(recipe, fps=rate / recipe.interpolated)
    clip = Animation(frames=np.stack(frames).repeat(counts, axis=0), fps=rate, recipe=recipe)
    if not ping_pong:
        return clip
    if recipe is not None and recipe.closes:
        raise RequestError(
            "This clip is a loop: it ends where it began and needs no way back. Save it without playing backwards."
        )
    return clip.ping_pong()
