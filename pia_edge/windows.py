"""Clips longer than the network was trained with: windows over the frames, which overlap and are blended.

In every step the UNet is called once for each window, and what it says of a frame that lies in several of them is their
weighted mean. A window is to the network a clip of its own: its frames are counted from 0, so that it stays within what
was trained, and it sees the same condition image with the affinity that its frames have in the whole clip. Memory is
that of one window, and the work grows with the length of the clip alone.

In the first half of the steps, which decide what happens at large, windows are strided: each goes through all of the
clip, so that night falls once in it. In the second half each holds neighbouring frames, between which it makes motion
smooth, and counts less the nearer a frame lies to its edge. With neighbouring frames alone night fell in each window.

All windows share one noise, drawn once for the whole clip and independent from frame to frame, which is what the
network was trained on; noise that repeats from window to window would tie them together, and repeat their motion.

In a loop, windows of neighbouring frames go on from the last to the first, so that no frame is an edge of all windows
it lies in.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Window:
    """Frames that the UNet is given at once."""

    frames: NDArray[np.int64]
    """Their numbers in the clip, (length,); in a loop they may go on from the last to the first."""
    weights: NDArray[np.float32]
    """How much this window counts at each of them, (length,); over all windows, those of a frame have the sum 1."""


def strided_windows(num_frames: int, length: int) -> tuple[Window, ...]:
    """Return the fewest windows that cover a clip, each with frames from its beginning to its end at even distances.

    Where they do not come out even, some frames lie in two of them.

    Args:
        num_frames: of the clip.
        length: frames of a window, at most ``num_frames``.
    """
    count = -(-num_frames // length)
    places = np.arange(count * length) * num_frames // (count * length)
    times = np.bincount(places)
    frames = [places[number::count] for number in range(count)]
    return tuple(Window(frames=each, weights=(1 / times[each]).astype(np.float32)) for each in frames)


def windows(num_frames: int, length: int, overlap: int, *, circular: bool) -> tuple[Window, ...]:
    """Return windows of neighbouring frames over a clip, all of the same length and spread evenly.

    Args:
        num_frames: of the clip.
        length: frames of a window, at most ``num_frames``.
        overlap: frames that neighbouring windows share at least, fewer than ``length``.
        circular: whether windows go on from the last frame to the first.
    """
    starts = _starts(num_frames, length, overlap, circular=circular)
    frames = [(start + np.arange(length)) % num_frames for start in starts]
    # Distance to the nearer edge: a triangle.
    counts = np.minimum(np.arange(1, length + 1), np.arange(length, 0, -1)).astype(np.float64)
    total = np.zeros(num_frames)
    for indices in frames:
        total[indices] += counts
    return tuple(Window(frames=each, weights=(counts / total[each]).astype(np.float32)) for each in frames)


def least_overlap(num_frames: int, length: int, overlap: int, *, circular: bool) -> int:
    """Return how many frames neighbouring windows really share at least; 0 where there is one window."""
    starts = _starts(num_frames, length, overlap, circular=circular)
    if circular:
        starts.append(num_frames)
    return min((length - (after - before) for before, after in pairwise(starts)), default=0)


def _starts(num_frames: int, length: int, overlap: int, *, circular: bool) -> list[int]:
    stride = length - overlap
    if circular:
        count = -(-num_frames // stride)
        return [number * num_frames // count for number in range(count)]
    count = -(-(num_frames - length) // stride) + 1
    return [number * (num_frames - length) // max(1, count - 1) for number in range(count)]
