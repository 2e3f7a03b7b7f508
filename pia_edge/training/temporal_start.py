"""How the motion modules start: half of the heads look at their own frame and its neighbours."""

from __future__ import annotations

import torch
from torch import nn

from pia_edge.nn.attention import Attention
from pia_edge.nn.temporal import TemporalBlock

OWN_FRAME_SHARE = 0.5
SHARPNESS = 1.5


@torch.no_grad()
def prefer_own_frame(network: nn.Module, seed: int) -> None:
    """Give the first half of all temporal heads one shared projection for query and key.

    With ordinary starting weights temporal attention is almost uniform, every frame gets the same mean, and
    hundreds of steps pass before frames differ at all. Equal projections make a frame's product with itself the
    largest, and the sinusoidal positions make it fall with distance.
    """
    generator = torch.Generator().manual_seed(seed)
    for module in network.modules():
        if isinstance(module, TemporalBlock):
            for attention in (module.attn1, module.attn2):
                _share_projection(attention, generator)


def _share_projection(attention: Attention, generator: torch.Generator) -> None:
    channels = attention.to_q.weight.shape[1]
    size = channels // attention.heads
    for head in range(int(attention.heads * OWN_FRAME_SHARE)):
        square = torch.randn(channels, size, generator=generator)
        rows = torch.linalg.qr(square).Q.T * SHARPNESS * (16 / size) ** 0.25
        for projection in (attention.to_q, attention.to_k):
            projection.weight[head * size : (head + 1) * size] = rows
