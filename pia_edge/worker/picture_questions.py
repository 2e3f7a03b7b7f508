"""Questions about what a clip is to be made from: pictures, and the motion of another clip."""

from pathlib import Path

import msgspec

from pia_edge.bundle.manifest import ClipSize, Frames, Sizes
from pia_edge.motion import Motion
from pia_edge.request import Fit, SchedulerName


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
    """A PNG, or pixels line by line, each a byte of blue, green, red and alpha."""
    size: tuple[int, int] | None = None
    """(width, height) of the pixels; None for a PNG."""
    opaque: bool = False
    """Whether the bytes of alpha mean nothing."""
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


PictureQuestion = FindLimits | ViewPicture | KeepPicture | CopyMotion
PictureReply = LimitsFound | PictureViewed | PictureKept | MotionCopied
