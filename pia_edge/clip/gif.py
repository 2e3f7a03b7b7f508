"""Clips as GIF: one palette for the whole clip and dither that stands still, so that nothing flickers."""

import io
import struct

import numpy as np
import numpy.typing as npt
from PIL import Image

from pia_edge.delays import frame_delays

_TRANSPARENT = 255
_DITHER_STRENGTH = 8.0
_PALETTE_SAMPLES = 128 * 1024


def encode_gif(frames: npt.NDArray[np.uint8], *, fps: float, text: str) -> bytes:
    """A looping GIF of `frames` uint8 (frames, height, width, 3) with `text` as its comment.

    The container is written here because Pillow drops a frame that equals the one before. Pixels that do not
    change are stored as transparent, which halves or quarters the size of clips with a still background.
    """
    num_frames, height, width, _ = frames.shape
    indices, palette = to_palette(frames)
    parts = [
        b"GIF89a",
        struct.pack("<HHBBB", width, height, 0b1111_0111, 0, 0),
        palette.tobytes().ljust(768, b"\0"),
        b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0",
    ]
    if text:
        parts += [b"\x21\xfe", _blocks(text.encode())]
    previous: npt.NDArray[np.uint8] | None = None
    for frame, delay in zip(indices, frame_delays(num_frames, fps, 100), strict=True):
        parts += _frame(frame, previous, delay)
        previous = frame
    return b"".join([*parts, b"\x3b"])


def to_palette(
    frames: npt.NDArray[np.uint8],
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Indices (frames, height, width) into one palette uint8 (at most 255, 3) for all frames.

    A clip of at most 255 colours keeps them exactly. Others are dithered by interleaved gradient noise
    (Jimenez, SIGGRAPH 2014): it depends on the position alone, so what stands still in the clip stands still
    in the GIF, where error diffusion would flicker and grow the file.
    """
    pixels = frames.reshape(-1, 3)
    exact = _exact_palette(pixels)
    if exact is not None:
        return exact[0].reshape(frames.shape[:3]), exact[1]
    sample = pixels[:: max(1, len(pixels) // _PALETTE_SAMPLES)]
    side = int(len(sample) ** 0.5)
    square = Image.fromarray(np.ascontiguousarray(sample[: side * side].reshape(side, side, 3)))
    # One k-means round after the median cut is worth 2 to 3 dB; more rounds are worth little.
    source = square.quantize(_TRANSPARENT, method=Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE)
    palette = np.asarray(source.getpalette(), dtype=np.uint8).reshape(-1, 3)[:_TRANSPARENT]
    noise = _gradient_noise(*frames.shape[1:3])[..., None] * _DITHER_STRENGTH
    indices = np.empty(frames.shape[:3], dtype=np.uint8)
    for index, frame in enumerate(frames):
        dithered = np.rint(frame + noise).clip(0, 255).astype(np.uint8)
        indices[index] = np.asarray(Image.fromarray(dithered).quantize(palette=source, dither=Image.Dither.NONE))
    return indices, palette


def _exact_palette(
    pixels: npt.NDArray[np.uint8],
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]] | None:
    codes = pixels.astype(np.uint32) @ np.array([65536, 256, 1], dtype=np.uint32)
    if len(np.unique(codes[:: max(1, len(codes) // 4096)])) > _TRANSPARENT:
        return None
    colours, indices = np.unique(codes, return_inverse=True)
    if len(colours) > _TRANSPARENT:
        return None
    palette = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=-1)
    return indices.astype(np.uint8), palette.astype(np.uint8)


def _gradient_noise(height: int, width: int) -> npt.NDArray[np.float32]:
    y, x = np.mgrid[:height, :width]
    noise = (52.9829189 * ((0.06711056 * x + 0.00583715 * y) % 1)) % 1 - 0.5
    return np.asarray(noise, dtype=np.float32)


def _frame(frame: npt.NDArray[np.uint8], previous: npt.NDArray[np.uint8] | None, delay: int) -> list[bytes]:
    """Graphic control extension, image descriptor and pixels of one frame, drawn over the one before."""
    left = top = 0
    if previous is not None:
        changed = frame != previous
        rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        # A frame without change is one transparent pixel: it must not disappear, its time would be lost.
        top, bottom = (int(rows[0]), int(rows[-1]) + 1) if len(rows) else (0, 1)
        left, right = (int(columns[0]), int(columns[-1]) + 1) if len(columns) else (0, 1)
        frame = np.where(changed, frame, np.uint8(_TRANSPARENT))[top:bottom, left:right]
    height, width = frame.shape
    flags = 0b0000_0101 if previous is not None else 0b0000_0100
    return [
        b"\x21\xf9\x04" + struct.pack("<BHBB", flags, delay, _TRANSPARENT, 0),
        b"\x2c" + struct.pack("<HHHHB", left, top, width, height, 0),
        _compressed(frame),
    ]


def _compressed(indices: npt.NDArray[np.uint8]) -> bytes:
    """The LZW data of one frame with its leading code size, cut from a GIF that Pillow wrote of it alone."""
    picture = Image.fromarray(np.ascontiguousarray(indices)).convert("P")
    buffer = io.BytesIO()
    picture.putpalette(bytes(range(256)) * 3)
    picture.save(buffer, "GIF", optimize=False, interlace=False)
    data = buffer.getvalue()
    descriptor = data.index(b"\x2c", 13 + 768)
    return data[descriptor + 10 : -1]


def _blocks(data: bytes) -> bytes:
    """Sub-blocks of at most 255 bytes, each after its length, ended by an empty one."""
    cut = [data[start : start + 255] for start in range(0, len(data), 255)]
    return b"".join(bytes([len(block)]) + block for block in cut) + b"\0"
