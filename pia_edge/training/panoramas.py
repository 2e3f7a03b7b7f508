"""Photographed surroundings from Poly Haven (CC0), and pictures taken in them with a camera that looks anywhere."""

from __future__ import annotations

import base64
import math
import tempfile
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

LICENCE = "CC0 (Poly Haven, from the npm package @pmndrs/assets 1.7.0)"
# Name of the panorama -> what it shows.
PLACES: dict[str, str] = {
    "apartment": "a living room with a window",
    "bridge": "a bridge over a river",
    "city": "a street in a city",
    "dawn": "a field at dawn",
    "esplanade": "a park with buildings",
    "forest": "a forest path between trees",
    "hall": "a large hall",
    "lab": "a bright room",
    "lobby": "the lobby of a house",
    "night": "a square at night with lights",
    "park": "a park with trees",
    "sky": "clouds in the sky",
    "studio": "a studio with lamps",
    "sunrise": "the coast at sunrise",
    "sunset": "a landscape at sunset",
    "venice": "houses and a canal",
    "warehouse": "an empty warehouse",
    "workshop": "a workshop full of things",
}


def read_panoramas(folder: Path) -> dict[str, NDArray[np.uint8]]:
    """Return the panoramas in ``folder`` (``NAME.exr.js``), RGB (256, 512, 3): all directions, north pole first.

    Raises:
        OSError: a file is missing.
    """
    return {name: _developed(_read(folder / f"{name}.exr.js")) for name in PLACES}


def _read(path: Path) -> NDArray[np.float32]:
    """Return linear light of a file that wraps OpenEXR in a script: ``export default 'data:…;base64,…'``."""
    import OpenEXR

    encoded = path.read_text(encoding="ascii").split("base64,", 1)[1].rstrip("';\n ")
    with tempfile.NamedTemporaryFile(suffix=".exr") as file:
        file.write(base64.b64decode(encoded + "=" * (-len(encoded) % 4)))
        file.flush()
        channels = OpenEXR.File(file.name).channels()
        pixels = channels["RGB"].pixels if "RGB" in channels else np.stack([channels[c].pixels for c in "RGB"], -1)
    return np.asarray(pixels, np.float32)


def _developed(light: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return light as a camera would show it: exposed for the middle, the brightest rolled off, sRGB's gamma."""
    light = np.nan_to_num(np.clip(light, 0, None), posinf=1e4)
    exposed = light * (0.35 / max(float(np.median(light.mean(-1))), 1e-4)) ** 0.7
    rolled = exposed * (1 + exposed / 9) / (1 + exposed)
    developed: NDArray[np.uint8] = (np.clip(rolled ** (1 / 2.2), 0, 1) * 255 + 0.5).astype(np.uint8)
    return developed


def view(generator: np.random.Generator, panorama: NDArray[np.uint8], size: int) -> NDArray[np.float32]:
    """Return what a camera sees that looks anywhere but far up or down, RGB (size, size, 3) in [0, 1]."""
    heading, pitch = generator.uniform(0, 2 * math.pi), generator.normal(0.05, 0.18)
    half = math.tan(math.radians(generator.uniform(50, 95)) / 2)
    line = np.linspace(-half, half, size, dtype=np.float32)
    x, y = np.meshgrid(line, -line)
    # Looking along z, turned by the pitch about x, then by the heading about y.
    up = y * math.cos(pitch) + math.sin(pitch)
    ahead = math.cos(pitch) - y * math.sin(pitch)
    longitude = np.arctan2(x, ahead) + heading
    latitude = np.arctan2(up, np.hypot(x, ahead))
    # Wrapped once on either side, so that no view ends at the seam.
    wrapped = torch.from_numpy(np.concatenate([panorama] * 3, axis=1)).permute(2, 0, 1)[None].float() / 255
    places = np.stack([(longitude / (2 * math.pi) % 1 + 1) / 1.5 - 1, -2 * latitude / math.pi], axis=-1)
    grid = torch.from_numpy(places.astype(np.float32))[None]
    seen = F.grid_sample(wrapped, grid, mode="bilinear", padding_mode="border", align_corners=False)
    return seen[0].permute(1, 2, 0).numpy()
