"""The shapes that a clip may be given, each at a size that the bundle accepts."""

import math
from typing import NamedTuple

from pia_edge.worker.picture_questions import LimitsFound

RATIOS = ((1, 1), (4, 3), (3, 4), (16, 9), (9, 16))
"""(width, height) of the usual ones."""

_BLOCK = 8
"""Pixels of which a request wants multiples, whatever a bundle needs."""


class Shape(NamedTuple):
    """A choice of size."""

    ratio: tuple[int, int]
    """(width, height), in small numbers; the size may differ from it by the multiple that the bundle needs."""
    size: tuple[int, int]
    """(width, height) in pixels."""


def shapes(limits: LimitsFound) -> tuple[Shape, ...]:
    """Return the shapes that may be chosen: those of the only clips that the bundle makes, or the usual ones."""
    if limits.clips:
        sizes = dict.fromkeys((clip.width, clip.height) for clip in limits.clips)
        return tuple(Shape(_reduced(size), size) for size in sizes)
    found = ((ratio, _size(limits, ratio)) for ratio in RATIOS)
    return tuple(Shape(ratio, size) for ratio, size in found if size is not None)


def _reduced(size: tuple[int, int]) -> tuple[int, int]:
    divisor = math.gcd(*size)
    return size[0] // divisor, size[1] // divisor


def _size(limits: LimitsFound, ratio: tuple[int, int]) -> tuple[int, int] | None:
    """The size of this ratio whose longer side is the usual one, or as much longer as the shorter one needs."""
    sizes = limits.sizes
    multiple = math.lcm(sizes.multiple, _BLOCK)
    part = min(ratio) / max(ratio)
    longer = sizes.long_edge // multiple * multiple
    shorter = round(longer * part / multiple) * multiple
    if shorter < sizes.minimum:
        shorter = -(-sizes.minimum // multiple) * multiple
        longer = round(shorter / part / multiple) * multiple
    if longer > sizes.maximum:
        return None
    return (longer, shorter) if ratio[0] >= ratio[1] else (shorter, longer)
