"""Parity: a candidate module against the reference on the same inputs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pia_edge.backend import Array, Session
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize
from pia_edge.errors import ParityError
from pia_edge.modules import Module
from pia_edge.nn.reference_modules import unet_config

Float32s = NDArray[np.float32]


@dataclass(frozen=True)
class Difference:
    """How far a candidate is from the reference, on the worst output."""

    psnr_db: float
    """Peak signal-to-noise ratio; the peak is the largest value of the reference's output."""
    max_abs_error: float

    def worse(self, other: "Difference") -> "Difference":
        """Return the worse of both numbers."""
        return Difference(min(self.psnr_db, other.psnr_db), max(self.max_abs_error, other.max_abs_error))


def difference(candidate: Sequence[Array], reference: Sequence[Array]) -> Difference:
    """Compare all outputs of one call.

    Raises:
        ParityError: number or shapes of the outputs differ, or the candidate is not finite.
    """
    shapes = [output.shape for output in candidate], [output.shape for output in reference]
    if shapes[0] != shapes[1]:
        raise ParityError(f"expected outputs of shapes {shapes[1]}, found {shapes[0]}")
    worst = Difference(psnr_db=float("inf"), max_abs_error=0.0)
    for ours, theirs in zip(candidate, reference, strict=True):
        if not np.isfinite(ours).all():
            raise ParityError("expected finite outputs, found NaN or infinity")
        error = ours.astype(np.float64) - theirs.astype(np.float64)
        rmse, peak = float(np.sqrt(np.mean(np.square(error)))), float(np.abs(theirs).max())
        # 200 dB is below the resolution of float32; an exact copy would give infinity, which JSON cannot hold.
        psnr = 200.0 if rmse == 0 else min(200.0, 20 * math.log10(max(peak, 1e-30) / rmse))
        worst = worst.worse(Difference(psnr, float(np.abs(error).max())))
    return worst


@dataclass(frozen=True)
class Case:
    """One call of the reference: what it was given and what it returned."""

    shape: str
    inputs: dict[str, Array]
    outputs: tuple[Array, ...]


def reference_cases(
    module: Module,
    reference: Session,
    bundle: Bundle,
    clips: Sequence[ClipSize] = (),
    *,
    second_picture: bool = False,
) -> list[Case]:
    """Run the reference on the shapes of ``clips``, or on several; it may be let go of before a candidate is loaded.

    Args:
        module: which module.
        reference: what runs it.
        bundle: the reference bundle.
        clips: the only ones that the candidate takes; if empty, any.
        second_picture: whether the candidate's UNet takes the planes of a second picture as well.
    """
    scale = bundle.manifest.vae.downscale
    shapes = [(clip.frames, clip.height // scale, clip.width // scale) for clip in clips]
    if not clips:
        # The longest clip uses every row of the temporal layers' table of positions.
        shapes = [(4, 8, 8), (6, 9, 13), (bundle.manifest.frames.maximum, 8, 10)]
    cases = []
    for seed, (frames, height, width) in enumerate(shapes):
        inputs = example_inputs(bundle, module, frames=frames, height=height, width=width, seed=seed)
        shape = f"{frames} frames of {height}×{width} latents"
        cases.append(Case(shape, inputs, reference.infer(**inputs)))
    if second_picture and module is Module.UNET:
        frames, height, width = shapes[0]
        inputs = example_inputs(bundle, module, frames=frames, height=height, width=width, seed=len(shapes), gains=2)
        shape = f"{frames} frames of {height}×{width} latents between two pictures"
        cases.append(Case(shape, inputs, reference.infer(**inputs)))
    return cases


def check(module: Module, candidate: Session, cases: Sequence[Case], minimum_db: float) -> Difference:
    """Compare ``candidate`` with every case and return the worst difference.

    Raises:
        ParityError: names module, shape, what was measured and what is required.
    """
    worst = Difference(psnr_db=float("inf"), max_abs_error=0.0)
    for case in cases:
        try:
            found = difference(candidate.infer(**case.inputs), case.outputs)
        except ParityError as error:
            raise ParityError(f"{module}, {case.shape}: {error}.") from error
        if found.psnr_db < minimum_db:
            raise ParityError(
                f"{module}, {case.shape}: {found.psnr_db:.1f} dB against the reference, {minimum_db:.1f} dB required. "
                "Export with a higher precision, or with a recipe that keeps more of it (pia-edge recipe)."
            )
        worst = worst.worse(found)
    return worst


def example_inputs(
    bundle: Bundle, module: Module, *, frames: int, height: int, width: int, seed: int, gains: int = 1
) -> dict[str, Array]:
    """Return seeded inputs for ``module`` of a reference bundle, with the statistics that real ones have.

    Args:
        bundle: the reference bundle.
        module: which module.
        frames: frames of the clip.
        height: latent height.
        width: latent width.
        seed: of the random numbers.
        gains: planes of gain; a second picture is a second one.
    """
    random = np.random.default_rng(seed)
    config = unet_config(bundle)
    channels, first = config.latent_channels, config.block_out_channels[0]

    def normal(*shape: int) -> Float32s:
        return random.standard_normal(shape, dtype=np.float32)

    if module is Module.TEXT_ENCODER:
        vocabulary = int(str(bundle.manifest.network.text_encoder["vocab_size"])) if bundle.manifest.network else 1
        return {"input_ids": random.integers(0, vocabulary, (2, 77), dtype=np.int64)}
    if module is Module.VAE_ENCODER:
        scale = bundle.manifest.vae.downscale
        return {"image": np.tanh(normal(1, 3, height * scale, width * scale))}
    if module is Module.VAE_DECODER:
        return {"latents": normal(1, channels, height, width) / np.float32(bundle.manifest.vae.scaling_factor)}
    if module is Module.TINY_DECODER:
        return {"latents": normal(1, channels, height, width)}
    if module is Module.CONDITION:
        return {"image_latents": normal(1, channels, height, width)}
    if module is Module.MOTION_MODULE:
        return {"hidden_states": normal(2, first, frames, height, width)}
    return {
        "latents": normal(2, channels, frames, height, width),
        "timestep": random.integers(1, 1000, 1, dtype=np.int64),
        "encoder_hidden_states": normal(2, 77, config.cross_attention_dim),
        "affinity": random.random((gains, frames), dtype=np.float32),
        "appearance": normal(1, first, height, width) * np.float32(0.1),
        "gain": normal(gains, first, height, width) * np.float32(0.1),
    }
