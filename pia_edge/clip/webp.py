"""Clips as animated WebP: the small format for sharing."""

import io

import numpy as np
import numpy.typing as npt
from PIL import Image

from pia_edge.clip.embedded import to_xmp

# Lossy WebP halves the colour resolution (4:2:0), which no quality setting makes good: 28 dB at 64x64, 38 at 256x256,
# 42 at 512x512. Small frames are therefore lossless; large ones would be four times the size for nothing to see.
_MAX_LOSSLESS_PIXELS = 256 * 256
_LOSSLESS_EFFORT = 50
_LOSSY_QUALITY = 95


def encode_webp(frames: npt.NDArray[np.uint8], *, fps: float, text: str) -> bytes:
    """An endless WebP of `frames` uint8 (frames, height, width, 3) with `text` in its XMP.

    Frames up to 256x256 pixels are exact; larger ones are lossy at quality 95, within 1 dB of what 4:2:0 allows.
    Equal frames in a row are stored as one that is shown for as long.
    """
    lossless = frames.shape[1] * frames.shape[2] <= _MAX_LOSSLESS_PIXELS
    first, *others = [Image.fromarray(frame) for frame in np.ascontiguousarray(frames)]
    buffer = io.BytesIO()
    first.save(
        buffer,
        "WEBP",
        save_all=True,
        append_images=others,
        duration=1000 / fps,
        loop=0,
        lossless=lossless,
        quality=_LOSSLESS_EFFORT if lossless else _LOSSY_QUALITY,
        method=4,
        xmp=to_xmp(text) if text else b"",
    )
    return buffer.getvalue()
