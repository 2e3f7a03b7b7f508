"""Means with confidence intervals, and plain charts as SVG."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np


@dataclass(frozen=True)
class Mean:
    """A mean with its 95 % confidence interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


def mean_of(values: Mapping[str, Sequence[float]], seed: int = 0, rounds: int = 2000) -> Mean:
    """Return the mean over pictures, and its interval by drawing pictures again (bootstrap).

    Args:
        values: by picture, one for each seed: seeds of one picture are no independent measurements.
        seed: of the draws.
        rounds: how many draws.
    """
    means = np.array([np.mean(of_picture) for of_picture in values.values()])
    random = np.random.default_rng(seed)
    drawn = means[random.integers(0, len(means), (rounds, len(means)))].mean(1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Mean(float(means.mean()), float(low), float(high))


_WIDTH, _BAR, _LEFT = 640, 26, 190


def bars(title: str, values: Mapping[str, Mean], unit: str) -> str:
    """Return horizontal bars with their intervals, as SVG that reads on light and dark pages."""
    height = 44 + _BAR * len(values)
    most = max(mean.high for mean in values.values()) or 1.0
    scale = (_WIDTH - _LEFT - 90) / most
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" font-family="sans-serif" '
        f'font-size="13"><rect width="100%" height="100%" fill="#fcfcfa"/>',
        f'<text x="12" y="22" font-weight="bold" fill="#222">{escape(title)}</text>',
    ]
    for row, (name, mean) in enumerate(values.items()):
        top = 36 + _BAR * row
        middle = top + _BAR / 2 - 3
        parts += [
            f'<text x="{_LEFT - 8}" y="{middle + 5}" text-anchor="end" fill="#333">{escape(name)}</text>',
            f'<rect x="{_LEFT}" y="{top}" width="{max(mean.value, 0) * scale:.1f}" height="{_BAR - 8}" '
            f'fill="#4a7ba6"/>',
            f'<path d="M{_LEFT + mean.low * scale:.1f} {middle}H{_LEFT + mean.high * scale:.1f}" stroke="#222" '
            f'stroke-width="2"/>',
            f'<text x="{_LEFT + max(mean.high, mean.value) * scale + 8:.1f}" y="{middle + 5}" fill="#333">'
            f"{mean.value:.2f} {escape(unit)}</text>",
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"
