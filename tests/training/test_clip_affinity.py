"""Affinity in torch against colorsys and against the core's NumPy measure."""

import colorsys

import numpy as np
import torch

from pia_edge.affinity_measure import hsv_l1, measured_affinity
from pia_edge.training.clip_affinity import hsv_scores, measure_statistics, rgb_to_hsv, scores_to_affinity


def random_frames(seed: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    frames = np.random.default_rng(seed).integers(0, 256, (16, 9, 7, 3), dtype=np.uint8)
    frames[:, 0] = 128
    frames[:, 1] = 0
    return frames


def as_clip(frames: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> torch.Tensor:
    return torch.from_numpy(frames).permute(0, 3, 1, 2)[None].double() / 255


def test_hsv_is_that_of_colorsys() -> None:
    frames = random_frames(1)
    hsv = rgb_to_hsv(as_clip(frames)[0, 0])
    for row in range(9):
        for column in range(7):
            hue, saturation, value = colorsys.rgb_to_hsv(*(frames[0, row, column] / 255))
            expected = torch.tensor([hue * 360, saturation, value * 255], dtype=torch.float64)
            torch.testing.assert_close(hsv[:, row, column], expected, atol=1e-6, rtol=1e-9)


def test_scores_and_affinity_are_those_of_the_core() -> None:
    frames = random_frames(2)
    scores = hsv_scores(as_clip(frames), torch.tensor([5]))
    np.testing.assert_allclose(scores[0].numpy(), hsv_l1(frames, 5), rtol=1e-6, atol=1e-6)
    statistics = np.stack([np.full(16, 10.0), np.linspace(40, 80, 16)], axis=1)
    expected = measured_affinity(frames, 5, statistics=statistics)
    ours = scores_to_affinity(scores, torch.tensor([5]), torch.from_numpy(statistics))
    np.testing.assert_allclose(ours[0].numpy(), expected, atol=1e-6)


def test_statistics_bound_what_was_measured_per_distance() -> None:
    scores = torch.arange(32.0).reshape(2, 16)
    statistics = measure_statistics(scores, torch.tensor([0, 0]), quantile=1.0)
    assert statistics.shape == (16, 2)
    assert statistics[3].tolist() == [3.0, 19.0]
