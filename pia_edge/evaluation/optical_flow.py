"""Dense optical flow: pyramidal Lucas-Kanade, registered over local windows.

Le Besnerais and Champagnat, "Dense optical flow by iterative local window registration", ICIP 2005: every pixel solves
for the displacement that explains, by least squares over the window round it, how the second picture differs from the
first, and the second picture is warped anew by what was found.
"""

import itertools

import numpy as np
import numpy.typing as npt
from PIL import Image

Plane = npt.NDArray[np.float64]

_LONG_EDGE = 256
"""Larger frames are scaled down: the flow is told as a share of the width, and takes a tenth of a second a frame."""
_SMALLEST = 24
"""Pixels of the shorter side below which there is no coarser level."""
_RADIUS = 4
"""Of the boxes whose convolution is the window, at every level."""
_ITERATIONS = 5
_FLAT = 1.0
"""Mean squared gradient of the noise of 8-bit frames; where a window has no more, it keeps the flow it came with."""
_LARGEST_GAIN = 2.0


def flow_length(frames: npt.NDArray[np.uint8]) -> float | None:
    """Return the mean length of the flow between neighbouring frames as a share of the width; None of one frame.

    Args:
        frames: uint8 RGB (frames, height, width, 3).
    """
    if len(frames) < 2:
        return None
    pyramids = map(_pyramid, frames)
    lengths = []
    for first, second in itertools.pairwise(pyramids):
        across, down = _flow(first, second)
        lengths.append(float(np.hypot(across, down).mean()) / across.shape[1])
    return float(np.mean(lengths))


def optical_flow(first: npt.NDArray[np.uint8], second: npt.NDArray[np.uint8]) -> Plane:
    """Return where what ``first`` shows has gone in ``second``: (2, height, width), pixels to the right and down.

    Both are uint8 RGB (height, width, 3). If the longer side has over 256 pixels, so does not the flow: height, width
    and pixels are then those of the pictures scaled down to 256.
    """
    return _flow(_pyramid(first), _pyramid(second))


def _flow(first: list[Plane], second: list[Plane]) -> Plane:
    flow = np.zeros((2, *first[-1].shape))
    for fine, moved in zip(reversed(first), reversed(second), strict=True):
        rows, columns = _places(fine)
        if flow.shape[1:] != fine.shape:
            # A level's pixel (r, c) lies at (2 r, 2 c) of the next finer one.
            flow = 2 * np.stack([_sampled(plane, rows / 2, columns / 2) for plane in flow])
        flow = _registered(fine, moved, flow, rows, columns)
    return flow


def _registered(first: Plane, second: Plane, flow: Plane, rows: Plane, columns: Plane) -> Plane:
    """Return ``flow`` made better at one level."""
    down, across = _gradient(first)
    xx, xy, yy = _window_mean(across * across), _window_mean(across * down), _window_mean(down * down)
    xx, yy = xx + _FLAT, yy + _FLAT
    determinant = xx * yy - xy * xy
    for _ in range(_ITERATIONS):
        change = _change(first, second, rows + flow[1], columns + flow[0])
        explained = across * flow[0] + down * flow[1] - change
        x = _window_mean(across * explained) + _FLAT * flow[0]
        y = _window_mean(down * explained) + _FLAT * flow[1]
        found = np.stack([yy * x - xy * y, xx * y - xy * x]) / determinant
        # A gradient says what lies a pixel away, no more.
        flow = flow + np.clip(found - flow, -1, 1)
    return flow


def _change(first: Plane, second: Plane, rows: Plane, columns: Plane) -> Plane:
    """Return how ``second`` at these places differs from ``first``, beyond growing darker or paler as a whole.

    Where a place lies outside of the picture nothing is known, and nothing has changed.
    """
    height, width = second.shape
    inside = (rows >= 0) & (rows <= height - 1) & (columns >= 0) & (columns <= width - 1)
    if not inside.any():
        return np.zeros_like(first)
    here, there = first[inside], _sampled(second, rows[inside], columns[inside])
    gain = float(here.std() / there.std()) if there.std() else 1.0
    gain = min(max(gain, 1 / _LARGEST_GAIN), _LARGEST_GAIN)
    change = np.zeros_like(first)
    change[inside] = (there - there.mean()) * gain - (here - here.mean())
    return change


def _gradient(plane: Plane) -> tuple[Plane, Plane]:
    """Return the central differences downwards and to the right; beyond its edge the edge is repeated."""
    around = np.pad(plane, 1, mode="edge")
    return (around[2:, 1:-1] - around[:-2, 1:-1]) / 2, (around[1:-1, 2:] - around[1:-1, :-2]) / 2


def _pyramid(frame: npt.NDArray[np.uint8]) -> list[Plane]:
    """Return the luma of a frame (ITU-R BT.601, in levels) at its size, at half of it, and so on."""
    picture = Image.fromarray(frame)
    picture.thumbnail((_LONG_EDGE, _LONG_EDGE), Image.Resampling.BOX)
    level = np.asarray(picture, dtype=np.float64) @ (0.299, 0.587, 0.114)
    levels = [level]
    while min(level.shape) >= 2 * _SMALLEST:
        level = _box_mean(level, 1)[::2, ::2]
        levels.append(level)
    return levels


def _window_mean(plane: Plane) -> Plane:
    """Return the mean over the window round each pixel, which weighs more what is near.

    A box alone would not do: the iterations converge only if no frequency of the window is negative (section 3 of the
    paper), as is so of a box convolved with itself.
    """
    return _box_mean(_box_mean(plane, _RADIUS), _RADIUS)


def _box_mean(plane: Plane, radius: int) -> Plane:
    """Return the mean over the square of 2 radius + 1 pixels round each pixel; the edge is repeated outwards."""
    size = 2 * radius + 1
    for _ in range(2):
        sums = np.cumsum(np.pad(plane, ((radius + 1, radius), (0, 0)), mode="edge"), axis=0)
        plane = (sums[size:] - sums[:-size]).T / size
    return plane


def _places(plane: Plane) -> tuple[Plane, Plane]:
    """Return the row and the column of each pixel."""
    rows, columns = np.meshgrid(*(np.arange(side, dtype=np.float64) for side in plane.shape), indexing="ij")
    return rows, columns


def _sampled(plane: Plane, rows: Plane, columns: Plane) -> Plane:
    """Return ``plane`` between its pixels by bilinear interpolation; beyond its edge the edge is repeated."""
    height, width = plane.shape
    rows, columns = np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)
    top, left = rows.astype(np.intp), columns.astype(np.intp)
    bottom, right = np.minimum(top + 1, height - 1), np.minimum(left + 1, width - 1)
    below, beside = rows - top, columns - left
    upper = plane[top, left] * (1 - beside) + plane[top, right] * beside
    lower = plane[bottom, left] * (1 - beside) + plane[bottom, right] * beside
    found: Plane = upper * (1 - below) + lower * below
    return found
