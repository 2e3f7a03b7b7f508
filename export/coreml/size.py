"""The sizes that a Core ML package is made for."""

from collections.abc import Sequence

from pia_edge.backend import Array
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize
from pia_edge.export.parity import example_inputs
from pia_edge.modules import Module, border


def functions(module: Module, clips: Sequence[ClipSize]) -> dict[str, ClipSize]:
    """Return the functions of a module's package by name: one for each size that the module can tell apart.

    The first one is ``main``, the name that Core ML runs when none is asked for.
    """
    axes = {axis for spec in (*border(module).inputs, *border(module).outputs) for axis in spec.axes}
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
