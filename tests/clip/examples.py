"""Clips and recipes that the tests write, and decoders that are not ours."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from pia_edge.clip import Recipe, sha256_of_pixels
from pia_edge.request import Fit, Level, Motion

FRAMES = np.random.default_rng(3).integers(0, 256, (3, 16, 24, 3), dtype=np.uint8)


def moving_scene(num_frames: int = 8, height: int = 64, width: int = 80) -> npt.NDArray[np.uint8]:
    """A gradient that stands still behind a bright disc that moves: thousands of colours, little noise."""
    y, x = np.mgrid[:height, :width]
    still = np.stack([x * 255 / width, y * 255 / height, 255 - x * 128 / width], axis=-1)
    frames = np.repeat(still[None], num_frames, axis=0)
    for index in range(num_frames):
        frames[index, (x - 12 - 4 * index) ** 2 + (y - 30) ** 2 < 64] = (250, 240, 60)
    return frames.astype(np.uint8)


def few_colours(num_frames: int) -> npt.NDArray[np.uint8]:
    """Frames of 255 colours in all, which every format but MP4 holds exactly."""
    colours = np.random.default_rng(5).choice(256**3, 255, replace=False, shuffle=False)
    indices = np.random.default_rng(6).integers(0, 255, (num_frames, 31, 47))
    return np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=-1).astype(np.uint8)[indices]


def read_frames(path: Path) -> tuple[npt.NDArray[np.uint8], list[float], dict[Any, Any]]:
    frames, delays = [], []
    with Image.open(path) as image:
        for index in range(getattr(image, "n_frames", 1)):
            image.seek(index)
            frames.append(np.asarray(image.convert("RGB")))
            delays.append(float(image.info.get("duration", 0)))
        return np.stack(frames), delays, dict(image.info)


def psnr(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> float:
    error = float(np.mean((one.astype(float) - other) ** 2))
    return float(10 * np.log10(255**2 / max(error, 1e-9)))


def halved_colours(frames: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The best that 4:2:0 can hold: full brightness, each colour plane averaged over 2x2 pixels."""
    held = []
    for frame in frames:
        luma, *chroma = Image.fromarray(frame).convert("YCbCr").split()
        half = ((luma.width + 1) // 2, (luma.height + 1) // 2)
        planes = [plane.resize(half, Image.Resampling.BOX).resize(luma.size) for plane in chroma]
        held.append(np.asarray(Image.merge("YCbCr", (luma, *planes)).convert("RGB")))
    return np.stack(held)


def make_recipe(**changes: Any) -> Recipe:
    values: dict[str, Any] = {
        "prompt": "a bear",
        "negative_prompt": "blurred",
        "seed": 2**63 - 1,
        "motion": Motion(level=Level.LARGE, loop=True),
        "affinity": (1.0, 0.1 + 0.2, 0.7),
        "num_frames": 3,
        "width": 24,
        "height": 16,
        "fit": Fit.CROP,
        "num_inference_steps": 25,
        "guidance_scale": 7.5,
        "fps": 8.0,
        "scheduler": "ddim",
        "bundle_name": "sample",
        "bundle_sha256": "ab" * 32,
        "backend": "cpu",
        "device": "Intel(R) Core(TM)",
        "precision": "fp32",
        "frames_sha256": sha256_of_pixels(FRAMES),
        "versions": {"pia-edge": "0.1.0"},
    }
    return Recipe(**(values | changes))
