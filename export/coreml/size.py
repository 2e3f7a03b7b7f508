"""The sizes that a Core ML package is made for."""

from collections.abc import Sequence

from pia_edge.backend import Array
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize
from pia_edge.errors import RequestError
from pia_edge.export.parity import example_inputs
from pia_edge.modules import MODULES, Module

LARGEST_BATCH = 4096
"""Apple's Neural Engine refuses a longer batch axis; the temporal layers put every latent pixel on it."""


def check_clips(clips: Sequence[ClipSize], downscale: int) -> None:
    """Check that packages of these sizes reach the Neural Engine.

    Raises:
        RequestError: there is no size, or one has more than ``LARGEST_BATCH`` latent pixels.
    """
    if not clips:
        raise RequestError("Core ML: expected a size, since its packages have fixed shapes, found none. Name one.")
    for clip in clips:
        pixels = (clip.width // downscale) * (clip.height // downscale)
        if pixels > LARGEST_BATCH:
            raise RequestError(
                f"Core ML: expected at most {LARGEST_BATCH * downscale**2} pixels a frame, as in 512×512, found "
                f"{clip.width}×{clip.height}. Export a smaller size."
            )


def functions(module: Module, clips: Sequence[ClipSize]) -> dict[str, ClipSize]:
    """Return the functions of a module's package by name: one for each size that the module can tell apart.

    The first one is ``main``, the name that Core ML runs when none is asked for.
    """
    axes = {axis for spec in (*MODULES[module].inputs, *MODULES[module].outputs) for axis in spec.axes}
    found: dict[str, ClipSize] = {}
    for clip in clips:
        frames = f"{clip.frames}x" if "frames" in axes else ""
        size = f"{clip.width}x{clip.height}" if axes & {"height", "latent_height"} else ""
        found.setdefault(f"clip_{frames}{size}", clip)
    first, *others = found.items()
    return {"main": first[1], **dict(others)}


def example(reference: Bundle, module: Module, clip: ClipSize, *, seed: int = 0) -> dict[str, Array]:
    """Return seeded inputs of one size with a batch of one: the guidance branches run one by one."""
    scale = reference.manifest.vae.downscale
    height, width = clip.height // scale, clip.width // scale
    inputs = example_inputs(reference, module, frames=clip.frames, height=height, width=width, seed=seed)
    return {name: array[:1] for name, array in inputs.items()}
