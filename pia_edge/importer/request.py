"""What a user asks to be imported."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import torch

from pia_edge.errors import RequestError
from pia_edge.importer.lora import LoraScaling
from pia_edge.nn.config import NormMode
from pia_edge.nn.weights import ConvIn


class Precision(StrEnum):
    """In which numbers the bundle's weights are kept; networks compute in float32 either way."""

    FP16 = "fp16"
    FP32 = "fp32"

    @property
    def dtype(self) -> torch.dtype:
        """The dtype of the stored weights."""
        return torch.float16 if self is Precision.FP16 else torch.float32


@dataclass(frozen=True)
class ScaledPath:
    """A LoRA and how strongly it acts; 1 is what its maker meant."""

    path: Path
    scale: float = 1.0


@dataclass(frozen=True)
class NamedPath:
    """A textual-inversion embedding and the word that calls it; None for the word in the file."""

    path: Path
    word: str | None = None


@dataclass(frozen=True, kw_only=True)
class ImportRequest:
    """A base model and PIA weights, or a bundle to change, and what is added to them."""

    base: Path | None = None
    """A diffusers folder or a single file."""
    pia: Path | None = None
    """``pia.ckpt``, the same as safetensors, or a motion adapter with ``conv_in``."""
    bundle: Path | None = None
    """A reference bundle that gives everything not given otherwise."""
    vae: Path | None = None
    text_encoder: Path | None = None
    tokenizer: Path | None = None
    """Folder of ``vocab.json`` and ``merges.txt``."""
    tiny_decoder: Path | None = None
    """TAESD or a decoder of its layout: a file, or a folder of diffusers."""
    loras: tuple[ScaledPath, ...] = ()
    """For the base model or the motion modules: the files say which."""
    embeddings: tuple[NamedPath, ...] = ()
    conv_in: ConvIn | None = None
    """Whose channels read the noisy latents; None for the base model's, or the bundle's choice."""
    lora_scaling: LoraScaling = LoraScaling.ALPHA
    norm_mode: NormMode | None = None
    """None for the paper's, or the bundle's."""
    precision: Precision | None = None
    """None for fp16, or the bundle's."""
    name: str | None = None
    """What the bundle is called; None for a name made of the base model's."""
    allow_pickle: bool = False

    def __post_init__(self) -> None:
        """Check that there is enough to make a bundle of.

        Raises:
            RequestError: there is not, or a scale is out of range.
        """
        if self.bundle is None and (self.base is None or self.pia is None):
            raise RequestError(
                "Expected a base model and PIA weights (--base and --pia), or a bundle to change (--from) and what to "
                "change in it. Name both."
            )
        paths = (self.base, self.pia, self.vae, self.text_encoder, self.tokenizer, self.tiny_decoder)
        changes = (*paths, self.precision, self.norm_mode)
        if self.bundle is not None and not (any(changes) or self.loras or self.embeddings or self.conv_in):
            raise RequestError("Expected something to change in the bundle, such as --base or --lora; found nothing.")
        for lora in self.loras:
            if not -100 <= lora.scale <= 100:
                raise RequestError(f"{lora.path}: expected a scale between -100 and 100, found {lora.scale}.")
