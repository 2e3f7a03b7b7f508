"""The pipeline: a picture and a request, walked through a bundle's modules to a clip. NumPy only."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from pia_edge.backend import Backend
from pia_edge.bundle import Bundle
from pia_edge.bundle.find import find_bundle
from pia_edge.cancel import CancelToken
from pia_edge.clip import Animation
from pia_edge.decoding import Decoder, check_decoder
from pia_edge.denoising import denoise
from pia_edge.device_choice import DeviceChoice
from pia_edge.encoding import encode
from pia_edge.errors import NumericError
from pia_edge.image import Picture, from_model_range
from pia_edge.loaded_modules import LoadedModules, OnNote
from pia_edge.memory import free_memory, own_memory
from pia_edge.memory_plan import ClipShape, MemoryPlan, plan_memory
from pia_edge.modules import MODULES, Module
from pia_edge.motion import Motion
from pia_edge.motion_copy import copy_motion
from pia_edge.progress import OnStep, Pace, Stage
from pia_edge.recording import record
from pia_edge.request import AnimationRequest
from pia_edge.schedulers import open_walk
from pia_edge.settings import Settings, settle
from pia_edge.tokenizer import ClipTokenizer, Tokens

Float32s = NDArray[np.float32]

_NONE: Mapping[str, int] = MappingProxyType({})


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

    def settle(self, picture: Picture, request: AnimationRequest, last_picture: Picture | None = None) -> Settings:
        """Decide everything that ``request`` leaves open.

        Raises:
            RequestError: the bundle does not accept the size, the number of frames or of steps, or a second picture.
        """
        return settle(self.bundle.manifest, picture, request, last_picture)

    def copy_motion(self, clip: Path | str, num_frames: int, condition_frame: int = 0) -> Motion:
        """Return the motion of another clip, measured as the clips were on which the bundle was trained.

        Args:
            clip: a GIF, WebP, APNG, MP4 or folder of PNGs.
            num_frames: of the clip to be made.
            condition_frame: which of them is the condition image.

        Raises:
            PictureError: the clip cannot be read.
            MissingExtraError: it is an MP4, and PyAV is not installed.
        """
        statistics = self.bundle.manifest.affinity_statistics
        return copy_motion(clip, num_frames, condition_frame, statistics=statistics)

    def plan(
        self,
        picture: Picture,
        request: AnimationRequest,
        max_memory: int | None = None,
        last_picture: Picture | None = None,
        free: int | None = None,
    ) -> MemoryPlan:
        """Return how the clip would be made, and how much memory it would take.

        Args:
            picture: from :func:`pia_edge.image.read_picture`.
            request: what should move, and how.
            max_memory: bytes that this process may take; None for what is free.
            last_picture: what the clip is to end with; None for a clip of one picture.
            free: bytes that are free for it; None for what is free to this process, which makes the clip then.

        Raises:
            RequestError: the bundle does not accept the request.
            OutOfMemoryError: it does not fit into ``max_memory``.
        """
        return self._plan(self.settle(picture, request, last_picture), max_memory, free)

    def _plan(self, settings: Settings, max_memory: int | None, free: int | None = None) -> MemoryPlan:
        height, width = settings.picture.pixels.shape[:2]
        shape = ClipShape(
            frames=settings.framing.at_once,
            whole=0 if settings.framing.window is None else settings.num_frames,
            width=width,
            height=height,
            # Prompts that act one after the other are never in one call.
            guided=settings.guides and len(settings.travel.prompts) == 1,
        )
        use = self.backend.memory_use(self.bundle, self._modules.device_of(Module.UNET))
        if max_memory is None:
            free = free_memory() + own_memory() if free is None else free
            return plan_memory(self.bundle, use, shape, free, allowed=False)
        return plan_memory(self.bundle, use, shape, max_memory)

    def animate(
        self,
        picture: Picture,
        request: AnimationRequest,
        *,
        last_picture: Picture | None = None,
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
            last_picture: what the clip ends with, brought to the size of ``picture``; None for a clip of one picture.
            plan: from :meth:`plan`; made for the memory that is free if None.
            decoder: what makes frames of the latents: ``full``, or ``tiny`` where the bundle has a tiny decoder.
            on_step: called after every encoded module, window of a denoising step and decoded frame.
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
        settings = self.settle(picture, request, last_picture)
        plan = plan or self._plan(settings, None)
        self._modules.begin(retried, on_note)
        random = np.random.default_rng(settings.seed)
        walk = open_walk(settings.scheduler, settings.num_inference_steps, random)
        vae = self.bundle.manifest.vae
        conditions = encode(self._modules, self._tokenizer, vae, settings, random, on_step, token)
        latents = denoise(self._modules, settings, plan, walk, conditions, on_step, token)
        if not plan.keep_unet:
            self._modules.free(Module.UNET)
        frames = np.empty((settings.num_frames, *settings.picture.pixels.shape), np.uint8)
        for index, frame in enumerate(self._decode(latents, chosen, on_step, token)):
            frames[index] = frame
        _check_not_blank(frames, settings.picture.pixels, chosen.module)
        recipe = record(settings, plan, chosen, frames, self.bundle, self.backend, self._modules)
        return Animation(frames=frames, fps=request.fps, recipe=recipe)

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


def _check_not_blank(frames: NDArray[np.uint8], picture: NDArray[np.uint8], module: Module) -> None:
    # A picture of one colour may well become a clip of one colour; anything else that does is a fault.
    if frames.std() < 1 and picture.std() >= 1:
        raise NumericError(
            f"{module}: expected a clip, found frames of one colour ({frames.mean():.0f}). Try another backend, "
            "or a bundle of higher precision."
        )
