"""Motion to affinity: how similar every frame shall be to the condition image (PIA, section 3.3)."""

import numpy as np
import numpy.typing as npt

from pia_edge.request import Motion, check_frames

PAPER_ROWS: dict[str, tuple[float, ...]] = {
    "small": (1.0, 0.9, 0.85, 0.85, 0.85, 0.8),
    "medium": (1.0, 0.8, 0.8, 0.8, 0.79, 0.78, 0.75),
    "large": (1.0, 0.8, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.6, 0.5, 0.5),
    "loop small": (1.0, 0.9, *[0.85] * 3, *[0.8] * 7, 0.85, 0.85, 0.9, 1.0),
    "loop medium": (1.0, *[0.8] * 3, 0.79, 0.78, *[0.75] * 5, 0.78, 0.79, 0.8, 0.8, 1.0),
    "loop large": (1.0, 0.8, *[0.7] * 4, 0.6, 0.5, 0.5, 0.6, *[0.7] * 4, 0.8, 1.0),
    "style large": (0.5, 0.2),
    "style medium": (0.5, 0.4, 0.4, 0.4, 0.35, 0.35, 0.3, 0.25, 0.2),
    "style small": (0.5, 0.4, 0.4, 0.4, 0.35, 0.3),
}
"""Affinity by distance from the condition frame, in the order of the paper's code (its indices 0 to 8).

The style rows run from large to small: the paper's code reaches them from the end, as -1, -2 and -3.
"""


def paper_row(motion: Motion) -> tuple[float, ...]:
    """The row of `PAPER_ROWS` that a named motion stands for: affinity at distance 0, 1, 2, …"""
    kind = "loop " if motion.loop else "style " if motion.style_transfer else ""
    return PAPER_ROWS[f"{kind}{motion.level}"]


def affinity_curve(motion: Motion, num_frames: int, condition_frame: int = 0) -> npt.NDArray[np.float32]:
    """Affinity of every frame, float32 (frames,) in [0, 1].

    A named motion takes from its row the value at a frame's distance from the condition frame; beyond the
    row's end its last value holds. A curve or a linear range gives the values themselves, so the condition
    frame does not shape them.

    Loops depart from the paper's code, whose loop rows close at 16 frames with condition frame 0 only: at 8
    they break off far from 1, at 24 the last third stands still. Here a loop row is a cycle whose two ends
    are the same moment. It is stretched over the clip by linear interpolation and turned so that it starts at
    the condition frame; the first and the last frame therefore always have the same affinity, which is 1
    where the condition frame is one of them. At 16 frames with condition frame 0 the numbers are the paper's.
    `Motion(original_rows=True)` gives the rows as the paper's code reads them, at any number of frames.

    Raises:
        RequestError: the condition frame lies outside the clip, or a curve has another number of values.
    """
    check_frames(motion, num_frames, condition_frame)
    if motion.curve is not None:
        return np.asarray(motion.curve, dtype=np.float32)
    if motion.linear is not None:
        return np.linspace(*motion.linear, num=num_frames).astype(np.float32)
    row = np.asarray(paper_row(motion))
    if motion.loop and not motion.original_rows:
        return _loop(row, num_frames, condition_frame)
    distance = np.abs(np.arange(num_frames) - condition_frame)
    return row[np.minimum(distance, len(row) - 1)].astype(np.float32)


def _loop(row: npt.NDArray[np.float64], num_frames: int, condition_frame: int) -> npt.NDArray[np.float32]:
    period = max(num_frames - 1, 1)
    frames_since_condition = (np.arange(num_frames) - condition_frame) % period
    last = len(row) - 1
    return np.interp(frames_since_condition * last / period, np.arange(last + 1), row).astype(np.float32)
