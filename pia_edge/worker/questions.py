"""What can be asked of a child beside a clip: each question, and the answer to it.

A question is data; ``answers/`` says, one file a topic, how the child finds the answer. To add one, write its
question and answer here (those about bundles and models are in ``model_questions.py``), put both into the unions at
the end, and its function into ``answering.py``.
"""

from pathlib import Path

import msgspec

from pia_edge.bundle.manifest import ClipSize, Frames, Sizes
from pia_edge.clip import ClipFormat, Recipe
from pia_edge.motion import Motion
from pia_edge.request import Fit, SchedulerName
from pia_edge.worker.model_questions import ModelQuestion, ModelReply


class CountTokens(msgspec.Struct, frozen=True, tag=True):
    """How many tokens a bundle's text encoder reads of each text."""

    texts: tuple[str, ...]
    bundle: str | None = None


class Counted(msgspec.Struct, frozen=True):
    """One text as the text encoder reads it."""

    count: int
    """Tokens of the whole text."""
    room: int
    """Tokens that are read at most."""
    cut: str
    """The end of the text that is not read."""


class TokensCounted(msgspec.Struct, frozen=True, tag=True):
    """The answer to :class:`CountTokens`, in the order of its texts."""

    texts: tuple[Counted, ...]


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


class FindLimits(msgspec.Struct, frozen=True, tag=True):
    """What a bundle accepts, and what it chooses where a request leaves it open."""

    bundle: str | None = None


class LimitsFound(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The answer to :class:`FindLimits`."""

    name: str
    sizes: Sizes
    frames: Frames
    clips: tuple[ClipSize, ...] = ()
    """The only clips that it makes; any that ``sizes`` and ``frames`` allow if empty."""
    second_picture: bool
    """Whether a clip may end with a picture of its own."""
    tiny_decoder: bool
    scheduler: SchedulerName
    num_inference_steps: int
    guidance_scale: float
    negative_prompt: str


class ViewPicture(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A picture as the pipeline gives it to the network; the fields are those of a request."""

    path: Path
    first: Path | None = None
    """The picture that the clip begins with, where ``path`` is the one that it ends with."""
    bundle: str | None = None
    fit: Fit = Fit.ORIGINAL
    size: tuple[int, int] | None = None
    num_frames: int | None = None


class PictureViewed(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The answer to :class:`ViewPicture`."""

    pixels: bytes
    """RGB of ``shown_size``, line by line."""
    shown_size: tuple[int, int]
    """(width, height); smaller than ``size`` where that would be too much for a message."""
    size: tuple[int, int]
    """(width, height) of the clip."""
    source_size: tuple[int, int]
    """(width, height) of the picture, upright."""
    inner_box: tuple[int, int, int, int]
    """(left, top, right, bottom) of the picture in the clip; all of it unless padded."""
    num_frames: int
    notes: tuple[str, ...]
    """What was changed, in the order in which it was."""


class KeepPicture(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A picture that lies in no file of the user's, to be kept as PNG in a folder, named by its content."""

    source: Path
    """A PNG, or RGBA pixels line by line."""
    size: tuple[int, int] | None = None
    """(width, height) of the pixels; None for a PNG."""
    folder: Path


class PictureKept(msgspec.Struct, frozen=True, tag=True):
    """The answer to :class:`KeepPicture`."""

    path: Path


class CopyMotion(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The motion of another clip: a GIF, WebP, APNG, MP4 or folder of PNGs."""

    path: Path
    num_frames: int
    condition_frame: int = 0
    bundle: str | None = None


class MotionCopied(msgspec.Struct, frozen=True, tag=True):
    """The answer to :class:`CopyMotion`."""

    motion: Motion


Question = (
    CountTokens
    | OpenClip
    | ReadRecipes
    | MakeThumbnails
    | ListFormats
    | FindSize
    | SaveClip
    | ModelQuestion
    | FindLimits
    | ViewPicture
    | KeepPicture
    | CopyMotion
)
Reply = (
    TokensCounted
    | ClipOpened
    | RecipesRead
    | ThumbnailsMade
    | FormatsListed
    | SizeFound
    | ClipSaved
    | ModelReply
    | LimitsFound
    | PictureViewed
    | PictureKept
    | MotionCopied
)
