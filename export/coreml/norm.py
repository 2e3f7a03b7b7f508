"""GroupNorm written so that float16 can carry it: statistics apart from the activations.

A mean of squares over a whole clip overflows float16 (65504) or loses its bits, and Core ML decomposes GroupNorm into
plain operations that are all float16. Here every activation meets one multiplication and one addition by small
tensors; what is computed on the way to those tensors is marked by ``precision.py`` to stay float32.
"""

from torch import Tensor, nn

from pia_edge.nn.norm import FrameGroupNorm


class ScaleShiftGroupNorm(nn.Module):
    """:class:`~pia_edge.nn.norm.FrameGroupNorm` as ``hidden · scale + shift``, under the same weight names."""

    def __init__(self, norm: FrameGroupNorm) -> None:
        super().__init__()
        self.groups, self.eps, self.pooled = norm.groups, norm.eps, norm.pooled
        self.weight, self.bias = norm.weight, norm.bias

    def forward(self, hidden: Tensor, frames: int) -> Tensor:
        """Normalise ``hidden`` (frames, channels, height, width), one clip."""
        _, channels, height, width = hidden.shape
        size = channels // self.groups
        rows = hidden.reshape(frames, self.groups, size, height * width)
        mean = self._mean(rows)
        # Centring first keeps the bits of a small spread beside a large mean.
        variance = self._mean((rows - mean).square())
        scale = (variance + self.eps).rsqrt() * self.weight.reshape(1, self.groups, size, 1)
        shift = self.bias.reshape(1, self.groups, size, 1) - mean * scale
        return hidden * scale.reshape(-1, channels, 1, 1) + shift.reshape(-1, channels, 1, 1)

    def _mean(self, rows: Tensor) -> Tensor:
        # Counts are equal, so the mean of means is the mean. In three steps no sum has more than a few thousand terms.
        mean = rows.mean(dim=3, keepdim=True).mean(dim=2, keepdim=True)
        return mean.mean(dim=0, keepdim=True) if self.pooled else mean


def use_scale_and_shift(network: nn.Module) -> None:
    """Replace every :class:`~pia_edge.nn.norm.FrameGroupNorm` of ``network`` in place; its weights are shared."""
    for name, layer in list(network.named_modules()):
        if isinstance(layer, FrameGroupNorm):
            parent, _, attribute = name.rpartition(".")
            setattr(network.get_submodule(parent), attribute, ScaleShiftGroupNorm(layer))
