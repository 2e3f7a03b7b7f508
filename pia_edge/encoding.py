"""What a clip is conditioned on: prompts, pictures and noise, brought into the form that the UNet takes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pia_edge.affinity import nearest_picture
from pia_edge.bundle.manifest import Vae
from pia_edge.cancel import CancelToken
from pia_edge.image import to_model_range
from pia_edge.loaded_modules import LoadedModules
from pia_edge.modules import Module
from pia_edge.progress import OnStep, Pace, Stage
from pia_edge.settings import Settings
from pia_edge.tokenizer import ClipTokenizer

Float32s = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What stays the same over all steps of one clip."""

    negative: Float32s | None
    """The negative prompt, (1, 77, text_channels); None without guidance."""
    prompts: Float32s
    """Those of the clip, (prompts, 77, text_channels), in the order of its prompt travel."""
    image_latents: Float32s
    """The condition image, scaled, (1, channels, height / 8, width / 8)."""
    appearance: Float32s
    gain: Float32s
    """Planes of the condition module; with a second picture, what that adds to ``appearance`` follows."""
    affinity: Float32s
    """What each plane of ``gain`` is multiplied with at every frame, (gains, frames)."""
    noise: Float32s
    """What the clip starts from, (1, channels, frames, height / 8, width / 8)."""


def encode(
    modules: LoadedModules,
    tokenizer: ClipTokenizer,
    vae: Vae,
    settings: Settings,
    random: np.random.Generator,
    on_step: OnStep | None,
    token: CancelToken,
) -> Conditions:
    """Run text encoder, VAE encoder and condition module, and let go of them.

    Raises:
        NumericError: a module returned NaN or infinity.
        BackendError: a module could not be loaded or run.
        Cancelled: ``token`` was used.
    """
    pace = Pace(Stage.ENCODE, 3, on_step)
    guided = settings.guidance_scale != 1
    texts = [*([settings.negative_prompt] if guided else []), *settings.travel.prompts]
    (text,) = modules.run(
        Module.TEXT_ENCODER, token, input_ids=np.stack([tokenizer.encode(each).ids for each in texts])
    )
    pace.report(1)
    pictures = [settings.picture, *([settings.last_picture] if settings.last_picture else [])]
    distributions = [modules.run(Module.VAE_ENCODER, token, image=to_model_range(each.pixels)) for each in pictures]
    # The original draws the clip's noise first, then samples the image latent, from one generator.
    shape = (1, vae.latent_channels, settings.num_frames, *distributions[0][0].shape[2:])
    noise = random.standard_normal(shape, dtype=np.float32)
    image_latents = [
        (mean + std * random.standard_normal(mean.shape, dtype=np.float32)) * np.float32(vae.scaling_factor)
        for mean, std in distributions
    ]
    pace.report(2)
    planes = [modules.run(Module.CONDITION, token, image_latents=each) for each in image_latents]
    pace.report(3)
    # The next clip loads them again, which takes far less than a step.
    modules.free(Module.TEXT_ENCODER, Module.VAE_ENCODER, Module.CONDITION)
    (appearance, gain), affinity = planes[0], settings.affinity[None]
    if len(planes) > 1:
        # A frame near the second picture has that one's appearance: the difference, times 1.
        gain = np.concatenate([gain, planes[1][0] - appearance])
        _, is_second = nearest_picture(settings.num_frames, settings.request.condition_frame)
        affinity = np.concatenate([affinity, is_second[None].astype(np.float32)])
    return Conditions(
        negative=text[:1] if guided else None,
        prompts=text[1:] if guided else text,
        image_latents=image_latents[0],
        appearance=appearance,
        gain=gain,
        affinity=affinity,
        noise=noise,
    )
