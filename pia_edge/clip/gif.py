"""Clips as GIF: one palette for the whole clip and dither that stands still, so that nothing flickers."""

import io
import itertools
import math

import numpy as np
import numpy.typing as npt
from PIL import Image

MAX_COLOURS = 255
"""One of GIF's 256 is transparent: pixels that do not change are stored as that, which suits a still background."""

_DITHER_STRENGTH = 8.0
_PALETTE_SAMPLES = 128 * 1024

Pixels = npt.NDArray[np.uint8]


def encode_gif(frames: Pixels, *, fps: float, text: str) -> bytes:
    """A looping GIF of `frames` uint8 (frames, height, width, 3) with `text` as its comment.

    Equal frames in a row are stored as one that is shown for as long.
    """
    indices, palette = to_palette(frames)
    colours = palette.tobytes() + _unused_grey(palette)
    first, *others = [_with_palette(frame, colours) for frame in indices]
    buffer = io.BytesIO()
    first.save(
        buffer,
        "GIF",
        save_all=True,
        append_images=others,
        duration=[10 * delay for delay in frame_delays(len(frames), fps)],
        loop=0,
        comment=text.encode(),
        # Given the palette, Pillow keeps it as it is, once for all frames, and `optimize` stores the changes only.
        palette=colours,
        optimize=True,
        transparency=len(palette),
    )
    return buffer.getvalue()


def frame_delays(num_frames: int, fps: float) -> list[int]:
    """How many ticks of 10 ms each frame is shown, at least one.

    Each frame ends at its exact time rounded to a tick (halves up), so at 8 fps the delays alternate between
    130 ms and 120 ms and the clip keeps its duration; 120 ms throughout would play 4 % too fast.
    """
    ends = [math.floor(frame * 100 / fps + 0.5) for frame in range(num_frames + 1)]
    return [max(1, end - start) for start, end in itertools.pairwise(ends)]


def to_palette(frames: Pixels) -> tuple[Pixels, Pixels]:
    """Indices (frames, height, width) into one palette uint8 (at most `MAX_COLOURS`, 3) for all frames.

    A clip of so few colours keeps them exactly. Others are dithered by interleaved gradient noise (Jimenez,
    SIGGRAPH 2014): it depends on the position alone, so what stands still in the clip stands still in the GIF,
    where error diffusion would flicker and grow the file.
    """
    pixels = frames.reshape(-1, 3)
    exact = _exact_palette(pixels)
    if exact is not None:
        return exact[0].reshape(frames.shape[:3]), exact[1]
    palette = _sampled_palette(pixels)
    source = _with_palette(np.zeros((1, 1), dtype=np.uint8), palette.tobytes())
    noise = _gradient_noise(*frames.shape[1:3])[..., None] * _DITHER_STRENGTH
    indices = np.empty(frames.shape[:3], dtype=np.uint8)
    for index, frame in enumerate(frames):
        dithered = np.rint(frame + noise).clip(0, 255).astype(np.uint8)
        indices[index] = np.asarray(Image.fromarray(dithered).quantize(palette=source, dither=Image.Dither.NONE))
    return indices, palette


def _exact_palette(pixels: Pixels) -> tuple[Pixels, Pixels] | None:
    codes = pixels.astype(np.uint32) @ np.array([65536, 256, 1], dtype=np.uint32)
    if len(np.unique(codes[:: max(1, len(codes) // 4096)])) > MAX_COLOURS:
        return None
    colours, indices = np.unique(codes, return_inverse=True)
    if len(colours) > MAX_COLOURS:
        return None
    palette = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=-1)
    return indices.astype(np.uint8), palette.astype(np.uint8)


def _sampled_palette(pixels: Pixels) -> Pixels:
    sample = pixels[:: max(1, len(pixels) // _PALETTE_SAMPLES)]
    side = int(len(sample) ** 0.5)
    square = Image.fromarray(np.ascontiguousarray(sample[: side * side].reshape(side, side, 3)))
    # One k-means round after the median cut is worth 2 to 3 dB; more rounds are worth little.
    reduced = square.quantize(MAX_COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE)
    palette = np.asarray(reduced.getpalette(), dtype=np.uint8).reshape(-1, 3)[:MAX_COLOURS]
    # Each colour once, as Pillow's GIF writer needs it.
    return np.unique(palette, axis=0)


def _unused_grey(palette: Pixels) -> bytes:
    # The transparent entry needs a colour of its own: Pillow's GIF writer looks colours up by value.
    return next(bytes([level] * 3) for level in range(256) if not (palette == level).all(axis=1).any())


def _with_palette(indices: Pixels, colours: bytes) -> Image.Image:
    picture = Image.fromarray(indices, mode="P")
    picture.putpalette(colours)
    return picture


def _gradient_noise(height: int, width: int) -> npt.NDArray[np.float32]:
    y, x = np.mgrid[:height, :width]
    noise = (52.9829189 * ((0.06711056 * x + 0.00583715 * y) % 1)) % 1 - 0.5
    return np.asarray(noise, dtype=np.float32)
