"""Clips as animated WebP: the small format for sharing."""

import io
import struct

import numpy as np
import numpy.typing as npt
from PIL import Image

from pia_edge.delays import frame_delays
from pia_edge.recipe import to_xmp

# Lossy WebP halves the colour resolution (4:2:0), which no quality setting makes good: 28 dB at 64x64, 38 at 256x256,
# 42 at 512x512. Small frames are therefore lossless; large ones would be four times the size for nothing to see.
_MAX_LOSSLESS_PIXELS = 256 * 256
_LOSSLESS = {"lossless": True, "quality": 50, "method": 4}
_LOSSY = {"lossless": False, "quality": 95, "method": 4}
_HAS_XMP, _HAS_ANIMATION = 0b0000_0100, 0b0000_0010
_NO_BLENDING = 0b0000_0010


def encode_webp(frames: npt.NDArray[np.uint8], *, fps: float, text: str) -> bytes:
    """An endless WebP of `frames` uint8 (frames, height, width, 3) with `text` in its XMP.

    Frames up to 256x256 pixels are exact; larger ones are lossy at quality 95, within 1 dB of what 4:2:0 allows.
    The container is written here because libwebp's animation encoder drops a frame that equals the one before.
    """
    num_frames, height, width, _ = frames.shape
    flags = _HAS_ANIMATION | (_HAS_XMP if text else 0)
    size = _three_bytes(width - 1) + _three_bytes(height - 1)
    chunks = [
        _chunk(b"VP8X", struct.pack("<I", flags) + size),
        _chunk(b"ANIM", b"\xff\xff\xff\xff" + struct.pack("<H", 0)),
    ]
    for frame, delay in zip(frames, frame_delays(num_frames, fps, 1000), strict=True):
        place = b"\0" * 6 + size + _three_bytes(delay) + bytes([_NO_BLENDING])
        chunks.append(_chunk(b"ANMF", place + _pixels(frame)))
    if text:
        chunks.append(_chunk(b"XMP ", to_xmp(text)))
    return _chunk(b"RIFF", b"WEBP" + b"".join(chunks))


def _pixels(frame: npt.NDArray[np.uint8]) -> bytes:
    """The VP8 or VP8L chunk of one frame: what follows the 12-byte header of a WebP that Pillow wrote of it alone."""
    small = frame.shape[0] * frame.shape[1] <= _MAX_LOSSLESS_PIXELS
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(frame)).save(buffer, "WEBP", **(_LOSSLESS if small else _LOSSY))
    return buffer.getvalue()[12:]


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _three_bytes(value: int) -> bytes:
    return value.to_bytes(3, "little")
