"""Measures against values worked out by hand."""

import math

import numpy as np
import pytest

from pia_edge.affinity_measure import hsv_l1, measured_affinity
from pia_edge.evaluation.measures import colour_shift, drift, flicker, measure, other_frames, psnr
from tests.evaluation.examples import sliding


def levels(*values: int) -> np.ndarray:
    """One plain grey frame for each level."""
    return np.repeat(np.array(values, dtype=np.uint8), 4 * 6 * 3).reshape(-1, 4, 6, 3)


def test_psnr() -> None:
    one = np.full((2, 2, 3), 100, dtype=np.uint8)
    assert psnr(one, one) == 200
    assert psnr(one, one + 1) == pytest.approx(20 * math.log10(255))
    assert psnr(np.zeros_like(one), np.full_like(one, 255)) == 0
    other = one.copy()
    other[0, 0, 0] = 112
    assert psnr(one, other) == pytest.approx(10 * math.log10(255**2 / 12))


def test_flicker() -> None:
    assert flicker(levels(10, 20, 40)) == 10
    assert flicker(levels(0, 255, 0)) == 510
    assert flicker(levels(10, 20, 30, 40)) == 0
    assert flicker(levels(10, 20, 30, 30)) == 5
    assert flicker(levels(10, 20)) is None
    random = np.random.default_rng(1).integers(0, 256, (5, 3, 4, 3), dtype=np.uint8)
    assert flicker(random) == pytest.approx(np.abs(np.diff(random.astype(float), 2, axis=0)).mean())


def test_drift_and_colour() -> None:
    assert drift(levels(10, 20, 40), 0) == 20
    assert drift(levels(10, 20, 40), 1) == 15
    assert colour_shift(levels(10, 20, 40), 0) == 20
    assert drift(levels(10), 0) is None
    assert colour_shift(levels(10), 0) is None


def test_what_moves_keeps_its_colour() -> None:
    random = np.random.default_rng(2).integers(0, 256, (1, 8, 8, 3), dtype=np.uint8)
    moved = np.concatenate([random, np.roll(random, 3, axis=2)])
    assert colour_shift(moved, 0) == pytest.approx(0, abs=1e-9)
    assert (drift(moved, 0) or 0) > 20


def test_one_channel_counts_a_third() -> None:
    frames = levels(10, 10)
    frames[1, ..., 2] = 40
    assert drift(frames, 0) == 10
    assert colour_shift(frames, 0) == 10


@pytest.mark.parametrize("condition_frame", [0, 2])
def test_the_other_frames(condition_frame: int) -> None:
    frames = sliding(4, 1.0, 0.5, height=48, width=64)
    affinity = measured_affinity(frames, condition_frame)
    found = measure(frames, condition_frame, frames[condition_frame], affinity)
    others = [index for index in range(4) if index != condition_frame]
    assert other_frames(4, condition_frame).tolist() == others
    assert found.condition_psnr_db == 200
    assert found.hsv_l1 == pytest.approx(np.mean(hsv_l1(frames, condition_frame)[others]), abs=1e-6)
    assert found.affinity == pytest.approx(np.mean(affinity[others]), abs=1e-6)
    assert found.flow == pytest.approx(np.hypot(1, 0.5) / 64, rel=0.1)


def test_a_single_frame() -> None:
    frames = levels(10)
    found = measure(frames, 0, None, measured_affinity(frames, 0))
    assert all(getattr(found, name) is None for name in found.__struct_fields__)
