"""A request with nothing left open: what the bundle, the picture and chance decide."""

from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from pia_edge.affinity import affinity_curve
from pia_edge.bundle.manifest import Manifest
from pia_edge.clip_choice import choose_clip
from pia_edge.errors import RequestError
from pia_edge.image import FittedPicture, Picture, fit_picture
from pia_edge.request import AnimationRequest, Fit, SchedulerName, draw_seed
from pia_edge.schedulers import SchedulerConfig

_LCM_STEPS = 6
_LCM_GUIDANCE_SCALE = 1.0
"""What LCM models are made for, whatever a bundle's own scheduler takes."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """A request with every open choice decided."""

    request: AnimationRequest
    picture: FittedPicture
    picture_name: str
    num_frames: int
    scheduler: SchedulerConfig
    num_inference_steps: int
    guidance_scale: float
    negative_prompt: str
    seed: int
    affinity: NDArray[np.float32]
    """(frames,), 1 … 0."""

    def is_guided(self, index: int) -> bool:
        """Return whether guidance acts at the step ``index``, the first being 0."""
        if self.guidance_scale == 1:
            return False
        first, last = self.request.guidance_interval or (0.0, 1.0)
        return first <= index / self.num_inference_steps <= last


def settle(manifest: Manifest, picture: Picture, request: AnimationRequest) -> Settings:
    """Decide everything that ``request`` leaves open.

    Raises:
        RequestError: the bundle does not accept the size, the number of frames or of steps.
    """
    defaults = manifest.defaults
    asked = request
    if manifest.clips:
        request = _for_fixed_clips(manifest, picture, request)
    num_frames = request.num_frames or manifest.frames.trained
    scheduler = manifest.scheduler
    if request.scheduler is not None:
        scheduler = msgspec.structs.replace(scheduler, name=request.scheduler.value)
    own_steps, own_scale = defaults.num_inference_steps, defaults.guidance_scale
    if scheduler.name == SchedulerName.LCM and manifest.scheduler.name != SchedulerName.LCM:
        own_steps, own_scale = _LCM_STEPS, _LCM_GUIDANCE_SCALE
    steps = request.num_inference_steps or own_steps
    _check_counts(manifest, num_frames, steps)
    negative = request.negative_prompt
    scale = request.guidance_scale
    return Settings(
        request=asked,
        picture=_fit(manifest, picture, request),
        # Names that are not Unicode exist on Linux; a recipe is.
        picture_name=picture.path.name.encode(errors="backslashreplace").decode(),
        num_frames=num_frames,
        scheduler=scheduler,
        num_inference_steps=steps,
        guidance_scale=own_scale if scale is None else scale,
        negative_prompt=defaults.negative_prompt if negative is None else negative,
        seed=draw_seed() if request.seed is None else request.seed,
        affinity=affinity_curve(request.motion, num_frames, request.condition_frame),
    )


def _for_fixed_clips(manifest: Manifest, picture: Picture, request: AnimationRequest) -> AnimationRequest:
    height, width = picture.pixels.shape[:2]
    clip = choose_clip(manifest.clips, frames=request.num_frames, size=request.size, picture=(width, height))
    # The shape of the clip is not the picture's: what stands over is cut, unless the user asked for more.
    fit = Fit.CROP if request.fit is Fit.ORIGINAL and request.size is None else request.fit
    return msgspec.structs.replace(request, num_frames=clip.frames, size=(clip.width, clip.height), fit=fit)


def _check_counts(manifest: Manifest, num_frames: int, steps: int) -> None:
    most = manifest.frames.maximum
    if num_frames > most:
        raise RequestError(
            f"num_frames: expected 1 to {most}, which this bundle can place in time, found {num_frames}."
        )
    trained = manifest.scheduler.num_train_timesteps
    if steps > trained:
        raise RequestError(f"num_inference_steps: expected 1 to {trained} for this bundle, found {steps}.")


def _fit(manifest: Manifest, picture: Picture, request: AnimationRequest) -> FittedPicture:
    sizes = manifest.sizes
    fitted = fit_picture(
        picture.pixels, fit=request.fit, size=request.size, long_edge=sizes.long_edge, multiple=sizes.multiple
    )
    height, width = fitted.pixels.shape[:2]
    if not (sizes.minimum <= min(height, width) and max(height, width) <= sizes.maximum):
        raise RequestError(
            f"size: expected each side between {sizes.minimum} and {sizes.maximum} pixels for this bundle, found "
            f"{width}x{height}. Choose another --size, or --fit crop."
        )
    return fitted
