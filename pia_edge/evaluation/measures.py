"""What is measured on a clip without a model; `report.Measures` has the definitions with ranges and units."""

import numpy as np
import numpy.typing as npt

from pia_edge.affinity_measure import hsv_l1
from pia_edge.evaluation.optical_flow import flow_length
from pia_edge.evaluation.report import Measures

Frames = npt.NDArray[np.uint8]
Picture = npt.NDArray[np.uint8]

_EQUAL_DB = 200.0
"""JSON has no infinity; what differs in one level of one pixel has less, up to 2 terapixels."""


def measure(
    frames: Frames, condition_frame: int, condition_image: Picture | None, affinity: npt.NDArray[np.floating]
) -> Measures:
    """Return the measures of a clip, rounded to six decimals.

    Args:
        frames: uint8 RGB (frames, height, width, 3).
        condition_frame: index of the frame that shows the condition image.
        condition_image: uint8 RGB (height, width, 3), or None if there is no file of it.
        affinity: measured, (frames,).
    """
    others = other_frames(len(frames), condition_frame)
    found = {
        "condition_psnr_db": None if condition_image is None else psnr(frames[condition_frame], condition_image),
        "hsv_l1": float(hsv_l1(frames, condition_frame)[others].mean()) if len(others) else None,
        "affinity": float(affinity[others].mean()) if len(others) else None,
        "flow": flow_length(frames),
        "flicker": flicker(frames),
        "drift": drift(frames, condition_frame),
        "colour_shift": colour_shift(frames, condition_frame),
    }
    return Measures(**{name: None if value is None else round(value, 6) for name, value in found.items()})


def other_frames(num_frames: int, condition_frame: int) -> npt.NDArray[np.intp]:
    """Return the indices of all frames but the condition frame."""
    return np.delete(np.arange(num_frames), condition_frame)


def psnr(one: Picture, other: Picture) -> float:
    """Return the peak signal-to-noise ratio of two pictures of one shape in dB, at most 200, which means equal."""
    error = float(np.square(one.astype(np.float64) - other).mean())
    return min(_EQUAL_DB, 10 * float(np.log10(255**2 / error))) if error else _EQUAL_DB


def flicker(frames: Frames) -> float | None:
    """Return the mean of |x[t-1] - 2 x[t] + x[t+1]| in levels, 0 to 510; None of fewer than three frames.

    Even motion of smooth surfaces and steady fading leave it near 0; brightness or detail that comes and goes does not.
    """
    if len(frames) < 3:
        return None
    signed = frames.astype(np.int16)
    return float(
        np.mean([np.abs(signed[t - 1] - 2 * signed[t] + signed[t + 1]).mean() for t in range(1, len(frames) - 1)])
    )


def drift(frames: Frames, condition_frame: int) -> float | None:
    """Return the mean absolute difference of the other frames from the condition frame in levels, 0 to 255."""
    others = other_frames(len(frames), condition_frame)
    if len(others) == 0:
        return None
    condition = frames[condition_frame].astype(np.int16)
    return float(np.mean([np.abs(frames[index] - condition).mean() for index in others]))


def colour_shift(frames: Frames, condition_frame: int) -> float | None:
    """Return how far the other frames' mean colours are from the condition frame's, in levels, 0 to 255.

    The difference is taken per channel, so that a frame that only moves its content has 0.
    """
    others = other_frames(len(frames), condition_frame)
    if len(others) == 0:
        return None
    colours = frames.mean(axis=(1, 2))
    return float(np.abs(colours[others] - colours[condition_frame]).mean())
