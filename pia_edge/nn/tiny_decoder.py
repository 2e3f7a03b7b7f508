"""A small decoder of latents: the decoder half of TAESD, the Tiny AutoEncoder for Stable Diffusion.

It was distilled from Stable Diffusion's VAE and published at github.com/madebyollin/taesd. Layers are numbered as in
diffusers' ``AutoencoderTiny``.
"""

import torch
from torch import Tensor, nn

CHANNELS = 64
DOWNSCALE = 8
"""Edge of a picture over the edge of its latents."""
# Residual blocks before each doubling of height and width, and those before the picture.
_BLOCKS_BEFORE_UPSAMPLING = (3, 3, 3)
_LAST_BLOCKS = 1
_LARGEST_LATENT = 3.0


class TinyDecoder(nn.Module):
    """Scaled latents to pictures, in convolutions and ReLUs alone."""

    def __init__(self, latent_channels: int = 4) -> None:
        super().__init__()
        layers: list[nn.Module] = [_convolution(latent_channels, CHANNELS), nn.ReLU()]
        for count in _BLOCKS_BEFORE_UPSAMPLING:
            layers += [_ResidualBlock() for _ in range(count)]
            layers += [nn.Upsample(scale_factor=2), _convolution(CHANNELS, CHANNELS, bias=False)]
        layers += [_ResidualBlock() for _ in range(_LAST_BLOCKS)]
        self.layers = nn.Sequential(*layers, _convolution(CHANNELS, 3))

    def forward(self, latents: Tensor) -> Tensor:
        """Map (batch, latent_channels, h, w), as the UNet computes them, to (batch, 3, 8h, 8w) near [-1, 1]."""
        bounded = torch.tanh(latents / _LARGEST_LATENT) * _LARGEST_LATENT
        # The weights were trained for pictures in [0, 1].
        picture: Tensor = self.layers(bounded)
        return picture * 2 - 1


class _ResidualBlock(nn.Module):
    """Three convolutions beside a way around them."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Sequential(
            _convolution(CHANNELS, CHANNELS),
            nn.ReLU(),
            _convolution(CHANNELS, CHANNELS),
            nn.ReLU(),
            _convolution(CHANNELS, CHANNELS),
        )

    def forward(self, hidden_states: Tensor) -> Tensor:
        return torch.relu(hidden_states + self.conv(hidden_states))


def _convolution(inputs: int, outputs: int, *, bias: bool = True) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel_size=3, padding=1, bias=bias)
