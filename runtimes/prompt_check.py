"""Whether what the UNet predicts depends on the prompt; no reference is needed.

A text encoder that returns the same for every prompt, or cross-attention whose weights are zero, gives clips that look
right and ignore what was asked for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pia_edge.affinity import affinity_curve
from pia_edge.backend import Array, Backend
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize
from pia_edge.cancel import CancelToken
from pia_edge.device_choice import DeviceChoice
from pia_edge.loaded_modules import LoadedModules
from pia_edge.modules import Module
from pia_edge.request import Motion
from pia_edge.runtimes.example_run import usual_clip
from pia_edge.schedulers import NoiseSchedule
from pia_edge.tokenizer import ClipTokenizer

PROMPTS = ("", "a boat on the sea, waves, the camera zooms in", "portrait of a woman, her hair moves in the wind")
LEAST_EFFECT = 1e-3
"""Of the spread of ``noise_pred``, between any two of the prompts, at one of the timesteps at least."""
_DEPTHS = (0.9, 0.5, 0.1)
"""Timesteps as shares of those that were trained: what a clip shows is decided early."""
_FRAMES = 4
_EDGE = 128
_BLOCK = 8
"""Pixels of one colour in the picture, in each direction."""

Float32s = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Effect:
    """How far predictions for the same latents are apart: std(one - other) / std(noise_pred)."""

    timestep: int
    prompts: tuple[float, ...]
    """Each of the prompts against the empty one."""
    between: float
    """The prompts against each other."""

    @property
    def least(self) -> float:
        """The least of all."""
        return min(*self.prompts, self.between)


@dataclass(frozen=True, kw_only=True)
class PromptCheck:
    """What the prompt changes, all results being finite."""

    effects: tuple[Effect, ...]
    retried: Mapping[str, int]
    """The modules that gave NaN or infinity before they were computed in float32."""

    @property
    def passed(self) -> bool:
        """Whether the prompt acts."""
        return max(effect.least for effect in self.effects) >= LEAST_EFFECT


def check_prompts(bundle: Bundle, backend: Backend, device: str | None = None) -> PromptCheck:
    """Run every module of ``bundle`` on a small picture, and the UNet with two prompts and none at three timesteps.

    Raises:
        NumericError: a module returned NaN or infinity, in float32 too.
        PiaError: ``backend`` cannot run the bundle.
    """
    modules = LoadedModules(bundle, backend, DeviceChoice(device))
    clip = usual_clip(bundle, frames=min(_FRAMES, bundle.manifest.frames.maximum), edge=_EDGE)
    text, image_latents = _encoded(bundle, modules, clip)
    appearance, gain = modules.run(Module.CONDITION, CancelToken(), image_latents=image_latents)
    inputs = {"affinity": affinity_curve(Motion(), clip.frames, 0)[None], "appearance": appearance, "gain": gain}
    effects = [
        _effect(modules, timestep, inputs | {"latents": latents}, text)
        for timestep, latents in _noisy(bundle, image_latents, clip.frames)
    ]
    modules.run(
        Module.VAE_DECODER, CancelToken(), latents=image_latents / np.float32(bundle.manifest.vae.scaling_factor)
    )
    return PromptCheck(effects=tuple(effects), retried=dict(modules.retried))


def _encoded(bundle: Bundle, modules: LoadedModules, clip: ClipSize) -> tuple[Float32s, Float32s]:
    """Return the text of all prompts and the latents of a picture of coloured blocks."""
    vocab, merges = (bundle.path / name for name in bundle.manifest.tokenizer)
    tokenizer = ClipTokenizer.open(vocab, merges, added=bundle.manifest.added_tokens)
    ids = np.stack([tokenizer.encode(prompt).ids for prompt in PROMPTS])
    # One by one, as is every call: some packages have a batch of one.
    text = [modules.run(Module.TEXT_ENCODER, CancelToken(), input_ids=ids[row : row + 1])[0] for row in range(len(ids))]
    rows, columns = -(-clip.height // _BLOCK), -(-clip.width // _BLOCK)
    colours = np.random.default_rng(0).uniform(-1, 1, (1, 3, rows, columns)).astype(np.float32)
    picture = colours.repeat(_BLOCK, axis=2).repeat(_BLOCK, axis=3)[:, :, : clip.height, : clip.width]
    mean, _ = modules.run(Module.VAE_ENCODER, CancelToken(), image=np.ascontiguousarray(picture))
    return np.concatenate(text), mean * np.float32(bundle.manifest.vae.scaling_factor)


def _noisy(bundle: Bundle, image_latents: Float32s, frames: int) -> Iterator[tuple[int, Float32s]]:
    """Yield timesteps, and latents of a still clip with as much noise as belongs to each."""
    schedule = NoiseSchedule(bundle.manifest.scheduler)
    still = image_latents[:, :, None].repeat(frames, axis=2)
    noise = np.random.default_rng(1).standard_normal(still.shape)
    for depth in _DEPTHS:
        timestep = int(depth * (bundle.manifest.scheduler.num_train_timesteps - 1))
        yield timestep, schedule.level(timestep).mix(still, noise)


def _effect(modules: LoadedModules, timestep: int, inputs: dict[str, Array], text: Float32s) -> Effect:
    empty, *prompted = (
        modules.run(
            Module.UNET,
            CancelToken(),
            where=f" at timestep {timestep}",
            timestep=np.array([timestep], dtype=np.int64),
            encoder_hidden_states=text[row : row + 1],
            **inputs,
        )[0].astype(np.float64)
        for row in range(len(text))
    )
    # A prediction that is the same everywhere depends on nothing.
    spread = float(empty.std()) or np.inf
    return Effect(
        timestep=timestep,
        prompts=tuple(float((each - empty).std()) / spread for each in prompted),
        between=float((prompted[0] - prompted[1]).std()) / spread,
    )
