"""A short denoising run of a candidate UNet against the reference's, step by step on the reference's latents.

Fed with its own latents a candidate would be compared with another clip after a few steps: errors of random weights
grow from step to step. What matters besides the numbers is whether the prompt still acts, and whether frames stay as
close to each other as they were.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from pia_edge.affinity import affinity_curve
from pia_edge.backend import Array, Backend, Session
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize, RunParity
from pia_edge.errors import ParityError
from pia_edge.export.parity import Difference, difference
from pia_edge.modules import Module
from pia_edge.request import Level, Motion
from pia_edge.runtimes.reference import Reference
from pia_edge.schedulers import NoiseSchedule, guide, open_walk
from pia_edge.tokenizer import ClipTokenizer

STEPS = 4
_FRAMES = 8
_EDGE = 16
"""Latent height and width."""
_GUIDANCE_SCALE = 7.5

Float32s = NDArray[np.float32]
Step = tuple[dict[str, Array], Float32s]


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What a run is about."""

    seed: int
    prompt: str
    level: Level


GATE = Scene(seed=11, prompt="a boat on the sea, waves, the camera zooms in", level=Level.MEDIUM)
"""The scene that exports are proven on."""


@dataclass(frozen=True)
class ReferenceRun:
    """Every UNet call of a run: its inputs and its ``noise_pred``."""

    bundle: Bundle
    input_ids: Array
    steps: tuple[Step, ...]


def run_reference(
    bundle: Bundle,
    backend: Backend | None = None,
    *,
    steps: int = STEPS,
    clip: ClipSize | None = None,
    scene: Scene = GATE,
) -> ReferenceRun:
    """Denoise a picture of soft noise with ``bundle``, guidance on.

    Args:
        bundle: the reference.
        backend: what runs it; PyTorch if None.
        steps: how many UNet calls.
        clip: frames and size; a small clip if None.
        scene: prompt, motion and seed.

    Raises:
        BundleError: a module is missing, or its weights are not those of the network.
        BackendError: a module could not be loaded or run.
    """
    load = partial((backend or Reference()).load, bundle)
    sessions = {module: load(module) for module in (Module.TEXT_ENCODER, Module.CONDITION)}
    unet = load(Module.UNET)
    random = np.random.default_rng(scene.seed)
    vocab, merges = (bundle.path / name for name in bundle.manifest.tokenizer)
    tokenizer = ClipTokenizer.open(vocab, merges, added=bundle.manifest.added_tokens)
    ids = np.stack([tokenizer.encode(prompt).ids for prompt in ("", scene.prompt)])
    (text,) = sessions[Module.TEXT_ENCODER].infer(input_ids=ids)
    channels = bundle.manifest.vae.latent_channels
    frames, height, width = _latent_size(bundle, clip)
    image_latents = random.standard_normal((1, channels, height, width), dtype=np.float32)
    appearance, gain = sessions[Module.CONDITION].infer(image_latents=image_latents)
    walk = open_walk(bundle.manifest.scheduler, steps, random)
    latents = walk.start(random.standard_normal((1, channels, frames, height, width), dtype=np.float32))
    done: list[Step] = []
    for index, timestep in enumerate(walk.timesteps):
        inputs: dict[str, Array] = {
            "latents": np.repeat(latents, 2, axis=0),
            "timestep": np.array([timestep], dtype=np.int64),
            "encoder_hidden_states": text,
            "affinity": affinity_curve(Motion(level=scene.level), frames, 0)[None],
            "appearance": appearance,
            "gain": gain,
        }
        (noise_pred,) = unet.infer(**inputs)
        done.append((inputs, noise_pred))
        latents = walk.step(index, guide(noise_pred, _GUIDANCE_SCALE), latents).latents
    return ReferenceRun(bundle, ids, tuple(done))


def _latent_size(bundle: Bundle, clip: ClipSize | None) -> tuple[int, int, int]:
    if clip is None:
        return min(_FRAMES, bundle.manifest.frames.trained), _EDGE, _EDGE
    scale = bundle.manifest.vae.downscale
    return clip.frames, clip.height // scale, clip.width // scale


def compare_run(candidate: Session, run: ReferenceRun, runtime: str) -> RunParity:
    """Return how ``candidate``, a UNet, differs from ``run``.

    Raises:
        ParityError: its output is not finite or of another shape.
    """
    worst = Difference(psnr_db=200.0, max_abs_error=0.0)
    delta = flicker = 1.0
    for number, (inputs, expected) in enumerate(run.steps, start=1):
        found = candidate.infer(**inputs)
        try:
            worst = worst.worse(difference(found, [expected]))
        except ParityError as error:
            raise ParityError(f"{Module.UNET}, step {number} of {len(run.steps)}: {error}.") from error
        delta = max(delta, _ratio(_prompt_effect(found[0]), _prompt_effect(expected)), key=drift)
        flicker = max(flicker, _ratio(_flicker(run, inputs, found[0]), _flicker(run, inputs, expected)), key=drift)
    return RunParity(
        steps=len(run.steps), psnr_db=worst.psnr_db, cfg_delta_ratio=delta, flicker_ratio=flicker, runtime=runtime
    )


def _prompt_effect(noise_pred: Array) -> float:
    return float(np.std(noise_pred[1].astype(np.float64) - noise_pred[0]))


def _flicker(run: ReferenceRun, inputs: dict[str, Array], noise_pred: Array) -> float:
    """Mean absolute change from one frame to the next, in the clip as this step predicts it."""
    schedule = NoiseSchedule(run.bundle.manifest.scheduler)
    guided = guide(noise_pred, _GUIDANCE_SCALE)
    clip = schedule.split(guided, int(inputs["timestep"][0]), inputs["latents"][:1]).original
    return float(np.abs(np.diff(clip, axis=2)).mean()) if clip.shape[2] > 1 else 1.0


def drift(ratio: float) -> float:
    """Return how far a ratio to the reference is from 1."""
    return abs(ratio - 1)


def _ratio(found: float, expected: float) -> float:
    return found / expected if expected else 1.0
