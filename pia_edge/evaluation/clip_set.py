"""A folder of clips to evaluate: those with a recipe in them, and those that its ``set.json`` lists."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

import msgspec

from pia_edge.clip import Recipe, read_recipe
from pia_edge.clip.reading import numbered_pngs
from pia_edge.errors import MissingExtraError, PictureError, RequestError
from pia_edge.evaluation.report import Skipped, in_unicode
from pia_edge.request import MAX_PROMPT_CHARACTERS

LISTING = "set.json"
_CLIP_SUFFIXES = (".gif", ".webp", ".apng", ".mp4")
_SEQUENCE_NAME = re.compile(r"\d{4,}\.png")
_LARGEST_LISTING = 16 * 2**20

Prompt = Annotated[str, msgspec.Meta(max_length=MAX_PROMPT_CHARACTERS)]


class ListedClip(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A clip that somebody else's program made. Files lie in the folder of ``set.json`` or below it."""

    file: str
    prompt: Prompt
    condition_image: str | None = None
    condition_frame: Annotated[int, msgspec.Meta(ge=0)] = 0


class Listing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``set.json`` holds."""

    clips: tuple[ListedClip, ...]
    schema_version: Literal[1] = 1


@dataclass(frozen=True, kw_only=True)
class SetClip:
    """A clip to evaluate; `file` is relative to the set, with slashes."""

    path: Path
    file: str
    prompt: str
    condition_frame: int
    condition_image: Path | None
    recipe: Recipe | None
    """None: it is listed in ``set.json``, whose word then counts."""


def find_clips(folder: Path) -> tuple[tuple[SetClip, ...], tuple[Skipped, ...]]:
    """Return the clips of a set in the order of their names, and what looks like a clip and cannot be one of them.

    Raises:
        PictureError: there is no such folder, or no clip in it.
        RequestError: ``set.json`` is damaged.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PictureError(f"{folder}: expected a folder of clips, found: {reason}. Correct the path.") from error
    listed = _listed(folder) if folder / LISTING in paths else []
    taken = {clip.path for clip in listed}
    recorded, skipped = _with_recipes(path for path in paths if path not in taken and _looks_like_a_clip(path))
    clips = sorted([*listed, *recorded], key=lambda clip: clip.file)
    if not clips and not skipped:
        raise PictureError(
            f"{folder}: expected GIF, WebP, APNG or MP4 files or folders of numbered PNGs, found none. Give the folder "
            f"in which they lie; clips of other programs are listed in its {LISTING}."
        )
    pictures = {clip.condition_image for clip in clips}
    return tuple(clips), tuple(reason for path, reason in skipped.items() if path not in pictures)


def _with_recipes(paths: Iterable[Path]) -> tuple[list[SetClip], dict[Path, Skipped]]:
    """Return the clips among files that look like some, and why the others are none."""
    clips: list[SetClip] = []
    skipped: dict[Path, Skipped] = {}
    for path in paths:
        try:
            clips.append(_recorded(path))
        except (PictureError, MissingExtraError) as error:
            reason = f"{error} Clips without a recipe are listed in {LISTING}.".replace(str(path), path.name)
            skipped[path] = Skipped(in_unicode(path.name), in_unicode(reason))
    return clips, skipped


def _looks_like_a_clip(path: Path) -> bool:
    if path.is_dir():
        try:
            return any(_SEQUENCE_NAME.fullmatch(png.name) for png in numbered_pngs(path))
        except OSError:
            return True  # reading it says what is wrong
    return path.suffix.lower() in _CLIP_SUFFIXES


def _recorded(path: Path) -> SetClip:
    recipe = read_recipe(path)
    name = recipe.picture_name
    # A recipe is foreign text: its picture may lie beside the clip and nowhere else.
    picture = path.parent / name if name and Path(name).name == name else None
    return SetClip(
        path=path,
        file=in_unicode(path.name),
        prompt=recipe.prompt,
        # The frame that a loop leaves out is its first.
        condition_frame=recipe.condition_frame % (recipe.num_frames - recipe.without_last),
        condition_image=picture if picture is not None and picture.is_file() else None,
        recipe=recipe,
    )


def _listed(folder: Path) -> list[SetClip]:
    path = folder / LISTING
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_LISTING + 1)
        if len(content) > _LARGEST_LISTING:
            raise ValueError(f"more than {_LARGEST_LISTING} bytes")
        listing = msgspec.json.decode(content, type=Listing)
        clips = [_set_clip(folder, listed) for listed in listing.clips]
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise RequestError(
            f'{path}: expected {{"clips": [{{"file": …, "prompt": …, "condition_image": …}}, …]}} with files of this '
            f"folder, found: {reason[:200]}. Correct it."
        ) from error
    files = [clip.file for clip in clips]
    if twice := sorted({file for file in files if files.count(file) > 1}):
        raise RequestError(f"{path}: expected each clip once, found {twice[0]!a} more than once. Remove one of them.")
    return clips


def _set_clip(folder: Path, listed: ListedClip) -> SetClip:
    image = None if listed.condition_image is None else folder / _inside(listed.condition_image)
    return SetClip(
        path=folder / _inside(listed.file),
        file=_inside(listed.file),
        prompt=listed.prompt,
        condition_frame=listed.condition_frame,
        condition_image=image,
        recipe=None,
    )


def _inside(name: str) -> str:
    """Return ``name`` as a path below the set.

    Raises:
        ValueError: it leads elsewhere.
    """
    path = PurePosixPath(name)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name:
        raise ValueError(f"the path {name[:80]!a}, which is not below the folder of the set")
    return path.as_posix()
