"""The UNet of PIA: Stable Diffusion's spatial layers with a motion module after each of them.

Frames travel along the batch axis as (batch·frames, channels, height, width), so no tensor has more than five
axes and the spatial layers are those of a picture model.
"""

import math
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pia_edge.nn.config import NormMode, UNetConfig
from pia_edge.nn.norm import FrameGroupNorm
from pia_edge.nn.spatial import Downsample, Resnet, SpatialTransformer, Upsample
from pia_edge.nn.temporal import MotionModule, sinusoidal_positions


def sinusoidal_timestep(timestep: Tensor, channels: int) -> Tensor:
    """Return the features (batch, channels) of ``timestep`` (batch,): cosines, then sines."""
    half = channels // 2
    frequency = torch.exp(torch.arange(half, device=timestep.device) * (-math.log(10000.0) / half))
    angle = timestep.float()[:, None] * frequency[None]
    return torch.cat([angle.cos(), angle.sin()], dim=1)


def computed_buffers(network: nn.Module) -> dict[str, Tensor]:
    """Return the tables of ``network`` that no checkpoint holds, for one that was built without numbers."""
    tables = {}
    for name, buffer in network.named_buffers():
        if name.endswith("positions"):
            tables[name] = sinusoidal_positions(buffer.shape[1], buffer.shape[2])
        else:
            tables[name] = sinusoidal_timestep(torch.arange(buffer.shape[0]), buffer.shape[1])
    return tables


def fill_computed_buffers(network: nn.Module) -> None:
    """Give ``network``, which was built without numbers, the tables that no checkpoint holds."""
    for name, table in computed_buffers(network).items():
        layer, _, attribute = name.rpartition(".")
        setattr(network.get_submodule(layer), attribute, table)


class TimeEmbedding(nn.Module):
    """Two linear layers on the timestep's sinusoids."""

    def __init__(self, in_channels: int, channels: int) -> None:
        super().__init__()
        self.linear_1 = nn.Linear(in_channels, channels)
        self.linear_2 = nn.Linear(channels, channels)

    def forward(self, features: Tensor) -> Tensor:
        """Map (batch, in_channels) to (batch, channels)."""
        return self.linear_2(F.silu(self.linear_1(features)))  # type: ignore[no-any-return]


class Level(nn.Module):
    """The layers of one resolution: each resnet is followed by a spatial transformer and a motion module.

    ``attentions`` is empty on levels without text, ``motion_modules`` in a text-to-image UNet.
    """

    def __init__(self, resnet_channels: list[tuple[int, int]], config: UNetConfig, *, attention: bool) -> None:
        super().__init__()
        outs = [out for _, out in resnet_channels]
        time_channels = config.block_out_channels[0] * 4
        self.resnets = nn.ModuleList([Resnet(a, b, time_channels, config) for a, b in resnet_channels])
        self.attentions = nn.ModuleList([SpatialTransformer(c, config) for c in outs if attention])
        self.motion_modules = nn.ModuleList([MotionModule(c, config) for c in outs if config.temporal])

    def layer(self, index: int, hidden: Tensor, time_embedding: Tensor, text: Tensor, frames: int) -> Tensor:
        """Run resnet, spatial transformer and motion module number ``index``."""
        hidden = self.resnets[index](hidden, time_embedding, frames)
        if self.attentions:
            hidden = self.attentions[index](hidden, text, frames)
        if self.motion_modules:
            hidden = self.motion_modules[index](hidden, frames)
        return hidden


class DownLevel(Level):
    """A level of the encoder; every layer's output is kept for the decoder."""

    def __init__(self, in_channels: int, channels: int, config: UNetConfig, *, attention: bool, last: bool) -> None:
        widths = [in_channels] + [channels] * config.layers_per_block
        super().__init__(list(pairwise(widths)), config, attention=attention)
        self.downsamplers = nn.ModuleList([] if last else [Downsample(channels)])

    def forward(self, hidden: Tensor, time_embedding: Tensor, text: Tensor, frames: int) -> list[Tensor]:
        """Return the outputs of all layers, finest first; the last one goes on to the next level."""
        outputs = []
        for index in range(len(self.resnets)):
            hidden = self.layer(index, hidden, time_embedding, text, frames)
            outputs.append(hidden)
        outputs.extend(downsample(hidden) for downsample in self.downsamplers)
        return outputs


class UpLevel(Level):
    """A level of the decoder; each resnet reads one kept encoder output beside its input."""

    def __init__(
        self,
        in_channels: int,
        channels: int,
        skips: list[int],
        config: UNetConfig,
        *,
        attention: bool,
        last: bool,
    ) -> None:
        inputs = [in_channels] + [channels] * (len(skips) - 1)
        pairs = [(width + skip, channels) for width, skip in zip(inputs, skips, strict=True)]
        super().__init__(pairs, config, attention=attention)
        self.upsamplers = nn.ModuleList([] if last else [Upsample(channels)])

    def forward(self, hidden: Tensor, skips: list[Tensor], time_embedding: Tensor, text: Tensor, frames: int) -> Tensor:
        """Consume ``skips`` from its end; the one left last gives the size of the next level."""
        for index in range(len(self.resnets)):
            hidden = torch.cat([hidden, skips.pop()], dim=1)
            hidden = self.layer(index, hidden, time_embedding, text, frames)
        for upsample in self.upsamplers:
            hidden = upsample(hidden, like=skips[-1])
        return hidden


class MidLevel(nn.Module):
    """Resnet, spatial transformer, resnet; PIA puts no motion module here."""

    def __init__(self, channels: int, config: UNetConfig) -> None:
        super().__init__()
        time_channels = config.block_out_channels[0] * 4
        self.resnets = nn.ModuleList([Resnet(channels, channels, time_channels, config) for _ in range(2)])
        self.attentions = nn.ModuleList([SpatialTransformer(channels, config)])

    def forward(self, hidden: Tensor, time_embedding: Tensor, text: Tensor, frames: int) -> Tensor:
        """Map ``hidden`` (batch·frames, channels, height, width) at the coarsest resolution."""
        hidden = self.resnets[0](hidden, time_embedding, frames)
        hidden = self.attentions[0](hidden, text, frames)
        return self.resnets[1](hidden, time_embedding, frames)  # type: ignore[no-any-return]


class UNet(nn.Module):
    """Predicts the noise (or velocity) of a clip's latents, given text, a condition image and an affinity."""

    def __init__(self, config: UNetConfig) -> None:
        super().__init__()
        self.config = config
        widths = config.block_out_channels
        first, deepest = widths[0], len(widths) - 1
        self.conv_in = nn.Conv2d(config.latent_channels, first, 3, padding=1)
        # A table, since in bfloat16 neither a timestep of 999 nor the sine of it can be computed: 40 dB instead of 51.
        features = sinusoidal_timestep(torch.arange(config.num_train_timesteps), first)
        self.register_buffer("timestep_features", features, persistent=False)
        self.timestep_features: Tensor
        self.time_embedding = TimeEmbedding(first, first * 4)
        skips = [first]
        self.down_blocks = nn.ModuleList()
        for i, (before, width) in enumerate(pairwise([first, *widths])):
            attention, last = config.cross_attention[i], i == deepest
            self.down_blocks.append(DownLevel(before, width, config, attention=attention, last=last))
            skips += [width] * (config.layers_per_block + (not last))
        self.mid_block = MidLevel(widths[-1], config)
        self.up_blocks = nn.ModuleList()
        before = widths[-1]
        for i in reversed(range(len(widths))):
            kept = [skips.pop() for _ in range(config.layers_per_block + 1)]
            attention, last = config.cross_attention[i], i == 0
            self.up_blocks.append(UpLevel(before, widths[i], kept, config, attention=attention, last=last))
            before = widths[i]
        pooled = config.norm_mode is NormMode.PIA
        self.conv_norm_out = FrameGroupNorm(config.norm_groups, first, eps=1e-5, pooled=pooled)
        self.conv_out = nn.Conv2d(first, config.latent_channels, 3, padding=1)

    def forward(
        self,
        latents: Tensor,
        timestep: Tensor,
        encoder_hidden_states: Tensor,
        affinity: Tensor,
        appearance: Tensor,
        gain: Tensor,
    ) -> Tensor:
        """Return ``noise_pred`` (batch, channels, frames, height, width).

        Args:
            latents: noisy latents (batch, channels, frames, height, width).
            timestep: int64 (batch,) or (1,), 0 … 999.
            encoder_hidden_states: text (batch, 77, cross_attention_dim).
            affinity: similarity of each frame to the condition image, 1 … 0, (batch or 1, frames). With several planes
                of gain, what each of them is multiplied with, (gains, frames).
            appearance: plane of the condition module, (batch or 1, block_out_channels[0], height, width).
            gain: plane of the condition module, (1, block_out_channels[0], height, width); further ones are added to
                it, as a second picture's difference from ``appearance`` is, (gains, …).
        """
        frames = latents.shape[2]
        hidden = self.conv_in(latents.transpose(1, 2).flatten(0, 1))
        gained = affinity[:, :, None, None, None] * gain[:, None]
        # Rows of the affinity are those of a batch with one plane of gain, and those of the planes with several.
        condition = appearance[:, None] + (gained if gain.shape[0] == 1 else gained.sum(dim=0, keepdim=True))
        hidden = (hidden.unflatten(0, (-1, frames)) + condition).flatten(0, 1)
        time_embedding = self.time_embedding(self.timestep_features[timestep].to(hidden.dtype))
        skips = [hidden]
        for level in self.down_blocks:
            skips += level(skips[-1], time_embedding, encoder_hidden_states, frames)
        hidden = self.mid_block(skips[-1], time_embedding, encoder_hidden_states, frames)
        for level in self.up_blocks:
            hidden = level(hidden, skips, time_embedding, encoder_hidden_states, frames)
        hidden = self.conv_out(F.silu(self.conv_norm_out(hidden, frames)))
        return hidden.unflatten(0, (-1, frames)).transpose(1, 2)  # type: ignore[no-any-return]
