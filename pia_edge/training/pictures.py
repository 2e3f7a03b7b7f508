"""The store of training pictures: rendered scenes, photographs and collages of both, with captions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .canvas import fractal_noise
from .photographs import PHOTOGRAPHS, load_photographs, photograph_crop
from .scenes import render_scene

CANVAS_SIZE = 192


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """Canvases larger than a frame, so that a pan brings in real content."""

    canvases: Tensor
    """uint8 RGB (pictures, 3, CANVAS_SIZE, CANVAS_SIZE)."""
    captions: list[str]
    provenance: dict[str, str]
    """Photograph file -> licence, for those that were used; empty when everything was rendered."""


def _collage(generator: np.random.Generator, first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return ``second`` seen through soft-edged patches of ``first``: new outlines from known textures."""
    noise = fractal_noise(generator, first.shape[0], 3.0)[..., None]
    weight = np.clip((noise - generator.uniform(-0.8, 0.8)) * generator.uniform(2, 12) + 0.5, 0, 1)
    mixed: NDArray[np.uint8] = (first * weight + second * (1 - weight)).astype(np.uint8)
    return mixed


def render_pictures(seed: int, count: int, *, photograph_share: float = 0.45) -> Pictures:
    """Return ``count`` pictures; the same seed and the same photographs give the same pictures."""
    photographs = load_photographs()
    share = photograph_share if photographs else 0.0
    canvases = np.empty((count, CANVAS_SIZE, CANVAS_SIZE, 3), np.uint8)
    captions: list[str] = []
    for index in range(count):
        generator = np.random.default_rng((seed, index))
        if generator.random() < share:
            canvases[index], caption = photograph_crop(generator, photographs, CANVAS_SIZE)
        else:
            canvases[index], caption = render_scene(generator, CANVAS_SIZE)
        if index and generator.random() < 0.12:
            other = int(generator.integers(0, index))
            canvases[index] = _collage(generator, canvases[index], canvases[other])
            caption = f"{caption} and {captions[other]}"
        captions.append(caption)
    pixels = torch.from_numpy(canvases).permute(0, 3, 1, 2).contiguous()
    return Pictures(canvases=pixels, captions=captions, provenance={name: PHOTOGRAPHS[name][1] for name in photographs})


def save_pictures(pictures: Pictures, path: Path) -> None:
    """Write the store to ``path`` (tensor) and ``path``.json (captions and provenance)."""
    torch.save(pictures.canvases, path)
    text = json.dumps({"captions": pictures.captions, "provenance": pictures.provenance}, indent=1)
    path.with_suffix(".json").write_text(text, encoding="utf-8")


def load_pictures(path: Path) -> Pictures:
    """Return the store that ``save_pictures`` wrote."""
    described = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    canvases: Tensor = torch.load(path, weights_only=True)
    return Pictures(canvases=canvases, captions=described["captions"], provenance=described["provenance"])
