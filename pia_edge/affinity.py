"""Motion to affinity: how similar every frame shall be to the condition image (PIA, section 3.3)."""

import numpy as np
import numpy.typing as npt

from pia_edge.errors import RequestError
from pia_edge.keyframes import places_in_clip
from pia_edge.motion import Level, Motion, check_frames

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


LEAST_BETWEEN_PICTURES = {Level.SMALL: 0.6, Level.MEDIUM: 0.4, Level.LARGE: 0.2}
"""Affinity in the middle between two pictures; 0.2 is that of the paper's code, the others are ours."""


def affinity_curve(
    motion: Motion, num_frames: int, condition_frame: int = 0, *, circular: bool = False
) -> npt.NDArray[np.float32]:
    """Affinity of every frame, float32 (frames,) in [0, 1].

    A named motion takes from its row the value at a frame's distance from the condition frame; beyond the
    row's end its last value holds. A curve, a linear range or keyframes give the values themselves, so the
    condition frame does not shape them.

    Loops depart from the paper's code, whose loop rows close at 16 frames with condition frame 0 only: at 8
    they break off far from 1, at 24 the last third stands still. Here a loop row is a cycle whose two ends
    are the same moment. It is stretched over the clip by linear interpolation and turned so that it starts at
    the condition frame; the first and the last frame therefore always have the same affinity, which is 1
    where the condition frame is one of them. At 16 frames with condition frame 0 the numbers are the paper's.
    `Motion(original_rows=True)` gives the rows as the paper's code reads them, at any number of frames.

    Args:
        motion: what is asked for.
        num_frames: of the clip.
        condition_frame: which of them is the condition image.
        circular: whether the frame behind the last is the first one, as it is where a loop is made in windows. The
            cycle then has one moment more, and the last frame is the one before the first.

    Raises:
        RequestError: the condition frame lies outside the clip, or the values given do not fit the frames.
    """
    check_frames(motion, num_frames, condition_frame)
    if motion.curve is not None:
        return _stretched(np.asarray(motion.curve), num_frames)
    if motion.linear is not None:
        return np.linspace(*motion.linear, num=num_frames).astype(np.float32)
    if motion.keyframes is not None:
        places = places_in_clip("motion keyframes", [position for position, _ in motion.keyframes], num_frames)
        values = [affinity for _, affinity in motion.keyframes]
        return np.interp(np.arange(num_frames), places, values).astype(np.float32)
    row = np.asarray(paper_row(motion))
    if motion.loop and not motion.original_rows:
        return _loop(row, num_frames if circular else max(num_frames - 1, 1), num_frames, condition_frame)
    distance = np.abs(np.arange(num_frames) - condition_frame)
    return row[np.minimum(distance, len(row) - 1)].astype(np.float32)


def affinity_between(motion: Motion, num_frames: int, condition_frame: int = 0) -> npt.NDArray[np.float32]:
    """Affinity of every frame of a clip that ends with a second picture, float32 (frames,) in [0, 1].

    A named motion falls in a straight line from 1 at both pictures to its least value at the frame that is farthest
    from them, as in the paper's code for two condition frames (`prepare_mask_coef_multi_cond`, which nothing there
    calls). A linear range gives the values at the pictures and at that frame, and a curve or keyframes those
    of the frames themselves.

    Raises:
        RequestError: the motion is a loop or a style transfer, or there is no frame for two pictures.
    """
    check_frames(motion, num_frames, condition_frame)
    if motion.loop or motion.style_transfer:
        kind = "loop" if motion.loop else "style transfer"
        raise RequestError(f"A clip that ends with a second picture is no {kind}. Leave out one of them.")
    if condition_frame == num_frames - 1:
        raise RequestError(
            f"condition_frame: expected a frame before the last, which is the second picture, found {condition_frame} "
            f"of {num_frames} frames. Choose an earlier one, or more frames."
        )
    if motion.curve is not None or motion.keyframes is not None:
        return affinity_curve(motion, num_frames, condition_frame)
    at_picture, least = motion.linear or (1.0, LEAST_BETWEEN_PICTURES[motion.level])
    distance, _ = nearest_picture(num_frames, condition_frame)
    return np.interp(distance, [0, max(distance.max(), 1)], [at_picture, least]).astype(np.float32)


def nearest_picture(num_frames: int, condition_frame: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Distance of every frame from the nearer of two pictures, and whether that is the second: (frames,) each.

    The first picture is at the condition frame and the second at the last; what is as far from both belongs to the
    first.
    """
    frames = np.arange(num_frames)
    first, last = np.abs(frames - condition_frame), num_frames - 1 - frames
    return np.minimum(first, last), last < first


def _loop(row: npt.NDArray[np.float64], period: int, num_frames: int, condition_frame: int) -> npt.NDArray[np.float32]:
    frames_since_condition = (np.arange(num_frames) - condition_frame) % period
    last = len(row) - 1
    return np.interp(frames_since_condition * last / period, np.arange(last + 1), row).astype(np.float32)


def _stretched(curve: npt.NDArray[np.float64], num_frames: int) -> npt.NDArray[np.float32]:
    places = np.linspace(0, len(curve) - 1, num_frames)
    return np.interp(places, np.arange(len(curve)), curve).astype(np.float32)
