"""Looks that a base can be given: every training picture redrawn in one style."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

import torch
import torch.nn.functional as F
from torch import Tensor

from .pictures import Pictures

_LIGHT = (0.299, 0.587, 0.114)
_PAPER, _INK = (0.96, 0.94, 0.88), (0.12, 0.11, 0.16)
_NIGHT = ((0.02, 0.03, 0.09), (0.07, 0.1, 0.28), (0.24, 0.2, 0.46), (0.9, 0.62, 0.36), (1.0, 0.93, 0.72))
"""From dark to light: sky, shadow, dusk, lamp, moon."""
_AT_ONCE = 64


class Style(StrEnum):
    """A look, and the words that captions get with it."""

    LINE_ART = "line_art"
    NIGHT_PALETTE = "night_palette"

    @property
    def words(self) -> str:
        """What a picture in this style is called."""
        return {"line_art": "line art drawing", "night_palette": "night palette"}[self.value]


def redrawn(canvases: Tensor, style: Style, device: str = "cpu") -> Tensor:
    """Return uint8 RGB (pictures, 3, height, width) in ``style``; they are redrawn on ``device``."""
    redraw = _line_art if style is Style.LINE_ART else _night_palette
    parts = [redraw(part.to(device).float() / 255) for part in canvases.split(_AT_ONCE)]
    return torch.cat([(part.clamp(0, 1) * 255 + 0.5).to(torch.uint8).cpu() for part in parts])


def styled(pictures: Pictures, style: Style, device: str = "cpu") -> Pictures:
    """Return all pictures in ``style``, their captions saying so; they are redrawn on ``device``."""
    captions = [f"{caption}, {style.words}" for caption in pictures.captions]
    return replace(pictures, canvases=redrawn(pictures.canvases, style, device), captions=captions)


def _row(values: tuple[float, ...], like: Tensor) -> Tensor:
    return torch.tensor(values, device=like.device)[None, :, None, None]


def _blurred(plane: Tensor, sigma: float) -> Tensor:
    reach = round(3 * sigma)
    line = torch.arange(-reach, reach + 1, dtype=torch.float32, device=plane.device)
    kernel = torch.exp(-(line**2) / (2 * sigma**2))
    kernel = kernel / kernel.sum()
    wide = F.pad(plane, (reach, reach, reach, reach), mode="reflect")
    return F.conv2d(F.conv2d(wide, kernel[None, None, None]), kernel[None, None, :, None])


def _line_art(pixels: Tensor) -> Tensor:
    """Return ink lines where the light changes, over a pale wash of the colours (batch, 3, height, width).

    The lines are an extended difference of Gaussians (Winnemoeller et al. 2012).
    """
    light = (pixels * _row(_LIGHT, pixels)).sum(1, keepdim=True)
    difference = _blurred(light, 0.9) - 0.98 * _blurred(light, 1.6)
    ink = 1 - (1 + torch.tanh(60 * (difference - 0.002))).clamp(max=1)
    wash = _row(_PAPER, pixels) * (0.75 + 0.25 * pixels)
    return wash * (1 - ink) + _row(_INK, pixels) * ink


def _night_palette(pixels: Tensor) -> Tensor:
    """Return the light as colours of the night, with a quarter of the picture's own (batch, 3, height, width)."""
    light = (pixels * _row(_LIGHT, pixels)).sum(1, keepdim=True)
    place = light.clamp(0, 1) * (len(_NIGHT) - 1)
    low = place.floor().clamp(max=len(_NIGHT) - 2)
    colours = torch.tensor(_NIGHT, device=pixels.device)
    at, after = (colours[index[:, 0].long()].permute(0, 3, 1, 2) for index in (low, low + 1))
    return at + (place - low) * (after - at) + 0.25 * (pixels - light)
