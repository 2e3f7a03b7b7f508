"""Attention in its two forms, and the feed-forward layer that follows it."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pia_edge.nn.config import AttentionForm


def attend(query: Tensor, key: Tensor, value: Tensor, *, heads: int, form: AttentionForm) -> Tensor:
    """Return softmax(q kᵀ / √d) v over ``heads`` heads (arXiv:1706.03762, Eq. 1).

    Args:
        query: (batch, queries, channels).
        key: (batch, keys, channels).
        value: (batch, keys, channels).
        heads: how many equal parts the channels are split into.
        form: which operations the graph is made of.
    """
    if form is AttentionForm.SPLIT:
        return _attend_split(query, key, value, heads)
    query, key, value = (
        tokens.unflatten(2, (heads, tokens.shape[2] // heads)).transpose(1, 2) for tokens in (query, key, value)
    )
    return F.scaled_dot_product_attention(query, key, value).transpose(1, 2).flatten(2)


def _attend_split(query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
    # Channels sit on axis 1 and the sequence on the last, contiguous axis; no tensor holds all heads' scores.
    size = query.shape[2] // heads
    outputs = []
    for query_head, key_head, value_head in zip(
        query.split(size, dim=2), key.split(size, dim=2), value.split(size, dim=2), strict=True
    ):
        # Scaled before the product, whose float16 could overflow.
        q = query_head.transpose(1, 2).unsqueeze(2) * size**-0.5
        k = key_head.unsqueeze(2)
        v = value_head.transpose(1, 2).unsqueeze(2)
        scores = torch.einsum("bchq,bkhc->bkhq", q, k)
        outputs.append(torch.einsum("bkhq,bchk->bchq", scores.softmax(dim=1), v))
    return torch.cat(outputs, dim=1).squeeze(2).transpose(1, 2)


class Attention(nn.Module):
    """Multi-head attention with bias-less query, key and value, as in Stable Diffusion 1.5."""

    def __init__(self, channels: int, context_channels: int, heads: int, form: AttentionForm) -> None:
        super().__init__()
        self.heads = heads
        self.form = form
        self.to_q = nn.Linear(channels, channels, bias=False)
        self.to_k = nn.Linear(context_channels, channels, bias=False)
        self.to_v = nn.Linear(context_channels, channels, bias=False)
        # A list, because every published checkpoint calls the output layer `to_out.0`.
        self.to_out = nn.ModuleList([nn.Linear(channels, channels)])

    def forward(self, tokens: Tensor, context: Tensor | None = None) -> Tensor:
        """Attend from ``tokens`` (batch, queries, channels) to ``context`` (batch, keys, context_channels)."""
        context = tokens if context is None else context
        mixed = attend(self.to_q(tokens), self.to_k(context), self.to_v(context), heads=self.heads, form=self.form)
        return self.to_out[0](mixed)  # type: ignore[no-any-return]


class GEGLU(nn.Module):
    """Linear layer gated by GELU (arXiv:2002.05202)."""

    def __init__(self, channels: int, inner: int) -> None:
        super().__init__()
        self.proj = nn.Linear(channels, inner * 2)

    def forward(self, tokens: Tensor) -> Tensor:
        """Map ``tokens`` (batch, sequence, channels) to (batch, sequence, inner)."""
        values, gates = self.proj(tokens).chunk(2, dim=-1)
        return values * F.gelu(gates)  # type: ignore[no-any-return]


class FeedForward(nn.Module):
    """GEGLU to four times the channels and back."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        # The published names are `net.0` and `net.2`; `net.1` is a dropout that never acts at inference.
        self.net = nn.ModuleList([GEGLU(channels, 4 * channels), nn.Identity(), nn.Linear(4 * channels, channels)])

    def forward(self, tokens: Tensor) -> Tensor:
        """Map ``tokens`` (batch, sequence, channels) position by position."""
        return self.net[2](self.net[0](tokens))  # type: ignore[no-any-return]
