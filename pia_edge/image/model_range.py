"""Pixels to the numbers that the modules take, and back."""

import numpy as np
import numpy.typing as npt

from pia_edge.errors import NumericError

Pixels = npt.NDArray[np.uint8]


def to_model_range(pixels: Pixels) -> npt.NDArray[np.float32]:
    """`pixels` uint8 (height, width, 3) as float32 (1, 3, height, width) in [-1, 1]."""
    planes = pixels.astype(np.float32).transpose(2, 0, 1)[None]
    return np.ascontiguousarray(planes / np.float32(255) * np.float32(2) - np.float32(1))


def from_model_range(values: npt.NDArray[np.floating]) -> Pixels:
    """`values` (…, 3, height, width) in [-1, 1] as uint8 (…, height, width, 3).

    Clamped, and rounded to the nearest level (halves to even), where the paper's code truncates.

    Raises:
        NumericError: a value is NaN or infinite, which a cast would silently show as black.
    """
    wrong = int(values.size - np.isfinite(values).sum())
    if wrong:
        raise NumericError(
            f"Expected finite pixels, found NaN or infinity in {wrong} of {values.size} values. Choose a higher "
            f"precision (fp32) or another device."
        )
    unit = (values.astype(np.float32) / 2 + np.float32(0.5)).clip(0, 1)
    return np.ascontiguousarray(np.moveaxis(np.rint(unit * 255).astype(np.uint8), -3, -1))
