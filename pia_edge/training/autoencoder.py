"""The small autoencoder, pictures to latents and back, with the parameter names of diffusers' AutoencoderKL."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

EPS = 1e-6


@dataclass(frozen=True, kw_only=True)
class AutoencoderConfig:
    """Sizes of the autoencoder, named as diffusers' constructor names them."""

    block_out_channels: tuple[int, ...] = (32, 64, 96)
    layers_per_block: int = 1
    latent_channels: int = 4
    norm_num_groups: int = 8

    @property
    def factor(self) -> int:
        """How many picture pixels one latent covers along each axis."""
        return int(2 ** (len(self.block_out_channels) - 1))

    def diffusers_arguments(self, scaling_factor: float, sample_size: int) -> dict[str, object]:
        """Return the keyword arguments with which ``diffusers.AutoencoderKL`` builds the same network."""
        levels = len(self.block_out_channels)
        return {
            "in_channels": 3,
            "out_channels": 3,
            "down_block_types": ["DownEncoderBlock2D"] * levels,
            "up_block_types": ["UpDecoderBlock2D"] * levels,
            "block_out_channels": list(self.block_out_channels),
            "layers_per_block": self.layers_per_block,
            "act_fn": "silu",
            "latent_channels": self.latent_channels,
            "norm_num_groups": self.norm_num_groups,
            "sample_size": sample_size,
            "scaling_factor": scaling_factor,
            "mid_block_add_attention": False,
        }


class AutoencoderResnet(nn.Module):
    """Two normalised convolutions added to their input."""

    def __init__(self, in_channels: int, out_channels: int, groups: int) -> None:
        super().__init__()
        self.norm1 = nn.GroupNorm(groups, in_channels, eps=EPS)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, padding=1)
        self.norm2 = nn.GroupNorm(groups, out_channels, eps=EPS)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1)
        self.conv_shortcut = nn.Conv2d(in_channels, out_channels, 1) if in_channels != out_channels else None

    def forward(self, hidden: Tensor) -> Tensor:
        """Map (batch, in_channels, height, width) to (batch, out_channels, height, width)."""
        update = self.conv1(F.silu(self.norm1(hidden)))
        update = self.conv2(F.silu(self.norm2(update)))
        return (hidden if self.conv_shortcut is None else self.conv_shortcut(hidden)) + update  # type: ignore[no-any-return]


class Halve(nn.Module):
    """A strided convolution, padded on the right and bottom only."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, stride=2)

    def forward(self, hidden: Tensor) -> Tensor:
        """Return ``hidden`` at half the height and width."""
        return self.conv(F.pad(hidden, (0, 1, 0, 1)))  # type: ignore[no-any-return]


class Double(nn.Module):
    """Nearest-neighbour enlargement and a convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, hidden: Tensor) -> Tensor:
        """Return ``hidden`` at twice the height and width."""
        return self.conv(F.interpolate(hidden, scale_factor=2.0, mode="nearest"))  # type: ignore[no-any-return]


class AutoencoderLevel(nn.Module):
    """The resnets of one resolution and, except at the end, the way to the next."""

    def __init__(self, widths: list[int], groups: int, sampler: str | None) -> None:
        super().__init__()
        self.resnets = nn.ModuleList([AutoencoderResnet(a, b, groups) for a, b in pairwise(widths)])
        if sampler == "downsamplers":
            self.downsamplers = nn.ModuleList([Halve(widths[-1])])
        if sampler == "upsamplers":
            self.upsamplers = nn.ModuleList([Double(widths[-1])])
        self.sampler = sampler

    def forward(self, hidden: Tensor) -> Tensor:
        """Run the resnets and the sampler."""
        for resnet in self.resnets:
            hidden = resnet(hidden)
        if self.sampler is not None:
            hidden = getattr(self, self.sampler)[0](hidden)
        return hidden


class Encoder(nn.Module):
    """Pictures to the moments (mean, log variance) of their latents."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        widths, groups = config.block_out_channels, config.norm_num_groups
        self.conv_in = nn.Conv2d(3, widths[0], 3, padding=1)
        self.down_blocks = nn.ModuleList()
        for level, (before, width) in enumerate(pairwise([widths[0], *widths])):
            sampler = None if level == len(widths) - 1 else "downsamplers"
            line = [before] + [width] * config.layers_per_block
            self.down_blocks.append(AutoencoderLevel(line, groups, sampler))
        self.mid_block = AutoencoderLevel([widths[-1]] * 3, groups, None)
        self.conv_norm_out = nn.GroupNorm(groups, widths[-1], eps=EPS)
        self.conv_out = nn.Conv2d(widths[-1], 2 * config.latent_channels, 3, padding=1)

    def forward(self, pixels: Tensor) -> Tensor:
        """Map pixels (batch, 3, height, width) to (batch, 2·latent_channels, height/factor, width/factor)."""
        hidden = self.conv_in(pixels)
        for level in self.down_blocks:
            hidden = level(hidden)
        return self.conv_out(F.silu(self.conv_norm_out(self.mid_block(hidden))))  # type: ignore[no-any-return]


class Decoder(nn.Module):
    """Latents to pictures."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        widths, groups = config.block_out_channels[::-1], config.norm_num_groups
        self.conv_in = nn.Conv2d(config.latent_channels, widths[0], 3, padding=1)
        self.mid_block = AutoencoderLevel([widths[0]] * 3, groups, None)
        self.up_blocks = nn.ModuleList()
        for level, (before, width) in enumerate(pairwise([widths[0], *widths])):
            sampler = None if level == len(widths) - 1 else "upsamplers"
            line = [before] + [width] * (config.layers_per_block + 1)
            self.up_blocks.append(AutoencoderLevel(line, groups, sampler))
        self.conv_norm_out = nn.GroupNorm(groups, widths[-1], eps=EPS)
        self.conv_out = nn.Conv2d(widths[-1], 3, 3, padding=1)

    def forward(self, latents: Tensor) -> Tensor:
        """Map latents (batch, latent_channels, height, width) to pixels, factor times larger."""
        hidden = self.mid_block(self.conv_in(latents))
        for level in self.up_blocks:
            hidden = level(hidden)
        return self.conv_out(F.silu(self.conv_norm_out(hidden)))  # type: ignore[no-any-return]


class Autoencoder(nn.Module):
    """A variational autoencoder with a Gaussian posterior (diffusers' AutoencoderKL without mid attention)."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)
        self.quant_conv = nn.Conv2d(2 * config.latent_channels, 2 * config.latent_channels, 1)
        self.post_quant_conv = nn.Conv2d(config.latent_channels, config.latent_channels, 1)

    def moments(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean and standard deviation of the latents of pixels (batch, 3, height, width) in [-1, 1]."""
        mean, log_variance = self.quant_conv(self.encoder(pixels)).chunk(2, dim=1)
        return mean, torch.exp(0.5 * log_variance.clamp(-30.0, 20.0))

    def decode(self, latents: Tensor) -> Tensor:
        """Return pixels about [-1, 1] of unscaled latents (batch, latent_channels, height, width)."""
        return self.decoder(self.post_quant_conv(latents))  # type: ignore[no-any-return]
