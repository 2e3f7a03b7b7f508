"""How the motion modules start."""

import torch

from pia_edge.nn.config import UNetConfig
from pia_edge.nn.temporal import TemporalBlock
from pia_edge.training.temporal_start import prefer_own_frame

CONFIG = UNetConfig(
    block_out_channels=(32, 64), cross_attention=(False, True), layers_per_block=1, num_heads=4, motion_heads=4,
    norm_groups=8,
)  # fmt: skip


@torch.no_grad()
def attention_of(block: TemporalBlock, tokens: torch.Tensor) -> torch.Tensor:
    """Return the mean attention (heads, frames, frames) of the block's first attention."""
    normed = block.norm1(tokens) + block.positions[:, : tokens.shape[1]]
    query, key = (
        projection(normed).unflatten(2, (block.attn1.heads, -1)).transpose(1, 2)
        for projection in (block.attn1.to_q, block.attn1.to_k)
    )
    scores: torch.Tensor = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
    return scores.softmax(-1).mean(0)


def test_half_of_the_heads_look_at_their_own_frame() -> None:
    torch.manual_seed(0)
    block = TemporalBlock(64, CONFIG)
    tokens = 0.8 * torch.randn(40, 1, 64) + 0.6 * torch.randn(40, 16, 64)
    before = attention_of(block, tokens).diagonal(dim1=1, dim2=2).mean(1)
    prefer_own_frame(block, seed=1)
    after = attention_of(block, tokens).diagonal(dim1=1, dim2=2).mean(1)
    assert float(before.max()) < 0.15
    assert float(after[:2].min()) > 0.3
    assert float(after[2:].max()) < 0.15


def test_the_seed_decides_the_start() -> None:
    blocks = []
    for seed in (1, 1, 2):
        torch.manual_seed(0)
        block = TemporalBlock(32, CONFIG)
        prefer_own_frame(block, seed)
        blocks.append(block.attn1.to_q.weight.detach())
    assert torch.equal(blocks[0], blocks[1])
    assert not torch.equal(blocks[0], blocks[2])
