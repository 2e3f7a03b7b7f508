"""Which of a bundle's decoders makes frames of the finished latents."""

from enum import StrEnum
from typing import TYPE_CHECKING

from pia_edge.errors import RequestError
from pia_edge.modules import Module

if TYPE_CHECKING:
    from pia_edge.bundle import Bundle
    from pia_edge.bundle.manifest import Vae


class Decoder(StrEnum):
    """A choice of decoder."""

    FULL = "full"
    """The VAE's own."""
    TINY = "tiny"
    """The tiny decoder, which some bundles hold: much faster, and blurs fine detail."""

    @property
    def module(self) -> Module:
        """The module that decodes."""
        return Module.VAE_DECODER if self is Decoder.FULL else Module.TINY_DECODER

    def divisor(self, vae: "Vae") -> float:
        """Return what the latents of the UNet are divided by to be at the scale that the module takes."""
        return vae.scaling_factor if self is Decoder.FULL else 1.0


def check_decoder(bundle: "Bundle", decoder: str) -> Decoder:
    """Return the decoder of the name ``decoder``, which ``bundle`` has.

    Raises:
        RequestError: there is no decoder of this name, or the bundle does not hold it.
    """
    if decoder not in set(Decoder):
        raise RequestError(f"decoder: expected one of {', '.join(Decoder)}, found {decoder[:100]!a}. Choose one.")
    chosen = Decoder(decoder)
    if chosen.module not in bundle.manifest.modules:
        raise RequestError(
            f"decoder: expected full, the only one that the bundle {bundle.manifest.name} holds, found {chosen}. Leave "
            "it out, or use a bundle that was imported with --tiny-decoder, and export that again."
        )
    return chosen
