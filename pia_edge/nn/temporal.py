"""PIA's temporal layers: attention over the frames at each place of the picture (from AnimateDiff).

A motion module follows every resnet or spatial transformer of the UNet's down and up blocks. It is the only place
where frames see each other (besides pooled norms), it ignores the text, and it starts as the identity, so a
personalized text-to-image model can be animated without retraining.
"""

import math

import torch
from torch import Tensor, nn

from pia_edge.nn.attention import Attention, FeedForward
from pia_edge.nn.config import NormMode, UNetConfig
from pia_edge.nn.norm import FrameGroupNorm


def sinusoidal_positions(frames: int, channels: int) -> Tensor:
    """Return the fixed frame positions (1, frames, channels): sine on even, cosine on odd channels."""
    position = torch.arange(frames).unsqueeze(1)
    frequency = torch.exp(torch.arange(0, channels, 2) * (-math.log(10000.0) / channels))
    encoding = torch.zeros(1, frames, channels)
    encoding[0, :, 0::2] = torch.sin(position * frequency)
    encoding[0, :, 1::2] = torch.cos(position * frequency)
    return encoding


class TemporalBlock(nn.Module):
    """Two self-attentions over frames and a feed-forward layer, each added to its input."""

    def __init__(self, channels: int, config: UNetConfig) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(channels)
        self.attn1 = Attention(channels, channels, config.motion_heads, config.attention_form)
        self.norm2 = nn.LayerNorm(channels)
        self.attn2 = Attention(channels, channels, config.motion_heads, config.attention_form)
        self.norm3 = nn.LayerNorm(channels)
        self.ff = FeedForward(channels)
        self.register_buffer("positions", sinusoidal_positions(config.motion_max_frames, channels), persistent=False)
        self.positions: Tensor

    def forward(self, tokens: Tensor) -> Tensor:
        """Mix ``tokens`` (batch·height·width, frames, channels) along the frames."""
        # Positions are added after the norm and before query, key and value, in both attentions.
        positions = self.positions[:, : tokens.shape[1]].to(tokens.dtype)
        tokens = tokens + self.attn1(self.norm1(tokens) + positions)
        tokens = tokens + self.attn2(self.norm2(tokens) + positions)
        return tokens + self.ff(self.norm3(tokens))  # type: ignore[no-any-return]


class MotionModule(nn.Module):
    """One temporal transformer: ``hidden + proj_out(block(proj_in(norm(hidden))))``, zero at the start."""

    def __init__(self, channels: int, config: UNetConfig) -> None:
        super().__init__()
        pooled = config.norm_mode is NormMode.DIFFUSERS
        self.norm = FrameGroupNorm(config.norm_groups, channels, eps=1e-6, pooled=pooled)
        self.proj_in = nn.Linear(channels, channels)
        self.transformer_blocks = nn.ModuleList([TemporalBlock(channels, config)])
        self.proj_out = nn.Linear(channels, channels)
        nn.init.zeros_(self.proj_out.weight)
        nn.init.zeros_(self.proj_out.bias)

    def forward(self, hidden: Tensor, frames: int) -> Tensor:
        """Return ``hidden`` (batch·frames, channels, height, width) with each place mixed along the frames."""
        _, channels, height, width = hidden.shape
        tokens = self.proj_in(self.norm(hidden, frames).permute(0, 2, 3, 1))
        tokens = tokens.reshape(-1, frames, height * width, channels).transpose(1, 2).reshape(-1, frames, channels)
        for block in self.transformer_blocks:
            tokens = block(tokens)
        tokens = tokens.reshape(-1, height * width, frames, channels).transpose(1, 2)
        tokens = self.proj_out(tokens.reshape(-1, height, width, channels))
        return hidden + tokens.permute(0, 3, 1, 2)  # type: ignore[no-any-return]
