"""One call of every module of a bundle, each on what those before it gave."""

from collections.abc import Callable

import numpy as np

from pia_edge.affinity import affinity_curve
from pia_edge.backend import Array
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize
from pia_edge.modules import Module
from pia_edge.request import Motion

Run = Callable[[Module, dict[str, Array]], tuple[Array, ...]]
"""Runs a module on its inputs, and returns its outputs."""


def example_run(bundle: Bundle, clip: ClipSize, run: Run) -> None:
    """Call ``run`` for every module, as one guided step of a clip of this size does; equal inputs every time.

    Raises:
        PiaError: whatever ``run`` raises.
    """
    random, vae = np.random.default_rng(0), bundle.manifest.vae
    ids = np.stack([np.arange(77), np.arange(77)[::-1]]).astype(np.int64)
    (text,) = run(Module.TEXT_ENCODER, {"input_ids": ids})
    picture = np.tanh(random.standard_normal((1, 3, clip.height, clip.width), dtype=np.float32))
    mean, _ = run(Module.VAE_ENCODER, {"image": picture})
    appearance, gain = run(Module.CONDITION, {"image_latents": mean * np.float32(vae.scaling_factor)})
    shape = (2, vae.latent_channels, clip.frames, *mean.shape[2:])
    inputs: dict[str, Array] = {
        "latents": random.standard_normal(shape, dtype=np.float32),
        "timestep": np.array([bundle.manifest.scheduler.num_train_timesteps // 2], dtype=np.int64),
        "encoder_hidden_states": text,
        "affinity": affinity_curve(Motion(), clip.frames, 0)[None],
        "appearance": appearance,
        "gain": gain,
    }
    run(Module.UNET, inputs)
    run(Module.VAE_DECODER, {"latents": mean})


def usual_clip(bundle: Bundle, *, frames: int | None = None, edge: int | None = None) -> ClipSize:
    """Return a square clip that the bundle takes: of these frames and size, or of those it was made for."""
    if bundle.manifest.clips:
        return bundle.manifest.clips[0]
    sizes = bundle.manifest.sizes
    side = max(sizes.minimum, min(sizes.long_edge, edge or sizes.long_edge) // sizes.multiple * sizes.multiple)
    return ClipSize(frames=frames or bundle.manifest.frames.trained, width=side, height=side)
