"""The layers that LoRAs change, their low-rank factors, and the change that those stand for."""

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Literal, TypeAlias

import torch
from torch import Tensor

from tests.standins.lazy import Shapes
from tests.standins.sizes import StandIn, text_shapes, unet_shapes

Part: TypeAlias = Literal["unet", "text_encoder"]


class Kind(Enum):
    """Groups of layers that trainers offer together; the value matches diffusers' names of the UNet."""

    ATTENTION = r"\.attn[12]\.to_(q|k|v|out\.0)$"
    FEED_FORWARD = r"\.ff\.net\.(0\.proj|2)$"
    PROJECTIONS = r"attentions\.\d\.proj_(in|out)$"
    CONVOLUTIONS = r"\.(conv1|conv2|conv_shortcut|downsamplers\.0\.conv|upsamplers\.0\.conv)$"
    TIME = r"(\.time_emb_proj|^time_embedding\.linear_[12])$"
    ENDS = r"^conv_(in|out)$"


TRANSFORMER = (Kind.ATTENTION, Kind.FEED_FORWARD, Kind.PROJECTIONS)
"""What kohya's LoRA trains by default."""

TEXT = r"\.(q_proj|k_proj|v_proj|out_proj|fc1|fc2)$"


@dataclass(frozen=True)
class Layer:
    """One weight of a network: its module's name in diffusers or transformers, and its shape."""

    part: Part
    name: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Factors:
    """``up @ down`` of one layer, with ``mid`` between them in the CP form."""

    layer: Layer
    down: Tensor
    up: Tensor
    alpha: float | None
    mid: Tensor | None = None

    @property
    def rank(self) -> int:
        return self.down.shape[0]

    def delta(self) -> Tensor:
        """Return the change of the weight at strength 1: alpha / rank, or 1 where no alpha is stored."""
        scale = 1.0 if self.alpha is None else self.alpha / self.rank
        up, down = self.up.double().flatten(1), self.down.double().flatten(1)
        product = up @ down if self.mid is None else torch.einsum("or,rshw,si->oihw", up, self.mid.double(), down)
        return (scale * product).reshape(self.layer.shape).float()


@dataclass(frozen=True)
class Lora:
    """A written LoRA and what it should do."""

    path: Path
    factors: tuple[Factors, ...]

    def deltas(self, part: Part = "unet") -> dict[str, Tensor]:
        """Return the change of every weight of ``part`` at strength 1, by diffusers' or transformers' name."""
        return {f"{each.layer.name}.weight": each.delta() for each in self.factors if each.layer.part == part}


def unet_layers(size: StandIn, kinds: Iterable[Kind] = TRANSFORMER) -> list[Layer]:
    pattern = "|".join(kind.value for kind in kinds)
    return _matching("unet", unet_shapes(size), pattern)


def text_layers(size: StandIn) -> list[Layer]:
    return _matching("text_encoder", text_shapes(size), TEXT)


def draw_factors(
    layers: Iterable[Layer],
    *,
    rank: int | None = None,
    alpha: float | Literal["varied"] | None = "varied",
    mid: bool = False,
    dtype: torch.dtype = torch.float16,
    seed: int = 0,
) -> tuple[Factors, ...]:
    """Draw both factors of every layer.

    Args:
        rank: the same for all; ``None`` for 2, 3 or 4 in turn.
        alpha: the same for all; ``varied`` for rank, half of it and 1 in turn; ``None`` where none is stored.
        mid: the CP form for convolutions larger than 1x1.
    """
    drawn = []
    for index, layer in enumerate(layers):
        size = rank or 2 + index % 3
        strength = (float(size), size / 2, 1.0)[index // 3 % 3] if alpha == "varied" else alpha
        drawn.append(_factors(layer, size, strength, mid, dtype, seed))
    return tuple(drawn)


def _factors(layer: Layer, rank: int, alpha: float | None, mid: bool, dtype: torch.dtype, seed: int) -> Factors:
    generator = torch.Generator().manual_seed(seed << 32 | zlib.crc32(layer.name.encode()))

    def normal(*shape: int) -> Tensor:
        fan_in = torch.Size(shape[1:]).numel()
        numbers: Tensor = torch.randn(shape, generator=generator) / float(fan_in) ** 0.5
        return numbers.to(dtype)

    out, inner, *kernel = layer.shape
    ones = [1] * len(kernel)
    up = normal(out, rank, *ones)
    if mid and kernel and kernel != ones:
        return Factors(layer, normal(rank, inner, *ones), up, alpha, normal(rank, rank, *kernel))
    return Factors(layer, normal(rank, inner, *kernel), up, alpha)


def _matching(part: Part, shapes: Shapes, pattern: str) -> list[Layer]:
    names = {name.removesuffix(".weight"): shape for name, shape in shapes.items() if name.endswith(".weight")}
    return [Layer(part, name, shape) for name, shape in names.items() if re.search(pattern, name)]
