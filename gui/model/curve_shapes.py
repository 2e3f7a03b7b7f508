"""Curves of affinity that no named motion has, as something to begin with."""

from collections.abc import Callable

import numpy as np

_LEAST = 0.5
"""The least affinity of the paper's large motion."""


def straight(num_frames: int) -> tuple[float, ...]:
    """Return the curve that falls from 1 in a straight line: the clip departs from the picture evenly."""
    return _falling(np.linspace(0, 1, num_frames))


def ease(num_frames: int) -> tuple[float, ...]:
    """Return the curve that falls from 1 slowly, then quickly, then slowly."""
    part = np.linspace(0, 1, num_frames)
    return _falling(part * part * (3 - 2 * part))


def pulse(num_frames: int) -> tuple[float, ...]:
    """Return the curve that falls from 1 twice, and is back at the picture in the middle and at the end."""
    return _falling(np.sin(np.linspace(0, 2 * np.pi, num_frames)) ** 2)


def _falling(part: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, ...]:
    return tuple(round(float(value), 3) for value in 1 - (1 - _LEAST) * part)


SHAPES: dict[str, Callable[[int], tuple[float, ...]]] = {"straight": straight, "ease": ease, "pulse": pulse}
