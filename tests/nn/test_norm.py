"""The norm over frames equals nn.GroupNorm, as it is computed here and as runtimes are given it."""

import pytest
import torch
from torch import Tensor, nn

from pia_edge.nn.norm import FrameGroupNorm


class _OfFrames(nn.Module):
    """The norm with the clips' frames on an axis of their own, so that a graph knows their number."""

    def __init__(self, norm: FrameGroupNorm) -> None:
        super().__init__()
        self.norm = norm

    def forward(self, clips: Tensor) -> Tensor:
        """Normalise (batch, frames, channels, height, width)."""
        return self.norm(clips.flatten(0, 1), clips.shape[1]).unflatten(0, clips.shape[:2])  # type: ignore[no-any-return]


@pytest.fixture(params=[True, False], ids=["pooled", "each frame"])
def norm(request: pytest.FixtureRequest) -> FrameGroupNorm:
    """Weights far from one and zero."""
    norm = FrameGroupNorm(4, 24, eps=1e-5, pooled=request.param)
    nn.init.normal_(norm.weight)
    nn.init.normal_(norm.bias)
    return norm


def _clips() -> Tensor:
    """Clips whose channels and frames have unlike means, far from zero."""
    generator = torch.Generator().manual_seed(0)
    clips = torch.randn(2, 3, 24, 6, 10, generator=generator)
    return clips + 5 * torch.randn(2, 3, 24, 1, 1, generator=generator)


def _expected(norm: FrameGroupNorm, clips: Tensor) -> Tensor:
    theirs = nn.GroupNorm(4, 24, eps=1e-5)
    theirs.load_state_dict(norm.state_dict())
    if norm.pooled:
        return theirs(clips.transpose(1, 2)).transpose(1, 2)  # type: ignore[no-any-return]
    return torch.stack([theirs(frames) for frames in clips.unbind(1)], dim=1)


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_it_equals_group_norm_whatever_lies_where(norm: FrameGroupNorm, layout: torch.memory_format) -> None:
    """The layout in memory decides how fast it is, and nothing else."""
    clips = _clips()
    found = norm(clips.flatten(0, 1).contiguous(memory_format=layout), 3)
    torch.testing.assert_close(found.unflatten(0, (2, 3)), _expected(norm, clips), rtol=1e-5, atol=1e-5)


@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning", "ignore::DeprecationWarning")
def test_what_runtimes_are_given_computes_the_same(norm: FrameGroupNorm) -> None:
    """Tracing and torch.export write the norm in a form that keeps layouts."""
    clips = _clips()
    model = _OfFrames(norm).eval()
    for graph in (torch.jit.trace(model, clips), torch.export.export(model, (clips,)).module()):
        torch.testing.assert_close(graph(clips), _expected(norm, clips), rtol=1e-5, atol=1e-5)


def test_a_small_spread_around_a_large_mean_keeps_its_bits() -> None:
    """There variances taken in one pass would be lost."""
    norm = FrameGroupNorm(4, 24, eps=1e-5, pooled=True)
    clips = torch.randn(2, 3, 24, 6, 10, generator=torch.Generator().manual_seed(0)) * 0.1 + 50
    graph = torch.export.export(_OfFrames(norm), (clips,)).module()
    found = norm(clips.flatten(0, 1), 3).unflatten(0, (2, 3))
    expected = torch.nn.functional.group_norm(clips.double().transpose(1, 2), 4, eps=1e-5).transpose(1, 2)
    for each in (found, graph(clips)):
        assert (each - expected).abs().max() < 2e-3


def test_a_pooled_norm_is_given_to_runtimes_without_a_long_row(norm: FrameGroupNorm) -> None:
    """No picture is reshaped or turned: runtimes copy what is."""
    graph = torch.export.export(norm, (_clips().flatten(0, 1), 3)).graph
    moved = [
        node
        for node in graph.nodes
        if any(word in str(node.target) for word in ("transpose", "permute", "view", "reshape", "unflatten"))
        and node.meta["val"].numel() == _clips().numel()
    ]
    assert not moved
