"""Whole-number frame delays whose sum does not drift from the clip's duration."""

import itertools
import math


def frame_delays(num_frames: int, fps: float, ticks_per_second: int) -> list[int]:
    """How many ticks each frame is shown, at least one.

    Each frame ends at its exact time rounded to a tick (halves up), so at 8 fps GIF's ticks of 10 ms alternate
    between 130 ms and 120 ms and the clip keeps its duration; 120 ms throughout would play 4 % too fast.
    """
    ends = [math.floor(frame * ticks_per_second / fps + 0.5) for frame in range(num_frames + 1)]
    return [max(1, end - start) for start, end in itertools.pairwise(ends)]
