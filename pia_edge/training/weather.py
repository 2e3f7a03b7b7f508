"""Rain, snow and mist that come over a clip."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from .captions import MotionKind
from .course import Course

WEATHER = (MotionKind.RAIN, MotionKind.SNOW, MotionKind.MIST)
_TILE = 256
_ONSET = 5.0
"""The whole weather is there after a fifth of its course; the first frame is the picture."""


def apply_weather(kind: MotionKind, amplitude: float, seed: int, frames: Tensor, course: Course) -> Tensor:
    """Return ``frames`` (frames, 3, height, width) in [0, 1] in the weather that ``kind`` names.

    Args:
        kind: one of ``WEATHER``.
        amplitude: 0 (none) … 1 (a storm).
        seed: which drops, flakes or clouds.
        frames: the clip without weather.
        course: of these frames.
    """
    generator = torch.Generator().manual_seed(seed)
    strength = (amplitude * (course.gone * _ONSET).clamp(0, 1))[:, None, None, None].to(frames.device)
    time, size = course.time.cpu(), (frames.shape[2], frames.shape[3])
    if kind is MotionKind.MIST:
        veil = _mist(time, size, generator).to(frames.device)
        return frames + (0.85 * strength * veil) * (0.82 - frames)
    near, far = (_layer(kind, depth, time, size, generator).to(frames.device) for depth in (1.0, 0.6))
    falling = (near + 0.7 * far).clamp(0, 1)
    if kind is MotionKind.RAIN:
        grey = frames.mean(1, keepdim=True)
        dull = frames + 0.35 * strength * (0.8 * grey - frames)
        return (dull + 0.55 * strength * falling * (0.95 - dull)).clamp(0, 1)
    return frames + strength * falling * (0.97 - frames)


def _layer(kind: MotionKind, depth: float, time: Tensor, size: tuple[int, int], generator: torch.Generator) -> Tensor:
    """Return drops or flakes (frames, 1, height, width) in [0, 1]; far ones are smaller and slower."""
    rain = kind is MotionKind.RAIN
    seeds = (torch.rand(1, 1, _TILE, _TILE, generator=generator) > (0.9965 if rain else 0.996)).float()
    if rain:
        length = int(15 * depth) | 1
        kernel = torch.zeros(1, 1, length, length)
        rows = torch.arange(length)
        kernel[0, 0, rows, (rows.flip(0) * 0.25).long()] = 1
    else:
        line = torch.exp(-0.5 * (torch.arange(-3, 4) / (1.3 * depth)).square())
        kernel = (line[:, None] * line[None, :])[None, None]
    pad = kernel.shape[-1] // 2
    tile = F.conv2d(F.pad(seeds, (pad,) * 4, mode="circular"), kernel).clamp(0, 1)[0, 0]
    fall = (700.0 if rain else 90.0) * depth * time
    drift = -0.25 * fall if rain else 7 * depth * torch.sin(6.3 * time + 6.3 * torch.rand(1, generator=generator))
    rows = (torch.arange(size[0])[None] - fall.round()[:, None]).long() % _TILE
    columns = (torch.arange(size[1])[None] - drift.round()[:, None]).long() % _TILE
    return tile[rows[:, :, None], columns[:, None, :]][:, None]


def _mist(time: Tensor, size: tuple[int, int], generator: torch.Generator) -> Tensor:
    """Return a veil (frames, 1, height, width) in [0, 1] that drifts."""
    veil = torch.zeros(1, 1, _TILE, _TILE)
    for cells, weight in ((4, 1.0), (8, 0.5), (16, 0.25)):
        coarse = F.pad(torch.rand(1, 1, cells, cells, generator=generator), (1,) * 4, mode="circular")
        fine = F.interpolate(coarse, scale_factor=_TILE // cells, mode="bicubic")
        edge = _TILE // cells
        veil += weight * fine[..., edge:-edge, edge:-edge]
    veil = ((veil - veil.mean()) / veil.std() * 0.22 + 0.6).clamp(0, 1)[0, 0]
    shift = 45 * time + _TILE * torch.rand(1, generator=generator)
    rows = torch.arange(size[0])[None].expand(len(time), -1)
    columns = (torch.arange(size[1])[None] - shift.round()[:, None]).long() % _TILE
    return veil[rows[:, :, None], columns[:, None, :]][:, None]
