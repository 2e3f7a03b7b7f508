"""What a clip was made from, written down: its recipe."""

import importlib

import numpy as np
from numpy.typing import NDArray

from pia_edge._version import __version__
from pia_edge.backend import Backend
from pia_edge.bundle import Bundle
from pia_edge.clip import Recipe, sha256_of_pixels
from pia_edge.decoding import Decoder
from pia_edge.loaded_modules import LoadedModules
from pia_edge.memory_plan import MemoryPlan
from pia_edge.modules import Module
from pia_edge.settings import Settings


def record(
    settings: Settings,
    plan: MemoryPlan,
    decoder: Decoder,
    frames: NDArray[np.uint8],
    bundle: Bundle,
    backend: Backend,
    modules: LoadedModules,
) -> Recipe:
    """Return the recipe of ``frames``, uint8 (frames, height, width, 3), which were just made."""
    request, manifest, last_picture = settings.request, bundle.manifest, settings.last_picture
    return Recipe(
        prompt=request.prompt,
        negative_prompt=settings.negative_prompt,
        prompts_at=request.prompts_at,
        seed=settings.seed,
        motion=request.motion,
        affinity=tuple(float(value) for value in settings.affinity),
        condition_frame=request.condition_frame,
        num_frames=settings.num_frames,
        window=settings.framing.window,
        overlap=settings.framing.overlap,
        width=frames.shape[2],
        height=frames.shape[1],
        size_given=request.size is not None,
        fit=request.fit,
        num_inference_steps=settings.num_inference_steps,
        guidance_scale=settings.guidance_scale,
        guidance_interval=request.guidance_interval,
        split_guidance=plan.split_guidance,
        fps=request.fps,
        scheduler=settings.scheduler.name,
        decoder=decoder.value,
        bundle_name=manifest.name,
        bundle_sha256=bundle.sha256,
        backend=backend.name,
        device=modules.ran_on[Module.UNET],
        devices={module.value: device for module, device in modules.ran_on.items()},
        retried=modules.retried,
        precision=manifest.modules[Module.UNET].precision,
        picture_name=settings.picture_name,
        picture_sha256=sha256_of_pixels(settings.picture.pixels),
        last_picture_name=settings.last_picture_name,
        last_picture_sha256="" if last_picture is None else sha256_of_pixels(last_picture.pixels),
        frames_sha256=sha256_of_pixels(frames),
        versions={
            "pia-edge": __version__,
            "numpy": np.__version__,
            backend.library: str(importlib.import_module(backend.library).__version__),
        },
    )
