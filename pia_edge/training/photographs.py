"""Public-domain photographs that lie inside the scikit-image wheel, cut and recoloured for variety."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

# File -> (what it shows, its licence as scikit-image's documentation states it).
PHOTOGRAPHS: dict[str, tuple[str, str]] = {
    "astronaut.png": ("a woman in an orange space suit", "public domain (NASA)"),
    "brick.png": ("a brick wall", "CC0 (CC0Textures)"),
    "camera.png": ("a man with a camera in a field", "CC0 (Lav Varshney)"),
    "chelsea.png": ("the face of a cat", "CC0 (Stefan van der Walt)"),
    "clock_motion.png": ("a wall clock", "public domain (Stefan van der Walt)"),
    "coffee.png": ("a cup of coffee on a wooden table", "CC0 (Rachel Michetti)"),
    "coins.png": ("old coins", "no known copyright restrictions (Brooklyn Museum)"),
    "grass.png": ("grass", "CC0 (CC0Textures)"),
    "gravel.png": ("gravel", "CC0 (CC0Textures)"),
    "hubble_deep_field.jpg": ("galaxies and stars in space", "public domain (NASA)"),
    "ihc.png": ("cells under a microscope", "no known copyright restrictions"),
    "moon.png": ("the surface of the moon", "public domain (NASA)"),
    "retina.jpg": ("the inside of an eye", "CC0 (Wikimedia)"),
    "rocket.jpg": ("a rocket on a launch pad at dusk", "public domain (SpaceX)"),
}
# How often each is drawn: everyday colour pictures more, plain textures less.
WEIGHTS = {"astronaut.png": 4.0, "chelsea.png": 4.0, "coffee.png": 4.0, "rocket.jpg": 4.0, "camera.png": 3.0}


def load_photographs() -> dict[str, NDArray[np.uint8]]:
    """Return the photographs found, RGB (height, width, 3); empty without scikit-image and Pillow."""
    try:
        import skimage
        from PIL import Image
    except ImportError:
        return {}
    folder = Path(skimage.__file__).parent / "data"
    found: dict[str, NDArray[np.uint8]] = {}
    for name in PHOTOGRAPHS:
        if (folder / name).is_file():
            with Image.open(folder / name) as picture:
                found[name] = np.asarray(picture.convert("RGB"))
    return found


def tinted(generator: np.random.Generator, picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return ``picture`` (height, width, 3) in [0, 1] in other colours and another light."""
    grey = picture.mean(2, keepdims=True)
    if float(np.abs(picture - grey).max()) < 0.02:
        shadow, light = generator.uniform(0, 0.35, 3), generator.uniform(0.65, 1, 3)
        picture = (shadow + grey * (light - shadow)).astype(np.float32)
    mixing = np.eye(3) + generator.normal(0, 0.12, (3, 3))
    if generator.random() < 0.15:
        mixing = mixing[generator.permutation(3)]
    picture = picture @ mixing.astype(np.float32)
    gamma, contrast = np.exp(generator.normal(0, 0.3)), np.exp(generator.normal(0, 0.25))
    picture = np.clip(picture, 0, 1) ** gamma
    recoloured: NDArray[np.float32] = np.clip(
        (picture - 0.5) * contrast + 0.5 + generator.normal(0, 0.06), 0, 1
    ).astype(np.float32)
    return recoloured


def photograph_crop(
    generator: np.random.Generator, photographs: dict[str, NDArray[np.uint8]], size: int
) -> tuple[NDArray[np.uint8], str]:
    """Return a random part of a random photograph, recoloured, uint8 RGB (size, size, 3), and its caption."""
    names = list(photographs)
    weights = np.array([WEIGHTS.get(name, 1.0) for name in names])
    name = names[int(generator.choice(len(names), p=weights / weights.sum()))]
    picture = photographs[name]
    height, width, _ = picture.shape
    side = int(min(height, width) * generator.uniform(0.3, 1.0))
    top, left = int(generator.integers(0, height - side + 1)), int(generator.integers(0, width - side + 1))
    part = picture[top : top + side, left : left + side].astype(np.float32) / np.float32(255)
    if generator.random() < 0.5:
        part = part[:, ::-1]
    pixels = torch.from_numpy(tinted(generator, part)).permute(2, 0, 1)[None]
    resized = F.interpolate(pixels, (size, size), mode="bilinear", antialias=True, align_corners=False)
    whole = side > 0.6 * min(height, width)
    caption = f"a photograph of {PHOTOGRAPHS[name][0]}" if whole else f"a close photograph of {PHOTOGRAPHS[name][0]}"
    return (resized[0].permute(1, 2, 0).clamp(0, 1).numpy() * 255 + 0.5).astype(np.uint8), caption
