"""GroupNorm over the frames of a clip, pooled or per frame."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class FrameGroupNorm(nn.Module):
    """GroupNorm on frames laid out along the batch axis.

    ``pooled`` takes one mean and variance per clip and group, as ``nn.GroupNorm`` does on a
    (batch, channels, frames, height, width) tensor; otherwise one per frame and group.
    """

    def __init__(self, groups: int, channels: int, *, eps: float, pooled: bool) -> None:
        super().__init__()
        self.groups = groups
        self.eps = eps
        self.pooled = pooled
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, hidden: Tensor, frames: int) -> Tensor:
        """Normalise ``hidden`` (batch·frames, channels, height, width)."""
        if not self.pooled:
            return F.group_norm(hidden, self.groups, self.weight, self.bias, self.eps)
        if torch.jit.is_tracing() or torch.compiler.is_exporting():  # type: ignore[attr-defined, no-untyped-call]
            return self._in_place(hidden, frames)
        clip = hidden.unflatten(0, (-1, frames)).transpose(1, 2)
        clip = F.group_norm(clip, self.groups, self.weight, self.bias, self.eps)
        return clip.transpose(1, 2).flatten(0, 1)

    def _in_place(self, hidden: Tensor, frames: int) -> Tensor:
        """Normalise without moving a frame: runtimes choose layouts of their own, and this keeps them.

        Each channel's statistics are combined. Their counts are equal, so that the mean of variances plus the variance
        of means is exact.
        """
        channels = hidden.shape[1]
        shape = (-1, frames, self.groups, channels // self.groups)
        variances, means = torch.var_mean(hidden.float(), dim=(2, 3), correction=0, keepdim=True)
        variances, means = variances.reshape(shape), means.reshape(shape)
        mean = means.mean(dim=(1, 3), keepdim=True)
        variance = (variances + (means - mean).square()).mean(dim=(1, 3), keepdim=True)
        scale = torch.rsqrt(variance + self.eps) * self.weight.reshape(1, 1, *shape[2:])
        shift = self.bias.reshape(1, 1, *shape[2:]) - mean * scale
        scale, shift = (
            each.expand(-1, frames, -1, -1).reshape(-1, channels, 1, 1).to(hidden.dtype) for each in (scale, shift)
        )
        return torch.addcmul(shift, hidden, scale)
