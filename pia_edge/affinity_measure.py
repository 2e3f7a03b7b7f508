"""Affinity measured from a clip: its HSV distance to the condition frame (PIA, section 3.3)."""

import numpy as np
import numpy.typing as npt

from pia_edge.errors import RequestError

PAPER_STATISTICS: npt.NDArray[np.float64] = np.array(
    [
        [0.0, 0.0],
        [0.3535855, 24.23687346],
        [0.91609545, 30.65091947],
        [1.41165152, 34.40093286],
        [1.56943881, 36.99639585],
        [1.73182842, 39.42044163],
        [1.82733002, 40.94703526],
        [1.88060527, 42.66233244],
        [1.96208071, 43.73070788],
        [2.02723091, 44.25965378],
        [2.10820894, 45.66120213],
        [2.21115041, 46.29561324],
        [2.23412351, 47.08810863],
        [2.29430165, 47.9515062],
        [2.32986362, 48.69085638],
        [2.37310751, 49.19931439],
    ]
)
"""Least and greatest score on WebVid by distance from the condition frame, (16, 2); the paper's training."""
PAPER_STATISTICS.setflags(write=False)

# Where a score exceeds the statistics, the paper's code puts it back to this part of the greatest one.
_OUTLIER = 0.95


def hsv_l1(frames: npt.NDArray[np.uint8], condition_frame: int) -> npt.NDArray[np.float64]:
    """Distance of every frame from the condition frame, (frames,): the mean of (|dH| + |dS| + |dV|) / 3.

    H counts in degrees 0..360, S in 0..1 and V in 0..255, the units in which the paper's code measures, so
    saturation hardly counts. Hue is not taken round the circle: two reds at 1 and 359 degrees are 358 apart,
    as in the paper's code. That code also adds the difference of Canny edges and divides by 4; the paper does
    not mention edges, and they are left out here.

    Args:
        frames: uint8 RGB, (frames, height, width, 3).
        condition_frame: index of the frame to which all are compared.

    Raises:
        RequestError: the frames are not uint8 RGB, or there is no such condition frame.
    """
    if frames.dtype != np.uint8 or frames.ndim != 4 or frames.shape[3] != 3 or 0 in frames.shape:
        raise RequestError(
            f"frames: expected uint8 RGB (frames, height, width, 3), found {frames.dtype} {frames.shape}. "
            f"Convert the clip first."
        )
    if not 0 <= condition_frame < len(frames):
        raise RequestError(f"condition_frame: expected 0 to {len(frames) - 1}, found {condition_frame}.")
    condition = _hsv(frames[condition_frame])
    # One frame at a time: a clip of 16 frames at 1024x1024 in float64 would need more than 1 GB.
    return np.array([np.abs(_hsv(frame) - condition).sum(axis=-1).mean() / 3 for frame in frames])


def measured_affinity(
    frames: npt.NDArray[np.uint8],
    condition_frame: int,
    *,
    statistics: npt.ArrayLike = PAPER_STATISTICS,
    minimum: float = 0.2,
) -> npt.NDArray[np.float32]:
    """Affinity of every frame as training sees it, float32 (frames,) in [minimum, 1].

    A score is brought into the range known for its distance and becomes
    ``1 - (1 - minimum) * score / greatest``; the condition frame has 1. As in the paper's code a score above
    the greatest counts as 0.95 of it. The paper's statistics were made with edges in the score (`hsv_l1`),
    so a measured affinity is near to the paper's but not equal to it.

    Args:
        frames: uint8 RGB, (frames, height, width, 3).
        condition_frame: index of the frame to which all are compared.
        statistics: (least, greatest) score by distance, (distances, 2); beyond its end the last row holds.
        minimum: affinity of the greatest score.

    Raises:
        RequestError: the frames, the statistics or the minimum cannot be used.
    """
    bounds = _checked_statistics(statistics)
    if not 0 <= minimum <= 1:
        raise RequestError(f"minimum: expected an affinity from 0 to 1, found {minimum}.")
    score = hsv_l1(frames, condition_frame)
    distance = np.abs(np.arange(len(frames)) - condition_frame)
    least, greatest = bounds[np.minimum(distance, len(bounds) - 1)].T
    score = np.maximum(np.where(score > greatest, _OUTLIER * greatest, score), least)
    part = np.divide(score, greatest, out=np.zeros_like(score), where=greatest > 0)
    affinity: npt.NDArray[np.float64] = 1 - (1 - minimum) * part
    affinity[condition_frame] = 1.0
    return affinity.astype(np.float32)


def _checked_statistics(statistics: npt.ArrayLike) -> npt.NDArray[np.float64]:
    bounds = np.asarray(statistics, dtype=np.float64)
    shaped = bounds.ndim == 2 and bounds.shape[1] == 2 and len(bounds) > 0
    if not (shaped and np.isfinite(bounds).all() and (bounds >= 0).all() and (bounds[:, 0] <= bounds[:, 1]).all()):
        raise RequestError(
            "statistics: expected rows of (least, greatest) score, finite and 0 <= least <= greatest, one "
            f"row for each distance; found an array of shape {bounds.shape}. Measure them anew."
        )
    return bounds


def _hsv(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Hue in degrees [0, 360), saturation in [0, 1] and value in [0, 255] of uint8 RGB (..., 3)."""
    red, green, blue = np.moveaxis(rgb.astype(np.float64), -1, 0)
    value = np.maximum(np.maximum(red, green), blue)
    chroma = value - np.minimum(np.minimum(red, green), blue)
    divisor = np.where(chroma > 0, chroma, 1.0)
    sector = np.select(
        [value == red, value == green],
        [(green - blue) / divisor, (blue - red) / divisor + 2],
        (red - green) / divisor + 4,
    )
    saturation = chroma / np.where(value > 0, value, 1.0)
    return np.stack([60 * sector % 360, saturation, value], axis=-1)
