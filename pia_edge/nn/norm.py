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
        _, channels, height, width = hidden.shape
        # Each frame's statistics are taken on contiguous memory and combined afterwards: the counts are
        # equal, so the mean of variances plus the variance of means is exact, and nothing is transposed.
        per_frame = hidden.float().reshape(-1, frames, self.groups, (channels // self.groups) * height * width)
        variances, means = torch.var_mean(per_frame, dim=3, correction=0)
        mean = means.mean(dim=1, keepdim=True)
        variance = variances.mean(dim=1, keepdim=True) + (means - mean).square().mean(dim=1, keepdim=True)
        inverse = torch.rsqrt(variance + self.eps).unsqueeze(3)
        scale = inverse * self.weight.reshape(1, 1, self.groups, channels // self.groups)
        shift = self.bias.reshape(1, 1, self.groups, channels // self.groups) - mean.unsqueeze(3) * scale
        scale = scale.reshape(-1, 1, channels, 1).to(hidden.dtype)
        shift = shift.reshape(-1, 1, channels, 1).to(hidden.dtype)
        clip = hidden.reshape(-1, frames, channels, height * width)
        return torch.addcmul(shift, clip, scale).reshape(hidden.shape)
