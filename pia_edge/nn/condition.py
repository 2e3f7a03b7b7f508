"""PIA's condition module: how a picture and an affinity enter the network.

The paper widens the UNet's first convolution to nine channels, [noisy latents 4 | affinity 1 | image latents 4],
and trains the five new ones from zero. A convolution is linear, and the affinity is one number per frame, so

    conv₉([x, a, c]) = conv₄(x) + conv(c) + a · conv(1)

exactly. This module holds the five channels and returns the two planes ``appearance = conv(c)`` and
``gain = conv(1)`` once per clip. The UNet adds ``appearance + affinity[frame] · gain`` after its own
four-channel ``conv_in``. Affinity is thereby an input of the running network: motion is changed without encoding the
picture again.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ConditionModule(nn.Module):
    """The input channels that PIA adds to ``conv_in``: affinity first, then the image latents.

    They start at zero, so a new module leaves the text-to-image model as it was (paper, section 3.2).
    """

    def __init__(self, latent_channels: int, out_channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_channels, 1 + latent_channels, 3, 3))

    def forward(self, image_latents: Tensor) -> tuple[Tensor, Tensor]:
        """Return the planes ``appearance`` and ``gain`` for one picture.

        Args:
            image_latents: scaled latents of the condition image, (batch, channels, height, width).

        Returns:
            ``appearance`` (batch, out_channels, height, width) and ``gain`` (1, out_channels, height, width).
            ``gain`` varies near the border, where the convolution is padded with zeros.
        """
        appearance = F.conv2d(image_latents, self.weight[:, 1:], padding=1)
        gain = F.conv2d(torch.ones_like(image_latents[:1, :1]), self.weight[:, :1], padding=1)
        return appearance, gain
