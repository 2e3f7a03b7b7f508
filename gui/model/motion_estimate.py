"""How much will move, told from the affinity alone, before anything is computed."""

from collections.abc import Sequence
from enum import Enum

from pia_edge.affinity import affinity_curve
from pia_edge.motion import Level, Motion


class Amount(Enum):
    """A word for how much moves, and up to which part of the paper's large motion it is the word."""

    STILL = 0.08
    LITTLE = 0.58
    SOME = 0.83
    MUCH = 1.25
    VERY_MUCH = float("inf")


def estimated_motion(affinity: Sequence[float], condition_frame: int) -> float:
    """Return how far a curve lies below 1 on average, as a part of how far the paper's large motion does.

    0 stands still, small is near 0.5, medium near 0.7 and large 1.
    """
    large = affinity_curve(Motion(level=Level.LARGE), len(affinity), condition_frame)
    farthest = float((1 - large).mean())
    mean = sum(1 - value for value in affinity) / len(affinity)
    return mean / farthest if farthest > 0 else 0.0


def amount(estimate: float) -> Amount:
    """Return the word for :func:`estimated_motion`."""
    return next(word for word in Amount if estimate < word.value or word is Amount.VERY_MUCH)
