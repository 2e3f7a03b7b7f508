"""Questions about finished clips: their frames, small or as they are, and their recipes."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pia_edge.cancel import CancelToken
from pia_edge.clip import Recipe, read_recipe
from pia_edge.clip.timing import SECONDS_UNKNOWN, times_shown
from pia_edge.errors import PiaError
from pia_edge.files import explained
from pia_edge.worker.clip_questions import (
    ClipOpened,
    MakeThumbnails,
    OpenClip,
    ReadRecipes,
    RecipesRead,
    ThumbnailsMade,
)

if TYPE_CHECKING:
    from pia_edge.clip.reading import Pixels

_ROOM = 2**22
"""Characters of the recipes in one answer; a line of the worker holds four times as many bytes."""


def open_clip(question: OpenClip, token: CancelToken) -> ClipOpened:
    """Write the frames of a clip, and return how they are played; nothing stays of one that cannot be opened.

    Raises:
        PictureError: it is missing, damaged, too large, or no clip.
        MissingExtraError: an MP4, and PyAV is not installed.
        OutputError: the frames cannot be written.
    """
    recipe, no_recipe = recipe_of(question.path)
    with explained(question.raw):
        question.raw.parent.mkdir(parents=True, exist_ok=True)
        try:
            with question.raw.open("xb") as raw:
                (width, height), times = _write_frames(question.path, raw, token)
                candidates = _candidates(question, recipe)
                picture = None if recipe is None else _write_still(candidates, recipe, (width, height), raw, token)
        except BaseException:
            question.raw.unlink(missing_ok=True)
            raise
    order, milliseconds = _played(times, recipe)
    return ClipOpened(width, height, order, milliseconds, recipe, no_recipe, picture)


def read_recipes(question: ReadRecipes, token: CancelToken) -> RecipesRead:
    """Return the recipe of each clip, or why there is none; of the first clips alone if the answer becomes too long."""
    found: list[Recipe | str] = []
    room = _ROOM
    for path in question.paths:
        token.check()
        recipe, no_recipe = recipe_of(path)
        room -= len(no_recipe if recipe is None else recipe.to_json())
        if found and room < 0:
            break
        found.append(no_recipe if recipe is None else recipe)
    return RecipesRead(tuple(found))


def make_thumbnails(question: MakeThumbnails, token: CancelToken) -> ThumbnailsMade:
    """Return the first frames of a clip, scaled down; no other is decoded.

    Raises:
        PictureError: it is missing, damaged, too large, or no clip.
        MissingExtraError: an MP4, and PyAV is not installed.
    """
    from itertools import islice

    from PIL import Image

    from pia_edge.clip.reading import shown_frames

    pixels, times, size = [], [], (0, 0)
    for frame in islice(shown_frames(question.path), question.count):
        token.check()
        picture = Image.fromarray(frame.pixels)
        picture.thumbnail((question.side, question.side), Image.Resampling.BOX)
        pixels.append(picture.tobytes())
        times.append(frame.milliseconds or 1000 * SECONDS_UNKNOWN)
        size = picture.size
    return ThumbnailsMade(*size, b"".join(pixels), tuple(times))


def recipe_of(path: Path) -> tuple[Recipe | None, str]:
    """Return the recipe of a clip, or None and why there is none."""
    try:
        return read_recipe(path), ""
    except PiaError as error:
        return None, str(error)


def _write_frames(path: Path, raw: BinaryIO, token: CancelToken) -> tuple[tuple[int, int], list[float]]:
    from pia_edge.clip.reading import shown_frames

    times, size = [], (0, 0)
    for frame in shown_frames(path):
        token.check()
        raw.write(frame.pixels.data)
        size = (frame.pixels.shape[1], frame.pixels.shape[0])
        times.append(frame.milliseconds)
    return size, times


def _played(times: list[float], recipe: Recipe | None) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """The order of the stored frames, and how long each is shown."""
    counts = None if recipe is None else times_shown(times, recipe)
    if counts is None:
        return tuple(range(len(times))), tuple(time or 1000 * SECONDS_UNKNOWN for time in times)
    unknown = 1000 / recipe.rate if recipe is not None else 0.0
    order = [index for index, count in enumerate(counts) for _ in range(count)]
    return tuple(order), tuple(times[index] / counts[index] or unknown for index in order)


def _candidates(question: OpenClip, recipe: Recipe | None) -> list[Path]:
    if recipe is None:
        return []
    # A recipe may come from anybody: only a name beside the clip, never a path of its choosing.
    beside = question.path.parent / Path(recipe.picture_name).name
    return list(dict.fromkeys([*question.pictures, beside] if recipe.picture_name else question.pictures))


def _write_still(
    candidates: Iterable[Path], recipe: Recipe, size: tuple[int, int], raw: BinaryIO, token: CancelToken
) -> Path | None:
    """Write what the clip was made from, as the network saw it; return the picture, or None where there is none."""
    import numpy as np

    best: tuple[Path, Pixels] | None = None
    for path, fitted, certain in _stills(candidates, recipe, token):
        if certain or (best is None and path.name == recipe.picture_name):
            best = path, fitted
        if certain:
            break
    if best is None:
        return None
    path, fitted = best
    # MP4 repeats the last row or column of an odd side.
    excess = (size[1] - fitted.shape[0], size[0] - fitted.shape[1])
    if not all(0 <= side <= 1 for side in excess):
        return None
    raw.write(np.ascontiguousarray(np.pad(fitted, ((0, excess[0]), (0, excess[1]), (0, 0)), mode="edge")).data)
    return path


def _stills(candidates: Iterable[Path], recipe: Recipe, token: CancelToken) -> "Iterator[tuple[Path, Pixels, bool]]":
    from pia_edge.evaluation.condition_image import fitted_as_recorded
    from pia_edge.image import read_picture

    for path in candidates:
        token.check()
        if not path.is_file():
            continue
        try:
            fitted, certain = fitted_as_recorded(read_picture(path).pixels, recipe)
        except PiaError:  # not a picture any more; the clip can be played without it
            continue
        yield path, fitted, certain
