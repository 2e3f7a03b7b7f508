"""Pictures that the tests write and read."""

import struct
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

RED, GREEN, BLUE, GRAY = (255, 0, 0), (0, 255, 0), (0, 0, 255), (200, 200, 200)


EXACT: dict[str, dict[str, Any]] = {
    "png": {},
    "jpg": {"quality": 98, "subsampling": 0},
    "webp": {"lossless": True},
    "bmp": {},
    "tiff": {},
    "gif": {},
    "avif": {"quality": 95, "subsampling": "4:4:4"},
}


def quarters() -> npt.NDArray[np.uint8]:
    pixels = np.zeros((32, 48, 3), dtype=np.uint8)
    pixels[:16, :24], pixels[:16, 24:], pixels[16:, :24], pixels[16:, 24:] = RED, GREEN, BLUE, GRAY
    return pixels


def png(width: int, height: int, *, depth: int = 8, colour: int = 2, rows: bytes = b"", extra: bytes = b"") -> bytes:
    """A PNG by hand, for what Pillow does not write."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
