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
        f'font-size="13"><rect width="{_WIDTH}" height="{height}" fill="#fcfcfa"/>',
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


def lines(title: str, places: Sequence[float], means: Sequence[Mean]) -> str:
    """Return a curve over ``places`` with the band of its intervals, as SVG."""
    height, left, bottom = 300, 60, 250
    most = max(mean.high for mean in means) or 1.0
    low, high = min(places), max(places)

    def at(place: float, value: float) -> str:
        across = left + (place - low) / (high - low) * (_WIDTH - left - 30)
        return f"{across:.1f},{bottom - value / most * (bottom - 50):.1f}"

    upper = [at(place, mean.high) for place, mean in zip(places, means, strict=True)]
    lower = [at(place, mean.low) for place, mean in zip(places, means, strict=True)]
    middle = [at(place, mean.value) for place, mean in zip(places, means, strict=True)]
    marks = [
        f'<text x="{at(place, 0).split(",")[0]}" y="{bottom + 20}" text-anchor="middle" fill="#333">{place:g}</text>'
        for place in places
    ]
    return (
        "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" font-family="sans-serif" '
                f'font-size="13"><rect width="{_WIDTH}" height="{height}" fill="#fcfcfa"/>',
                f'<text x="12" y="22" font-weight="bold" fill="#222">{escape(title)}</text>',
                f'<polygon points="{" ".join([*upper, *reversed(lower)])}" fill="#4a7ba6" opacity="0.25"/>',
                f'<polyline points="{" ".join(middle)}" fill="none" stroke="#2f5f8a" stroke-width="2"/>',
                f'<path d="M{left} {bottom}H{_WIDTH - 30}" stroke="#888"/>',
                f'<text x="{left - 8}" y="{bottom}" text-anchor="end" fill="#333">0</text>',
                f'<text x="{left - 8}" y="56" text-anchor="end" fill="#333">{most:.0f}</text>',
                *marks,
                "</svg>",
            ]
        )
        + "\n"
    )
