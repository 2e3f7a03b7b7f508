"""How far a motion has gone in each frame of a clip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

NUM_FRAMES = 16
EVEN, THERE_AND_BACK = 0.5, 0.3
"""Shares of clips; in the rest motions go back and forth at will."""
TURNS = 4


@dataclass(frozen=True, kw_only=True)
class Course:
    """The frames of a clip."""

    time: Tensor
    """When each is filmed, 0 … 1 of the clip: waves roll on and snow falls, whatever ``gone`` is."""
    gone: Tensor
    """How far the camera, the light or the weather has gone from the picture, 0 … 1 of its way."""

    def onset(self) -> Tensor:
        """Return how far what rolls or flickers has set in, 0 … 1: all of it after a tenth of the way."""
        return (self.gone * 10).clamp(0, 1)

    def __getitem__(self, frames: list[int]) -> Course:
        return Course(time=self.time[frames], gone=self.gone[frames])


def even_course() -> Course:
    """Return the course of a motion that goes on evenly."""
    time = torch.linspace(0, 1, NUM_FRAMES)
    return Course(time=time, gone=time)


def draw_course(generator: np.random.Generator) -> Course:
    """Draw a course: even, there and back, or at will.

    Were all even, a network would know how far a frame is from the picture by its number alone, and neither loops nor
    curves that users draw would come back to the picture.
    """
    even, draw = even_course(), generator.random()
    if draw < EVEN:
        return even
    if draw < EVEN + THERE_AND_BACK:
        return Course(time=even.time, gone=1 - (2 * even.time - 1).abs())
    turns = np.concatenate([[0.0], generator.uniform(0, 1, TURNS)])
    gone = np.interp(even.time.numpy(), np.linspace(0, 1, len(turns)), turns)
    return Course(time=even.time, gone=torch.from_numpy(gone).float())
