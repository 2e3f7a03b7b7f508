"""The recipe: everything a clip was made from, as JSON."""

import hashlib
from typing import Annotated, cast

import msgspec
import numpy as np
import numpy.typing as npt

from pia_edge.errors import PiaError, PictureError, RequestError
from pia_edge.keyframes import Position
from pia_edge.motion import Motion
from pia_edge.request import MAX_SEED, AnimationRequest, Fit, SchedulerName

SCHEMA_VERSION = 1

Sha256 = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")]
Count = Annotated[int, msgspec.Meta(ge=1)]


class Recipe(msgspec.Struct, frozen=True, kw_only=True, tag_field="format", tag="pia-edge recipe"):
    """What a clip was made from; equal recipes on equal devices give equal frames.

    `affinity` holds one value per frame, `width` and `height` are in pixels (`size_given` says whether they were
    asked for or follow from the picture), `fps` in frames per second. The sha256 values are hexadecimal, of the
    bundle's manifest and (see `sha256_of_pixels`) of the pictures and the frames; empty where unknown.
    `picture_name` is the picture's file name without its folder; `last_picture_name` that of the picture that the clip
    ends with, if there is one. `prompts_at` holds the prompts that follow `prompt`, and where they act. `window` and
    `overlap` are how many frames the UNet was given at once, and how many neighbouring windows share at least; None
    where it was given all.

    `ping_pong` says that the clip plays the generated frames forwards and then backwards, `without_last` that it leaves
    out the last one, which is the first again, and `interpolated` how many frames it shows for each of those that are
    left: `num_frames`, `fps`, `affinity` and `frames_sha256` are those of the generated frames. `split_guidance` says
    that the UNet was called for one prompt after the other. `decoder` is what made frames of the latents. `device` is
    that of the UNet, `devices` of every module. `retried` names the modules that gave NaN or infinity and from which of
    their calls on (the first is 1) they were therefore computed in float32. `versions` maps the names of programs and
    libraries to their versions.
    """

    schema_version: int = SCHEMA_VERSION
    prompt: str
    negative_prompt: str = ""
    prompts_at: tuple[tuple[Position, str], ...] = ()
    seed: Annotated[int, msgspec.Meta(ge=0, le=MAX_SEED)]
    motion: Motion
    affinity: tuple[float, ...]
    condition_frame: Annotated[int, msgspec.Meta(ge=0)] = 0
    num_frames: Count
    window: Count | None = None
    overlap: Count | None = None
    width: Count
    height: Count
    size_given: bool = False
    fit: Fit = Fit.ORIGINAL
    num_inference_steps: Count
    guidance_scale: float
    guidance_interval: tuple[float, float] | None = None
    split_guidance: bool = False
    fps: Annotated[float, msgspec.Meta(gt=0)]
    ping_pong: bool = False
    without_last: bool = False
    interpolated: Count = 1
    scheduler: str
    decoder: str = "full"
    bundle_name: str
    bundle_sha256: Sha256 = ""
    backend: str
    device: str = ""
    devices: dict[str, str] = {}
    retried: dict[str, Count] = {}
    precision: str = ""
    picture_name: str = ""
    picture_sha256: Sha256 = ""
    last_picture_name: str = ""
    last_picture_sha256: Sha256 = ""
    frames_sha256: Sha256 = ""
    versions: dict[str, str] = {}

    @property
    def rate(self) -> float:
        """Frames per second of the file."""
        return self.fps * self.interpolated

    @property
    def closes(self) -> bool:
        """Whether the first frame follows the last: a loop whose repeated end is left out, or that never had one."""
        in_windows = self.window is not None and self.motion.loop and not self.motion.original_rows
        return (self.without_last or in_windows) and not self.ping_pong

    def to_json(self) -> str:
        """The recipe as one line of JSON, which `from_json` reads back equal.

        Raises:
            RequestError: a value has no JSON form (not finite, text that is not Unicode) or is not allowed.
        """
        try:
            text = msgspec.json.encode(self).decode()
            if msgspec.json.decode(text, type=Recipe) == self:
                return text
            reason = "a value does not survive being written"
        except (ValueError, PiaError) as error:
            reason = str(error)
        raise RequestError(f"The recipe cannot be written: {reason}. Correct this setting.")

    def request(self) -> AnimationRequest:
        """The request that the clip was made for.

        Raises:
            RequestError: this version knows no such scheduler.
        """
        return AnimationRequest(
            prompt=self.prompt,
            negative_prompt=self.negative_prompt,
            prompts_at=self.prompts_at,
            motion=self.motion,
            num_frames=self.num_frames,
            window=self.window,
            overlap=self.overlap,
            size=(self.width, self.height) if self.size_given else None,
            fit=self.fit,
            condition_frame=self.condition_frame,
            # Any name is kept here, so that the clip can be looked at; the request refuses one that it does not know.
            scheduler=cast("SchedulerName", self.scheduler),
            num_inference_steps=self.num_inference_steps,
            guidance_scale=self.guidance_scale,
            guidance_interval=self.guidance_interval,
            seed=self.seed,
            fps=self.fps,
        )


class _Header(msgspec.Struct):
    schema_version: int


def from_json(text: str | bytes) -> Recipe:
    """The recipe that `Recipe.to_json` wrote; fields unknown to this version are ignored.

    Raises:
        PictureError: not a recipe, damaged, or written by a newer version.
    """
    try:
        version = msgspec.json.decode(text, type=_Header).schema_version
        if version > SCHEMA_VERSION:
            raise PictureError(
                f"The recipe has schema version {version}, this program reads up to {SCHEMA_VERSION}. Update pia-edge."
            )
        return msgspec.json.decode(text, type=Recipe)
    except (ValueError, RequestError, RecursionError) as error:
        # A message of msgspec quotes the path of the field, never its content.
        raise PictureError(f"Damaged recipe: {str(error)[:200]}. The clip itself may be whole.") from error


def sha256_of_pixels(pixels: npt.NDArray[np.uint8]) -> str:
    """Hash of an array's shape, type and values, in hexadecimal: equal for equal pixels on every machine."""
    digest = hashlib.sha256(f"{pixels.dtype.str} {pixels.shape}".encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()
