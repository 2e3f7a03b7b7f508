"""The pipeline: a picture and a request, walked through a bundle's modules to a clip. NumPy only."""

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from pia_edge._version import __version__
from pia_edge.backend import Backend
from pia_edge.bundle import Bundle
from pia_edge.bundle.find import find_bundle
from pia_edge.cancel import CancelToken
from pia_edge.clip import Animation, Recipe, sha256_of_pixels
from pia_edge.decoding import Decoder, check_decoder
from pia_edge.device_choice import DeviceChoice
from pia_edge.errors import NumericError
from pia_edge.image import Picture, from_model_range, to_model_range
from pia_edge.loaded_modules import LoadedModules, OnNote
from pia_edge.memory import free_memory, own_memory
from pia_edge.memory_plan import ClipShape, MemoryPlan, plan_memory
from pia_edge.modules import MODULES, Module
from pia_edge.preview import LatentPreview
from pia_edge.progress import OnStep, Pace, Stage
from pia_edge.request import AnimationRequest
from pia_edge.schedulers import Walk, guide, open_walk
from pia_edge.settings import Settings, settle
from pia_edge.tokenizer import ClipTokenizer, Tokens

Float32s = NDArray[np.float32]

_NONE: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What stays the same over all steps of one clip."""

    encoder_hidden_states: Float32s
    image_latents: Float32s
    appearance: Float32s
    gain: Float32s
    noise: Float32s
    """What the clip starts from."""


class AnimationPipeline:
    """Animates pictures with one bundle on one backend; modules are loaded when first needed.

    One pipeline makes one clip at a time: threads need a pipeline each.
    """

    def __init__(self, bundle: Bundle, backend: Backend, device: str | None = None) -> None:
        for module in MODULES:
            bundle.artifact(module)
        self.bundle = bundle
        self.backend = backend
        self._modules = LoadedModules(bundle, backend, DeviceChoice.parse(device))
        vocab, merges = bundle.manifest.tokenizer
        added = bundle.manifest.added_tokens
        self._tokenizer = ClipTokenizer.open(bundle.path / vocab, bundle.path / merges, added=added)

    @classmethod
    def open(cls, bundle: Bundle | Path | str | None = None, backend: str = "auto", device: str | None = None) -> Self:
        """Return a pipeline for ``bundle`` on ``backend``.

        Args:
            bundle: opened, its folder, or its name in the bundle store; None is the sample that ships.
            backend: a name from :data:`pia_edge.runtimes.BACKENDS`, or ``auto`` for the best that runs here.
            device: one of the backend's devices, or several (``unet=NPU,GPU``); None leaves the choice to the backend.

        Raises:
            RequestError: ``device`` names a module that there is not.
            BundleError: the bundle is missing, damaged or foreign.
            BackendError: no backend, or not the one asked for, can run it here.
        """
        from pia_edge.runtimes import pick

        opened = bundle if isinstance(bundle, Bundle) else Bundle.open(find_bundle(bundle))
        return cls(opened, pick(opened, backend).backend, device)

    def tokens(self, prompt: str) -> Tokens:
        """Return how the bundle's text encoder reads ``prompt``, and the tail that it does not read."""
        return self._tokenizer.encode(prompt)

    def settle(self, picture: Picture, request: AnimationRequest) -> Settings:
        """Decide everything that ``request`` leaves open.

        Raises:
            RequestError: the bundle does not accept the size, the number of frames or of steps.
        """
        return settle(self.bundle.manifest, picture, request)

    def plan(self, picture: Picture, request: AnimationRequest, max_memory: int | None = None) -> MemoryPlan:
        """Return how the clip would be made, and how much memory it would take.

        Args:
            picture: from :func:`pia_edge.image.read_picture`.
            request: what should move, and how.
            max_memory: bytes that this process may take; None for what is free.

        Raises:
            RequestError: the bundle does not accept the request.
            OutOfMemoryError: it does not fit into ``max_memory``.
        """
        return self._plan(self.settle(picture, request), max_memory)

    def _plan(self, settings: Settings, max_memory: int | None) -> MemoryPlan:
        height, width = settings.picture.pixels.shape[:2]
        shape = ClipShape(frames=settings.num_frames, width=width, height=height, guided=settings.guidance_scale != 1)
        use = self.backend.memory_use(self.bundle, self._modules.device_of(Module.UNET))
        if max_memory is None:
            return plan_memory(self.bundle, use, shape, free_memory() + own_memory(), allowed=False)
        return plan_memory(self.bundle, use, shape, max_memory)

    def animate(
        self,
        picture: Picture,
        request: AnimationRequest,
        *,
        plan: MemoryPlan | None = None,
        decoder: Decoder | str = Decoder.FULL,
        on_step: OnStep | None = None,
        on_note: OnNote | None = None,
        cancel: CancelToken | None = None,
        retried: Mapping[str, int] = _NONE,
    ) -> Animation:
        """Return the clip that ``request`` asks for. Equal seed, bundle, backend and plan give equal bytes.

        Args:
            picture: from :func:`pia_edge.image.read_picture`.
            request: what should move, and how.
            plan: from :meth:`plan`; made for the memory that is free if None.
            decoder: what makes frames of the latents: ``full``, or ``tiny`` where the bundle has a tiny decoder.
            on_step: called after every encoded module, denoising step and decoded frame.
            on_note: told of every module that gave NaN or infinity and is therefore computed in float32.
            cancel: stops the work within a step when cancelled from another thread.
            retried: what the recipe of this clip says of such modules, to make it again.

        Raises:
            RequestError: the bundle does not accept the request, or has no such decoder.
            NumericError: a module returned NaN or infinity, in float32 too, or the clip would be blank.
            BackendError: a module could not be loaded or run.
            Cancelled: ``cancel`` was used.
        """
        token = cancel or CancelToken()
        chosen = check_decoder(self.bundle, decoder)
        settings = self.settle(picture, request)
        plan = plan or self._plan(settings, None)
        self._modules.begin(retried, on_note)
        random = np.random.default_rng(settings.seed)
        walk = open_walk(settings.scheduler, settings.num_inference_steps, random)
        conditions = self._encode(settings, random, on_step, token)
        latents = self._denoise(settings, plan, walk, conditions, on_step, token)
        if not plan.keep_unet:
            self._modules.free(Module.UNET)
        frames = np.stack(list(self._decode(latents, chosen, on_step, token)))
        _check_not_blank(frames, settings.picture.pixels, chosen.module)
        return Animation(frames=frames, fps=request.fps, recipe=self._recipe(settings, plan, chosen, frames))

    def _encode(
        self, settings: Settings, random: np.random.Generator, on_step: OnStep | None, token: CancelToken
    ) -> Conditions:
        pace = Pace(Stage.ENCODE, 3, on_step)
        vae = self.bundle.manifest.vae
        prompts = [settings.request.prompt]
        if settings.guidance_scale != 1:
            prompts.insert(0, settings.negative_prompt)
        ids = np.stack([self._tokenizer.encode(prompt).ids for prompt in prompts])
        (text,) = self._modules.run(Module.TEXT_ENCODER, token, input_ids=ids)
        pace.report(1)
        mean, std = self._modules.run(Module.VAE_ENCODER, token, image=to_model_range(settings.picture.pixels))
        # The original draws the clip's noise first, then samples the image latent, from one generator.
        shape = (1, vae.latent_channels, settings.num_frames, *mean.shape[2:])
        noise = random.standard_normal(shape, dtype=np.float32)
        sampled = mean + std * random.standard_normal(mean.shape, dtype=np.float32)
        image_latents = sampled * np.float32(vae.scaling_factor)
        pace.report(2)
        appearance, gain = self._modules.run(Module.CONDITION, token, image_latents=image_latents)
        pace.report(3)
        # The next clip loads them again, which takes far less than a step.
        self._modules.free(Module.TEXT_ENCODER, Module.VAE_ENCODER, Module.CONDITION)
        return Conditions(
            encoder_hidden_states=text, image_latents=image_latents, appearance=appearance, gain=gain, noise=noise
        )

    def _denoise(
        self,
        settings: Settings,
        plan: MemoryPlan,
        walk: Walk,
        conditions: Conditions,
        on_step: OnStep | None,
        token: CancelToken,
    ) -> Float32s:
        self._prepare(on_step, token)
        steps = settings.num_inference_steps
        pace = Pace(Stage.DENOISE, steps, on_step)
        preview = LatentPreview(settings.picture.pixels, conditions.image_latents) if pace.wanted else None
        latents = walk.start(conditions.noise)
        for index in range(steps):
            timestep = int(walk.timesteps[index])
            guided = self._noise_pred(settings, plan, timestep, index, conditions, latents, token)
            latents, original = walk.step(index, guided, latents)
            pace.report(index + 1, preview.frames(original) if preview else None)
        return latents

    def _prepare(self, on_step: OnStep | None, token: CancelToken) -> None:
        if not self._modules.is_loaded(Module.UNET):
            pace = Pace(Stage.PREPARE, 1, on_step)
            pace.report(0)
            token.check()
            self._modules.load(Module.UNET)
            pace.report(1)

    def _noise_pred(
        self,
        settings: Settings,
        plan: MemoryPlan,
        timestep: int,
        index: int,
        conditions: Conditions,
        latents: Float32s,
        token: CancelToken,
    ) -> Float32s:
        """What the UNet says at one step, guidance included."""
        text = conditions.encoder_hidden_states
        if len(text) == 2 and not settings.is_guided(index):
            text = text[1:]
        # A batch of another size would be compiled anew, so where it changes from step to step it is always one.
        alone = plan.split_guidance or settings.request.guidance_interval is not None
        parts = [text[row : row + 1] for row in range(len(text))] if alone else [text]
        found = [
            self._modules.run(
                Module.UNET,
                token,
                where=f" at step {index + 1} of {settings.num_inference_steps}",
                latents=np.repeat(latents, len(part), axis=0),
                timestep=np.array([timestep], dtype=np.int64),
                encoder_hidden_states=part,
                affinity=settings.affinity[None],
                appearance=conditions.appearance,
                gain=conditions.gain,
            )[0]
            for part in parts
        ]
        noise_pred = np.concatenate(found)
        return guide(noise_pred, settings.guidance_scale) if len(noise_pred) == 2 else noise_pred

    def _decode(
        self, latents: Float32s, decoder: Decoder, on_step: OnStep | None, token: CancelToken
    ) -> Iterator[NDArray[np.uint8]]:
        """Yield the frames one by one: decoding them together would need as many times the memory."""
        count = latents.shape[2]
        pace = Pace(Stage.DECODE, count, on_step)
        given = latents / np.float32(decoder.divisor(self.bundle.manifest.vae))
        for index in range(count):
            frame = np.ascontiguousarray(given[:, :, index])
            where = f" at frame {index + 1} of {count}"
            (image,) = self._modules.run(decoder.module, token, where=where, latents=frame)
            yield from_model_range(image[0])
            pace.report(index + 1)

    def _recipe(self, settings: Settings, plan: MemoryPlan, decoder: Decoder, frames: NDArray[np.uint8]) -> Recipe:
        request, manifest = settings.request, self.bundle.manifest
        return Recipe(
            prompt=request.prompt,
            negative_prompt=settings.negative_prompt,
            seed=settings.seed,
            motion=request.motion,
            affinity=tuple(float(value) for value in settings.affinity),
            condition_frame=request.condition_frame,
            num_frames=settings.num_frames,
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
            bundle_sha256=self.bundle.sha256,
            backend=self.backend.name,
            device=self._modules.ran_on[Module.UNET],
            devices={module.value: device for module, device in self._modules.ran_on.items()},
            retried=self._modules.retried,
            precision=manifest.modules[Module.UNET].precision,
            picture_name=settings.picture_name,
            picture_sha256=sha256_of_pixels(settings.picture.pixels),
            frames_sha256=sha256_of_pixels(frames),
            versions={
                "pia-edge": __version__,
                "numpy": np.__version__,
                self.backend.library: str(importlib.import_module(self.backend.library).__version__),
            },
        )


def _check_not_blank(frames: NDArray[np.uint8], picture: NDArray[np.uint8], module: Module) -> None:
    # A picture of one colour may well become a clip of one colour; anything else that does is a fault.
    if frames.std() < 1 and picture.std() >= 1:
        raise NumericError(
            f"{module}: expected a clip, found frames of one colour ({frames.mean():.0f}). Try another --backend, "
            "or a bundle of higher precision."
        )
