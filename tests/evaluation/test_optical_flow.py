"""Optical flow against motions that are known exactly."""

import numpy as np
import pytest

from pia_edge.evaluation.optical_flow import flow_length, optical_flow
from tests.evaluation.examples import grey_frame, sliding, texture

INNER = np.s_[:, 16:-16, 16:-16]
"""Without what comes in at the edges, which nothing in the first picture tells."""


@pytest.mark.parametrize(("right", "down"), [(0.25, 0.0), (0.0, -0.75), (1.5, 0.5), (-6.25, 4.5), (14.0, -9.0)])
def test_a_picture_that_slides(right: float, down: float) -> None:
    flow = optical_flow(*sliding(2, right, down))
    assert flow.shape == (2, 96, 128)
    assert np.abs(flow[INNER] - np.array([right, down])[:, None, None]).mean() < 0.06
    assert np.hypot(*flow).mean() == pytest.approx(np.hypot(right, down), rel=0.03)


def test_a_zoom() -> None:
    rows, columns = np.indices((96, 128), dtype=np.float64)
    away = np.stack([columns - 63.5, rows - 47.5])
    first = grey_frame(texture(rows, columns))
    # What lies at p goes to 1.06 p from the middle, so the second picture shows at p what was at p / 1.06.
    second = grey_frame(texture(47.5 + away[1] / 1.06, 63.5 + away[0] / 1.06))
    flow = optical_flow(first, second)
    assert np.abs(flow - 0.06 * away)[INNER].mean() < 0.25
    assert np.hypot(*flow).mean() == pytest.approx(0.06 * np.hypot(*away).mean(), rel=0.1)


def test_nothing_moves() -> None:
    still = sliding(1, 0, 0)[0]
    assert flow_length(np.stack([still, still])) == 0
    flat = np.full((2, 40, 60, 3), 77, dtype=np.uint8)
    flat[1] += 30
    assert flow_length(flat) == pytest.approx(0, abs=1e-9)
    assert flow_length(still[None]) is None


def test_light_is_no_motion() -> None:
    first = sliding(1, 0, 0)[0] // 2 + 40
    assert flow_length(np.stack([first, first + 40])) == pytest.approx(0, abs=1e-9)
    for part in (0.98, 0.8, 0.6):
        assert np.abs(optical_flow(first, (first * part).astype(np.uint8))).mean() < 0.15


def test_noise_of_one_level_is_no_motion() -> None:
    random = np.random.default_rng(2)
    flat = random.integers(127, 129, (2, 96, 128, 3), dtype=np.uint8)
    length = flow_length(flat)
    assert length is not None
    assert length * 128 < 0.1


def test_the_share_of_the_width_knows_no_size() -> None:
    small = flow_length(sliding(3, 2.0, 1.0))
    rows, columns = np.indices((384, 512), dtype=np.float64)
    large = np.stack([grey_frame(texture((rows - 4 * t) / 4, (columns - 8 * t) / 4)) for t in range(3)])
    assert small == pytest.approx(np.hypot(2, 1) / 128, rel=0.02)
    assert flow_length(large) == pytest.approx(small, rel=0.02)


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (7, 300)])
def test_odd_sizes(size: tuple[int, int]) -> None:
    random = np.random.default_rng(3)
    length = flow_length(random.integers(0, 256, (2, *size, 3), dtype=np.uint8))
    assert length is not None
    assert np.isfinite(length)


def test_a_photograph_as_others_see_it() -> None:
    data = pytest.importorskip("skimage.data", reason="scikit-image is in the extra training")
    registration = pytest.importorskip("skimage.registration")
    photograph = np.asarray(data.astronaut())
    first, second = photograph[40:200, 100:260], photograph[42:202, 103:263]
    down, across = registration.optical_flow_ilk(first.mean(axis=-1) / 255, second.mean(axis=-1) / 255)
    found = np.hypot(*optical_flow(first, second)).mean()
    assert found == pytest.approx(np.hypot(2, 3), rel=0.02)
    assert found == pytest.approx(np.hypot(across, down).mean(), rel=0.05)
