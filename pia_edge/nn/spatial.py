"""The spatial layers, applied to each frame as Stable Diffusion 1.5 applies them to a picture."""

import torch.nn.functional as F
from torch import Tensor, nn

from pia_edge.nn.attention import Attention, FeedForward
from pia_edge.nn.config import NormMode, UNetConfig
from pia_edge.nn.norm import FrameGroupNorm


class Resnet(nn.Module):
    """Two convolutions around the timestep embedding, with a residual path."""

    def __init__(self, in_channels: int, out_channels: int, time_channels: int, config: UNetConfig) -> None:
        super().__init__()
        pooled = config.norm_mode is NormMode.PIA
        self.norm1 = FrameGroupNorm(config.norm_groups, in_channels, eps=1e-5, pooled=pooled)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, padding=1)
        self.time_emb_proj = nn.Linear(time_channels, out_channels)
        self.norm2 = FrameGroupNorm(config.norm_groups, out_channels, eps=1e-5, pooled=pooled)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1)
        self.conv_shortcut = nn.Conv2d(in_channels, out_channels, 1) if in_channels != out_channels else None

    def forward(self, hidden: Tensor, time_embedding: Tensor, frames: int) -> Tensor:
        """Map ``hidden`` (batch·frames, in, height, width) to (batch·frames, out, height, width).

        Args:
            hidden: the frames along the batch axis.
            time_embedding: (batch or 1, time_channels), one per clip.
            frames: frames per clip.
        """
        residual = hidden if self.conv_shortcut is None else self.conv_shortcut(hidden)
        hidden = self.conv1(F.silu(self.norm1(hidden, frames)))
        offset = self.time_emb_proj(F.silu(time_embedding))[:, None, :, None]
        clips = hidden.shape[0] // frames
        hidden = hidden + offset.expand(clips, frames, -1, -1).reshape(-1, hidden.shape[1], 1, 1)
        return residual + self.conv2(F.silu(self.norm2(hidden, frames)))  # type: ignore[no-any-return]


class SpatialBlock(nn.Module):
    """Self-attention within a frame, cross-attention to the text, feed-forward; each added to its input."""

    def __init__(self, channels: int, config: UNetConfig) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(channels)
        self.attn1 = Attention(channels, channels, config.num_heads, config.attention_form)
        self.norm2 = nn.LayerNorm(channels)
        self.attn2 = Attention(channels, config.cross_attention_dim, config.num_heads, config.attention_form)
        self.norm3 = nn.LayerNorm(channels)
        self.ff = FeedForward(channels)

    def forward(self, tokens: Tensor, encoder_hidden_states: Tensor, frames: int) -> Tensor:
        """Map ``tokens`` (batch·frames, height·width, channels), reading text (batch, 77, cross_attention_dim)."""
        tokens = tokens + self.attn1(self.norm1(tokens))
        # All frames of a clip form one long query: the text's keys and values are computed once per prompt.
        clip = self.norm2(tokens).unflatten(0, (-1, frames)).flatten(1, 2)
        tokens = tokens + self.attn2(clip, encoder_hidden_states).reshape(tokens.shape)
        return tokens + self.ff(self.norm3(tokens))  # type: ignore[no-any-return]


class SpatialTransformer(nn.Module):
    """One spatial block between two 1×1 convolutions, added to its input."""

    def __init__(self, channels: int, config: UNetConfig) -> None:
        super().__init__()
        # Both conventions normalise here per frame.
        self.norm = FrameGroupNorm(config.norm_groups, channels, eps=1e-6, pooled=False)
        self.proj_in = nn.Conv2d(channels, channels, 1)
        self.transformer_blocks = nn.ModuleList([SpatialBlock(channels, config)])
        self.proj_out = nn.Conv2d(channels, channels, 1)

    def forward(self, hidden: Tensor, encoder_hidden_states: Tensor, frames: int) -> Tensor:
        """Map ``hidden`` (batch·frames, channels, height, width), reading text (batch, 77, cross_attention_dim)."""
        tokens = self.proj_in(self.norm(hidden, frames)).permute(0, 2, 3, 1).flatten(1, 2)
        for block in self.transformer_blocks:
            tokens = block(tokens, encoder_hidden_states, frames)
        tokens = tokens.unflatten(1, hidden.shape[2:]).permute(0, 3, 1, 2)
        return hidden + self.proj_out(tokens)  # type: ignore[no-any-return]


class Downsample(nn.Module):
    """Halve height and width by a strided convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, stride=2, padding=1)

    def forward(self, hidden: Tensor) -> Tensor:
        """Map (batch·frames, channels, height, width) to half the size, rounded up."""
        return self.conv(hidden)  # type: ignore[no-any-return]


class Upsample(nn.Module):
    """Enlarge to a given size by nearest neighbour, then convolve."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, hidden: Tensor, like: Tensor) -> Tensor:
        """Enlarge ``hidden`` to the height and width of ``like``, which may be odd."""
        return self.conv(F.interpolate(hidden, size=like.shape[-2:], mode="nearest"))  # type: ignore[no-any-return]
