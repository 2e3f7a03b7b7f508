"""The border table: the name, axes and dtype of every input and output of every module.

Exporters, runtimes, the pipeline and tests read this one declaration.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Module(StrEnum):
    """One exported graph of a bundle."""

    TEXT_ENCODER = "text_encoder"
    VAE_ENCODER = "vae_encoder"
    VAE_DECODER = "vae_decoder"
    CONDITION = "condition"
    UNET = "unet"
    TINY_DECODER = "tiny_decoder"
    """A faster, less exact decoder, which a bundle may hold beside its own."""
    MOTION_MODULE = "motion_module"
    """The first of the UNet's, which bundles for inspection hold alone; whole bundles hold all within the UNet."""


@dataclass(frozen=True)
class TensorSpec:
    """One input or output: its axes in order, each a fixed length or a name bound at run time."""

    name: str
    axes: tuple[str | int, ...]
    dtype: str = "float32"

    def check(self, shape: tuple[int, ...], dtype: str, bound: dict[str, int]) -> str | None:
        """Return what is wrong with an array of this shape and dtype, or None.

        ``bound`` collects the lengths of named axes, so that two arrays of one call must agree on them.
        """
        expected = ", ".join(str(axis) for axis in self.axes)
        if dtype != self.dtype:
            return f"{self.name}: expected {self.dtype}, found {dtype}"
        if len(shape) != len(self.axes):
            return f"{self.name}: expected ({expected}), found {shape}"
        for axis, length in zip(self.axes, shape, strict=True):
            wanted = axis if isinstance(axis, int) else bound.setdefault(axis, length)
            if wanted != length:
                return f"{self.name}: expected ({expected}) with {axis} = {wanted}, found {shape}"
        return None


@dataclass(frozen=True)
class ModuleSpec:
    """What goes into a module and what comes out."""

    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]


_PLANE = ("condition_channels", "latent_height", "latent_width")
_LATENT_IMAGE = ("batch", "latent_channels", "latent_height", "latent_width")
_CLIP = ("batch", "latent_channels", "frames", "latent_height", "latent_width")
_TEXT = ("batch", 77, "text_channels")

MODULES: Mapping[Module, ModuleSpec] = {
    Module.TEXT_ENCODER: ModuleSpec(
        (TensorSpec("input_ids", ("batch", 77), "int64"),),
        (TensorSpec("encoder_hidden_states", _TEXT),),
    ),
    # The original samples the image latent, so the encoder returns the distribution, not a draw.
    Module.VAE_ENCODER: ModuleSpec(
        (TensorSpec("image", ("batch", 3, "height", "width")),),
        (TensorSpec("mean", _LATENT_IMAGE), TensorSpec("std", _LATENT_IMAGE)),
    ),
    Module.VAE_DECODER: ModuleSpec(
        (TensorSpec("latents", _LATENT_IMAGE),),
        (TensorSpec("image", ("batch", 3, "height", "width")),),
    ),
    Module.CONDITION: ModuleSpec(
        (TensorSpec("image_latents", ("planes", "latent_channels", "latent_height", "latent_width")),),
        (TensorSpec("appearance", ("planes", *_PLANE)), TensorSpec("gain", (1, *_PLANE))),
    ),
    Module.UNET: ModuleSpec(
        (
            TensorSpec("latents", _CLIP),
            TensorSpec("timestep", (1,), "int64"),
            TensorSpec("encoder_hidden_states", _TEXT),
            # Each plane of the gain has a row of the affinity; a second picture is a second one (ADR 7).
            TensorSpec("affinity", ("gains", "frames")),
            TensorSpec("appearance", (1, *_PLANE)),
            TensorSpec("gain", ("gains", *_PLANE)),
        ),
        (TensorSpec("noise_pred", _CLIP),),
    ),
}
"""The border of every module of a whole bundle. Latents are scaled but where they come from the VAE's encoder or go to
its decoder, pictures lie in [-1, 1], affinity in [0, 1]."""

OPTIONAL_MODULES: Mapping[Module, ModuleSpec] = {
    # Its latents are scaled, as the UNet computes them; those of the VAE's decoder are not.
    Module.TINY_DECODER: MODULES[Module.VAE_DECODER],
}
"""The border of every module that a whole bundle may hold beside those of ``MODULES``."""

_HIDDEN = TensorSpec("hidden_states", ("batch", "condition_channels", "frames", "latent_height", "latent_width"))
_PARTS: Mapping[Module, ModuleSpec] = {
    Module.MOTION_MODULE: ModuleSpec((_HIDDEN,), (replace(_HIDDEN, name="mixed_states"),)),
}


def border(module: Module) -> ModuleSpec:
    """Return what goes into ``module`` and what comes out, be it of a whole bundle or a part of the UNet."""
    return {**MODULES, **OPTIONAL_MODULES, **_PARTS}[module]


def whole(held: Container[Module]) -> tuple[Module, ...]:
    """Return the modules of a whole bundle that has those of ``OPTIONAL_MODULES`` that are ``held``."""
    return (*MODULES, *(module for module in OPTIONAL_MODULES if module in held))
