"""A request with nothing left open: what the bundle, the picture and chance decide."""

from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from pia_edge.affinity import affinity_between, affinity_curve
from pia_edge.bundle.manifest import Manifest
from pia_edge.clip_choice import choose_clip
from pia_edge.errors import RequestError
from pia_edge.framing import Framing, choose_framing
from pia_edge.image import FittedPicture, Picture, fit_picture
from pia_edge.prompt_travel import PromptTravel, prompt_travel
from pia_edge.request import AnimationRequest, Fit, SchedulerName, draw_seed
from pia_edge.schedulers import SchedulerConfig
from pia_edge.windows import Window

_LCM_STEPS = 6
_LCM_GUIDANCE_SCALE = 1.0
"""What LCM models are made for, whatever a bundle's own scheduler takes."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """A request with every open choice decided."""

    request: AnimationRequest
    picture: FittedPicture
    picture_name: str
    framing: Framing
    windows: tuple[Window, ...]
    """Of neighbouring frames; one if the UNet is given all at once."""
    strided_windows: tuple[Window, ...]
    """Through all of the clip."""
    travel: PromptTravel
    scheduler: SchedulerConfig
    num_inference_steps: int
    guidance_scale: float
    negative_prompt: str
    seed: int
    affinity: NDArray[np.float32]
    """(frames,), 1 … 0."""
    last_picture: FittedPicture | None = None
    """What the clip ends with, of the size of ``picture``; None for a clip of one picture."""
    last_picture_name: str = ""

    @property
    def num_frames(self) -> int:
        """Frames of the clip."""
        return self.framing.num_frames

    @property
    def ends_where_it_began(self) -> bool:
        """Whether the last frame is the first one again, as it is in a loop that is not made in windows."""
        motion = self.request.motion
        return motion.loop and not (motion.original_rows or self.framing.circular) and self.num_frames > 2

    @property
    def guides(self) -> bool:
        """Whether there is guidance at all."""
        return self.guidance_scale != 1

    @property
    def unet_calls(self) -> int:
        """How often the UNet is run for one prompt and one window; two prompts in one call count twice."""
        steps = range(self.num_inference_steps)
        strided = sum(self._is_strided(index) for index in steps)
        prompted = strided * self._acting(self.strided_windows) + (len(steps) - strided) * self._acting(self.windows)
        return prompted + sum(len(self.windows_at(index)) for index in steps if self.is_guided(index))

    def _acting(self, windows: tuple[Window, ...]) -> int:
        return sum(int(self.travel.weights[:, window.frames].any(axis=1).sum()) for window in windows)

    def windows_at(self, index: int) -> tuple[Window, ...]:
        """Return what the UNet is given at the step ``index``, the first being 0."""
        return self.strided_windows if self._is_strided(index) else self.windows

    def _is_strided(self, index: int) -> bool:
        return index < self.num_inference_steps // 2

    def is_guided(self, index: int) -> bool:
        """Return whether guidance acts at the step ``index``, the first being 0."""
        if self.guidance_scale == 1:
            return False
        first, last = self.request.guidance_interval or (0.0, 1.0)
        return first <= index / self.num_inference_steps <= last


def settle(
    manifest: Manifest, picture: Picture, request: AnimationRequest, last_picture: Picture | None = None
) -> Settings:
    """Decide everything that ``request`` leaves open.

    Raises:
        RequestError: the bundle does not accept the size, the number of frames or of steps, or a second picture.
    """
    defaults = manifest.defaults
    fixed, framing = _framed(manifest, picture, request)
    num_frames = framing.num_frames
    scheduler = manifest.scheduler
    if request.scheduler is not None:
        scheduler = msgspec.structs.replace(scheduler, name=request.scheduler.value)
    own_steps, own_scale = defaults.num_inference_steps, defaults.guidance_scale
    if scheduler.name == SchedulerName.LCM and manifest.scheduler.name != SchedulerName.LCM:
        own_steps, own_scale = _LCM_STEPS, _LCM_GUIDANCE_SCALE
    steps = request.num_inference_steps or own_steps
    _check_steps(manifest, steps)
    negative, scale = request.negative_prompt, request.guidance_scale
    fitted = _fit(manifest, picture, fixed)
    return Settings(
        request=request,
        picture=fitted,
        picture_name=_name(picture),
        framing=framing,
        windows=framing.windows(),
        strided_windows=framing.strided_windows(),
        travel=prompt_travel(request.prompt, request.prompts_at, num_frames, period=_period(framing, request)),
        scheduler=scheduler,
        num_inference_steps=steps,
        guidance_scale=own_scale if scale is None else scale,
        negative_prompt=defaults.negative_prompt if negative is None else negative,
        seed=draw_seed() if request.seed is None else request.seed,
        affinity=_affinity(framing, request, between=last_picture is not None),
        last_picture=None if last_picture is None else _fit_last(manifest, last_picture, fixed, fitted),
        last_picture_name="" if last_picture is None else _name(last_picture),
    )


def _framed(manifest: Manifest, picture: Picture, request: AnimationRequest) -> tuple[AnimationRequest, Framing]:
    """The request of a size that the graphs take, and the frames of the clip."""
    if not manifest.clips:
        return request, choose_framing(manifest, request, request.num_frames or manifest.frames.trained)
    num_frames = request.num_frames or request.window
    framing = None if num_frames is None else choose_framing(manifest, request, num_frames)
    at_once = None if framing is None else framing.at_once
    height, width = picture.pixels.shape[:2]
    clip = choose_clip(manifest.clips, frames=at_once, size=request.size, picture=(width, height))
    # The shape of the clip is not the picture's: what stands over is cut, unless the user asked for more.
    fit = Fit.CROP if request.fit is Fit.ORIGINAL and request.size is None else request.fit
    sized = msgspec.structs.replace(request, size=(clip.width, clip.height), fit=fit)
    return sized, framing or choose_framing(manifest, request, clip.frames)


def _period(framing: Framing, request: AnimationRequest) -> int | None:
    """After how many frames a loop is where it began: its last frame is the first again, or the one before it."""
    if not request.motion.loop:
        return None
    return framing.num_frames if framing.circular else framing.num_frames - 1


def _affinity(framing: Framing, request: AnimationRequest, *, between: bool) -> NDArray[np.float32]:
    if between:
        return affinity_between(request.motion, framing.num_frames, request.condition_frame)
    return affinity_curve(request.motion, framing.num_frames, request.condition_frame, circular=framing.circular)


def _name(picture: Picture) -> str:
    # Names that are not Unicode exist on Linux; a recipe is.
    return picture.path.name.encode(errors="backslashreplace").decode()


def _check_steps(manifest: Manifest, steps: int) -> None:
    trained = manifest.scheduler.num_train_timesteps
    if steps > trained:
        raise RequestError(f"num_inference_steps: expected 1 to {trained} for this bundle, found {steps}.")


def _fit_last(
    manifest: Manifest, last_picture: Picture, request: AnimationRequest, fitted: FittedPicture
) -> FittedPicture:
    """The second picture at the size of the first."""
    if not manifest.takes_second_picture:
        raise RequestError(
            f"The bundle {manifest.name} takes one picture: it was exported without room for a second one. Export it "
            "again with this version, in any size, or use its reference bundle."
        )
    height, width = fitted.pixels.shape[:2]
    return fit_picture(
        last_picture.pixels,
        fit=request.fit,
        size=(width, height),
        long_edge=manifest.sizes.long_edge,
        multiple=manifest.sizes.multiple,
    )


def _fit(manifest: Manifest, picture: Picture, request: AnimationRequest) -> FittedPicture:
    sizes = manifest.sizes
    fitted = fit_picture(
        picture.pixels, fit=request.fit, size=request.size, long_edge=sizes.long_edge, multiple=sizes.multiple
    )
    height, width = fitted.pixels.shape[:2]
    if not (sizes.minimum <= min(height, width) and max(height, width) <= sizes.maximum):
        raise RequestError(
            f"size: expected each side between {sizes.minimum} and {sizes.maximum} pixels for this bundle, found "
            f"{width}x{height}. Choose another size, or the fit 'crop' with a size."
        )
    return fitted
