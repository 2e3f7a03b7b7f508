"""Palettes: as good as the best k-means, and never worse than evenly spaced values."""

import warnings

import numpy as np
import pytest
from numpy.typing import NDArray

from pia_edge.export.palette import quantize_palette

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from coremltools._deps import kmeans1d


def error(weight: NDArray[np.float32], restored: NDArray[np.float32]) -> float:
    return float(np.square(weight - restored).mean())


@pytest.mark.parametrize("bits", [4, 6, 8])
@pytest.mark.parametrize("kind", ["normal", "heavy tails", "two peaks"])
def test_close_to_the_optimum(bits: int, kind: str) -> None:
    """The optimum is that of dynamic programming, which takes seconds where Lloyd's algorithm takes milliseconds."""
    random = np.random.default_rng(0)
    values = {
        "normal": random.standard_normal(4000),
        "heavy tails": random.standard_t(4, 4000),
        "two peaks": np.concatenate([random.standard_normal(2000) * 0.1 - 1, random.standard_normal(2000) * 0.3 + 2]),
    }[kind]
    weight = values.astype(np.float16).astype(np.float32).reshape(40, 100)
    found = quantize_palette(weight, bits, None)
    clusters, centres = kmeans1d.cluster(weight.reshape(-1), 2**bits)
    best = error(weight, np.asarray(centres)[clusters].reshape(weight.shape).astype(np.float32))
    assert error(weight, found.restored()) < best * 1.25
    assert found.tables.shape == (1, 2**bits)
    assert found.indices.max() < 2**bits


def test_groups_of_channels_have_their_own_values() -> None:
    random = np.random.default_rng(1)
    weight = (random.standard_normal((32, 4, 3, 3)) * np.logspace(-3, 1, 32)[:, None, None, None]).astype(np.float32)
    together, apart = quantize_palette(weight, 6, None), quantize_palette(weight, 6, 8)
    assert apart.tables.shape == (4, 64)
    assert error(weight, apart.restored()) < error(weight, together.restored()) * 0.95
    assert error(weight[:8], apart.restored()[:8]) < error(weight[:8], together.restored()[:8]) / 100
    for group in range(4):
        rows = slice(8 * group, 8 * group + 8)
        alone = quantize_palette(weight[rows], 6, None)
        assert np.array_equal(alone.restored(), apart.restored()[rows])
    assert quantize_palette(weight[:30], 6, 8).tables.shape == (1, 64), "30 channels are not whole groups of 8"


@pytest.mark.parametrize("value", [0.0, -2.5, 1e-7])
def test_equal_values_and_few_values_are_exact(value: float) -> None:
    weight = np.full((8, 8), value, np.float32).astype(np.float16).astype(np.float32)
    assert np.array_equal(quantize_palette(weight, 4, 8).restored(), weight)
    weight[::2] = 1
    assert np.array_equal(quantize_palette(weight, 4, 8).restored(), weight)
