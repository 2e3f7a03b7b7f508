"""Questions about finished clips: their frames, their recipes, and saving them anew."""

from pathlib import Path

import msgspec

from pia_edge.clip import ClipFormat, Recipe


class OpenClip(msgspec.Struct, frozen=True, tag=True):
    """The frames of a clip, and how it is played."""

    path: Path
    raw: Path
    """A file that does not exist: gets the frames as they are stored, uint8 RGB, one after the other."""
    pictures: tuple[Path, ...] = ()
    """Where the picture that the clip was made from may lie, beside the folder of the clip."""


class ClipOpened(msgspec.Struct, frozen=True, tag=True):
    """The answer to :class:`OpenClip`."""

    width: int
    height: int
    order: tuple[int, ...]
    """For each frame that is played, which frame in the file it is: equal frames in a row are stored as one."""
    milliseconds: tuple[float, ...]
    """For each frame that is played, how long it is shown."""
    recipe: Recipe | None
    no_recipe: str
    """Why there is none, as a sentence; else empty."""
    picture: Path | None
    """What the clip was made from; fitted to the clip, it is the last frame in the file."""


class ReadRecipes(msgspec.Struct, frozen=True, tag=True):
    """How clips were made."""

    paths: tuple[Path, ...]


class RecipesRead(msgspec.Struct, frozen=True, tag=True):
    """The answer to :class:`ReadRecipes`: for the first of its paths, as many as fit, a recipe or why there is none."""

    recipes: tuple[Recipe | str, ...]


class MakeThumbnails(msgspec.Struct, frozen=True, tag=True):
    """The first frames of a clip, scaled down to ``side`` pixels."""

    path: Path
    side: int
    count: int = 1


class ThumbnailsMade(msgspec.Struct, frozen=True, tag=True):
    """The answer to :class:`MakeThumbnails`; fewer frames than were asked for where the clip has no more."""

    width: int
    height: int
    pixels: bytes
    """Uint8 RGB, one frame after the other."""
    milliseconds: tuple[float, ...]


class ListFormats(msgspec.Struct, frozen=True, tag=True):
    """The formats in which a clip may be saved."""


class FormatOffered(msgspec.Struct, frozen=True):
    """A format, and where it cannot be written here, how to get it."""

    format: ClipFormat
    missing: str | None


class FormatsListed(msgspec.Struct, frozen=True, tag=True):
    """The answer to :class:`ListFormats`."""

    formats: tuple[FormatOffered, ...]


class FindSize(msgspec.Struct, frozen=True, tag=True):
    """How many bytes a clip takes in another format; found by encoding it."""

    source: Path
    format: ClipFormat
    fps: float | None = None
    """Frames per second; those of the source if None."""
    ping_pong: bool = False
    """Forwards and then backwards."""


class SizeFound(msgspec.Struct, frozen=True, tag=True):
    """The answer to :class:`FindSize`, in bytes."""

    size: int


class SaveClip(msgspec.Struct, frozen=True, tag=True):
    """Write a clip anew, in the format that ``target`` names; the recipe goes along."""

    source: Path
    target: Path
    fps: float | None = None
    ping_pong: bool = False
    overwrite: bool = False


class ClipSaved(msgspec.Struct, frozen=True, tag=True):
    """The answer to :class:`SaveClip`: what was written, and its bytes."""

    path: Path
    size: int


ClipQuestion = OpenClip | ReadRecipes | MakeThumbnails | ListFormats | FindSize | SaveClip
ClipReply = ClipOpened | RecipesRead | ThumbnailsMade | FormatsListed | SizeFound | ClipSaved
