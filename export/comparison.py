"""Any two bundles compared, whatever their formats: every module on the same inputs, and a denoising run."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pia_edge.backend import Array, Backend
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Parity, RunParity
from pia_edge.errors import BundleError, ParityError
from pia_edge.export.denoising import ReferenceRun, compare_run, run_reference
from pia_edge.export.parity import difference, example_inputs
from pia_edge.modules import Module

Inputs = dict[str, Array]


@dataclass(frozen=True)
class Comparison:
    """How far a bundle is from another one."""

    modules: dict[Module, Parity]
    run: RunParity | None
    """None where the candidate holds no UNet."""


def compare(candidate: Bundle, on: Backend, reference: Bundle, with_: Backend) -> Comparison:
    """Compare ``candidate``, run by ``on``, with ``reference``, run by ``with_``.

    Raises:
        ParityError: their modules have other shapes, or one returns NaN or infinity.
        BackendError: a module could not be loaded or run.
        BundleError: ``candidate`` holds nothing, or ``reference`` not what it takes.
    """
    clips = candidate.manifest.clips or reference.manifest.clips
    run = run_reference(reference, with_, clip=clips[0] if clips else None)
    modules: dict[Module, Parity] = {}
    for module, inputs in _inputs(reference, run):
        if module not in candidate.manifest.modules:
            continue
        try:
            found = difference(
                on.load(candidate, module).infer(**inputs), with_.load(reference, module).infer(**inputs)
            )
        except ParityError as error:
            raise ParityError(f"{module}: {error}. The bundles are not of the same model.") from error
        modules[module] = Parity(psnr_db=found.psnr_db, max_abs_error=found.max_abs_error, runtime=on.name)
    if not modules:
        raise BundleError(f"{candidate.path}: expected modules to compare, found none. Choose another bundle.")
    if Module.UNET not in modules:
        return Comparison(modules, None)
    return Comparison(modules, compare_run(on.load(candidate, Module.UNET), run, on.name))


def _inputs(reference: Bundle, run: ReferenceRun) -> Iterator[tuple[Module, Inputs]]:
    random = np.random.default_rng(5)
    vae = reference.manifest.vae
    height, width = run.steps[0][0]["latents"].shape[3:]
    latents = random.standard_normal((1, vae.latent_channels, height, width), dtype=np.float32)
    pixels = (1, 3, height * vae.downscale, width * vae.downscale)
    picture = np.tanh(random.standard_normal(pixels, dtype=np.float32))
    yield Module.TEXT_ENCODER, {"input_ids": run.input_ids}
    yield Module.VAE_ENCODER, {"image": picture}
    yield Module.VAE_DECODER, {"latents": latents / np.float32(vae.scaling_factor)}
    if Module.TINY_DECODER in reference.manifest.modules:
        yield Module.TINY_DECODER, {"latents": latents}
    yield Module.CONDITION, {"image_latents": latents}
    yield Module.UNET, run.steps[0][0]
    if reference.manifest.network is not None:
        frames = run.steps[0][0]["latents"].shape[2]
        yield (
            Module.MOTION_MODULE,
            example_inputs(reference, Module.MOTION_MODULE, frames=frames, height=height, width=width, seed=5),
        )
