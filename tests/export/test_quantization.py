"""Weights in 8 and 4 bits: how far they are from the originals, and what they never do."""

import numpy as np
import pytest
from numpy.typing import NDArray

from pia_edge.export.quantization import GROUP, quantize_int4, quantize_int8


def weights(*shape: int, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)


@pytest.mark.parametrize("shape", [(8, 64), (16, 4, 3, 3), (5, 7, 1, 1), (1, 3)])
def test_8_bits_are_within_half_a_step(shape: tuple[int, ...]) -> None:
    weight = weights(*shape) * np.logspace(-4, 2, shape[0], dtype=np.float32).reshape(-1, *[1] * (len(shape) - 1))
    found = quantize_int8(weight)
    assert (np.abs(found.restored() - weight) <= found.scale * 0.5001).all()
    assert found.values.min() >= -127


@pytest.mark.parametrize("shape", [(8, GROUP), (3, 5 * GROUP)])
def test_4_bits_are_within_half_a_step(shape: tuple[int, int]) -> None:
    weight = weights(*shape) + np.float32(0.3)
    found = quantize_int4(weight)
    step = np.repeat(found.scale, GROUP, axis=1)
    # Half a step, and as much again where the zero point is rounded.
    assert (np.abs(found.restored() - weight) <= step * 1.02).all()
    assert np.array_equal(found.scale.astype(np.float16).astype(np.float32), found.scale)
    assert found.values.max() <= 15
    assert found.zero.max() <= 15


@pytest.mark.parametrize("quantize", [quantize_int8, quantize_int4])
@pytest.mark.parametrize("value", [0.0, 1e-12, -3.0, 60000.0])
def test_constant_rows_stay_finite(quantize: object, value: float) -> None:
    weight = np.full((2, GROUP), value, np.float32)
    found = quantize(weight).restored()  # type: ignore[operator]
    assert np.isfinite(found).all()
    assert np.allclose(found, weight, rtol=0.01, atol=1e-4)


def test_zero_stays_zero() -> None:
    weight = weights(4, GROUP)
    weight[:, ::3] = 0
    for found in (quantize_int8(weight).restored(), quantize_int4(weight).restored()):
        assert (found[:, ::3] == 0).all()
