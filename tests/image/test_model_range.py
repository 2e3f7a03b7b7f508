"""Pixels to the numbers of the modules and back."""

import numpy as np
import pytest

from pia_edge.errors import NumericError
from pia_edge.image import from_model_range, to_model_range


def test_model_range_holds_every_level() -> None:
    pixels = np.repeat(np.arange(256, dtype=np.uint8).reshape(16, 16, 1), 3, axis=2)
    values = to_model_range(pixels)
    assert values.shape == (1, 3, 16, 16)
    assert values.dtype == np.float32
    assert (values.min(), values.max()) == (-1, 1)
    assert np.allclose(values[0, 0], pixels[..., 0] / 255.0 * 2 - 1, atol=1e-6)
    assert np.array_equal(from_model_range(values)[0], pixels)
    assert np.array_equal(from_model_range(values[0].astype(np.float16)), pixels)


def test_model_range_is_clamped_and_rounded() -> None:
    values = np.array([-3, -1, 0.0, 0.5 / 255, 1, 7], dtype=np.float32)
    shown = from_model_range(np.broadcast_to(values, (2, 3, 1, 6)))
    assert shown.shape == (2, 1, 6, 3)
    assert shown[1, 0, :, 0].tolist() == [0, 0, 128, 128, 255, 255]


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_never_becomes_black(wrong: float) -> None:
    values = np.zeros((2, 3, 4, 4), dtype=np.float32)
    values[1, 2, 3, 3] = wrong
    with pytest.raises(NumericError, match=r"in 1 of 96 values.*fp32"):
        from_model_range(values)
