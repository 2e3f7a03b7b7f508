"""The choices that define a PIA network; the defaults are Stable Diffusion 1.5 with PIA's temporal layers."""

from dataclasses import dataclass
from enum import StrEnum

from pia_edge.errors import BundleError


class NormMode(StrEnum):
    """Which GroupNorms pool their statistics over the frames of a clip.

    The paper's code and diffusers do the opposite of each other; the same weights then give outputs that
    differ by about 20 %, so a bundle states its mode and nothing ever guesses it.
    """

    PIA = "pia"
    """Resnet norms and ``conv_norm_out`` over all frames, motion modules per frame (the paper's code)."""

    DIFFUSERS = "diffusers"
    """Resnet norms and ``conv_norm_out`` per frame, motion modules over all frames."""


class AttentionForm(StrEnum):
    """How attention is written into the graph; both give the same numbers."""

    SDPA = "sdpa"
    """One ``scaled_dot_product_attention`` over all heads: what CUDA, OpenVINO and ONNX Runtime fuse."""

    SPLIT = "split"
    """One small attention per head on (batch, channels, 1, sequence): what Apple's Neural Engine runs well."""


@dataclass(frozen=True, kw_only=True)
class UNetConfig:
    """Sizes of a PIA UNet.

    ``cross_attention`` says level by level, from fine to coarse, which spatial levels hold transformers.
    ``temporal=False`` builds the base text-to-image UNet: the same spatial names, no motion modules.
    """

    latent_channels: int = 4
    block_out_channels: tuple[int, ...] = (320, 640, 1280, 1280)
    cross_attention: tuple[bool, ...] = (True, True, True, False)
    layers_per_block: int = 2
    cross_attention_dim: int = 768
    num_heads: int = 8
    motion_heads: int = 8
    norm_groups: int = 32
    motion_max_frames: int = 32
    num_train_timesteps: int = 1000
    norm_mode: NormMode = NormMode.PIA
    attention_form: AttentionForm = AttentionForm.SDPA
    temporal: bool = True

    def __post_init__(self) -> None:
        """Check that the levels agree and the channels divide.

        Raises:
            BundleError: for a configuration no network can have.
        """
        object.__setattr__(self, "norm_mode", NormMode(self.norm_mode))
        object.__setattr__(self, "attention_form", AttentionForm(self.attention_form))
        if len(self.cross_attention) != len(self.block_out_channels):
            raise BundleError(
                f"The UNet has {len(self.block_out_channels)} levels but cross_attention names "
                f"{len(self.cross_attention)}; give one true or false per level."
            )
        for channels in self.block_out_channels:
            for divisor in (self.norm_groups, self.num_heads, self.motion_heads):
                if channels % divisor:
                    raise BundleError(
                        f"Every level's channels must divide by norm_groups, num_heads and motion_heads; "
                        f"{channels} does not divide by {divisor}. Change block_out_channels or the divisor."
                    )
