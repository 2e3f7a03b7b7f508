"""The store of training pictures with captions: scenes, photographs, views, drawn things and collages of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .ahead import made_ahead
from .canvas import Canvas, fractal_noise
from .cutouts import Cutout, paste
from .panoramas import PLACES, view
from .photographs import photograph_crop, tinted
from .scenes import render_scene
from .sources import Sources

CANVAS_SIZE = 192
PHOTOGRAPH_SHARE, PANORAMA_SHARE, CUTOUT_SHARE = 0.3, 0.25, 0.45
"""The first two are of all pictures, the rest is rendered; the third is of those with drawn things added."""
COLLAGE_SHARE = 0.08


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """Canvases larger than a frame, so that a pan brings in real content."""

    canvases: Tensor
    """uint8 RGB (pictures, 3, CANVAS_SIZE, CANVAS_SIZE)."""
    captions: list[str]
    provenance: dict[str, str]
    """Source -> licence; empty when everything was rendered."""


def _collage(generator: np.random.Generator, first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return ``second`` seen through soft-edged patches of ``first``: new outlines from known textures."""
    noise = fractal_noise(generator, first.shape[0], 3.0)[..., None]
    weight = np.clip((noise - generator.uniform(-0.8, 0.8)) * generator.uniform(2, 12) + 0.5, 0, 1)
    mixed: NDArray[np.uint8] = (first * weight + second * (1 - weight)).astype(np.uint8)
    return mixed


@dataclass(frozen=True, kw_only=True)
class _Painter:
    """Renders one picture by its index, before others are mixed in."""

    seed: int
    sources: Sources

    def __call__(self, index: int) -> tuple[NDArray[np.uint8], str, np.random.Generator]:
        generator = np.random.default_rng((self.seed, index))
        canvas, caption = _picture(generator, self.sources)
        if self.sources.cutouts and generator.random() < CUTOUT_SHARE:
            canvas, caption = _peopled(generator, canvas, caption, self.sources.cutouts)
        return canvas, caption, generator


def render_pictures(seed: int, count: int, sources: Sources, processes: int = 0) -> Pictures:
    """Return ``count`` pictures; the same seed and the same sources give the same pictures.

    Args:
        seed: of all of them.
        count: how many.
        sources: what they are made from.
        processes: how many render at once beside this one; 0 renders here.
    """
    canvases = np.empty((count, CANVAS_SIZE, CANVAS_SIZE, 3), np.uint8)
    captions: list[str] = []
    painter = _Painter(seed=seed, sources=sources)
    asked = ((index,) for index in range(count))
    painted = made_ahead(painter, asked, processes) if processes else starmap(painter, asked)
    for index, (canvas, caption, generator) in enumerate(painted):
        canvases[index] = canvas
        captions.append(caption)
        if index and generator.random() < COLLAGE_SHARE:
            other = int(generator.integers(0, index))
            canvases[index] = _collage(generator, canvas, canvases[other])
            captions[index] = f"{caption} and {captions[other]}"
    pixels = torch.from_numpy(canvases).permute(0, 3, 1, 2).contiguous()
    return Pictures(canvases=pixels, captions=captions, provenance=sources.provenance)


def _picture(generator: np.random.Generator, sources: Sources) -> tuple[NDArray[np.uint8], str]:
    draw = generator.random()
    if sources.photographs and draw < PHOTOGRAPH_SHARE:
        return photograph_crop(generator, sources.photographs, CANVAS_SIZE)
    if sources.panoramas and draw < PHOTOGRAPH_SHARE + PANORAMA_SHARE:
        name = str(generator.choice(list(sources.panoramas)))
        seen = tinted(generator, view(generator, sources.panoramas[name], CANVAS_SIZE))
        return (seen * 255 + 0.5).astype(np.uint8), f"a photograph of {PLACES[name]}"
    return render_scene(generator, CANVAS_SIZE)


def _peopled(
    generator: np.random.Generator, picture: NDArray[np.uint8], caption: str, cutouts: list[Cutout]
) -> tuple[NDArray[np.uint8], str]:
    """Return ``picture`` with one or two drawn things in it."""
    canvas = Canvas(generator, CANVAS_SIZE)
    canvas.rgb[:] = picture / np.float32(255)
    nouns = list(dict.fromkeys(cutout.noun for cutout in cutouts))
    # Rare things are drawn as often as those of which there are many pictures.
    chosen = [str(generator.choice(nouns)) for _ in range(int(generator.integers(1, 3)))]
    for noun in chosen:
        several = [cutout for cutout in cutouts if cutout.noun == noun]
        paste(canvas, several[int(generator.integers(0, len(several)))])
    pixels = (np.clip(canvas.rgb, 0, 1) * 255 + 0.5).astype(np.uint8)
    return pixels, " and ".join([*reversed(chosen), caption])


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
