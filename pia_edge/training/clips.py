"""Clips to learn from: filmed pictures with captions, and how far each kind of motion goes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .captions import MotionKind, clip_caption
from .clip_affinity import hsv_scores, measure_statistics
from .course import NUM_FRAMES, draw_course
from .motions import draw_motion, draw_window, film
from .pictures import Pictures

TEXT_DROP = 0.1
FIRST_FRAME_SHARE = 0.9
STATISTICS_CLIPS = 64
"""Of each kind of motion."""
KINDS = list(MotionKind)


@dataclass(frozen=True, kw_only=True)
class ClipBatch:
    """Clips to learn from."""

    frames: Tensor
    """RGB (clips, frames, 3, size, size) in [0, 1]."""
    condition_frame: Tensor
    """(clips,)."""
    texts: list[str]
    kinds: Tensor
    """Which of ``KINDS`` each clip shows, (clips,)."""


def draw_condition_frame(generator: np.random.Generator) -> int:
    """Draw which frame the picture is.

    Any frame can be the condition frame, as in the paper, but most often it is the first: that is the one users
    animate from, and a short run learns little from the rest.
    """
    return 0 if generator.random() < FIRST_FRAME_SHARE else int(generator.integers(0, NUM_FRAMES))


def draw_text(generator: np.random.Generator, caption: str, kind: MotionKind) -> str:
    """Draw what is said of a clip: what it shows and how it moves, or nothing."""
    return "" if generator.random() < TEXT_DROP else clip_caption(generator, caption, kind)


def draw_clips(
    pictures: Pictures, generator: np.random.Generator, size: int, batch: int, kind: MotionKind | None = None
) -> ClipBatch:
    """Return clips with captions and their condition frames, of one kind of motion or of any."""
    clips, texts, chosen, kinds = [], [], [], []
    for index in generator.integers(0, len(pictures.captions), batch):
        canvas, caption = pictures.canvases[int(index)], pictures.captions[int(index)]
        window, motion = draw_window(generator, canvas.shape[-1], size), draw_motion(generator, kind)
        clips.append(film(canvas, motion, window, draw_course(generator)))
        texts.append(draw_text(generator, caption, motion.kind))
        chosen.append(draw_condition_frame(generator))
        kinds.append(KINDS.index(motion.kind))
    return ClipBatch(
        frames=torch.stack(clips), condition_frame=torch.tensor(chosen), texts=texts, kinds=torch.tensor(kinds)
    )


def clip_statistics(pictures: Pictures, seed: int) -> Tensor:
    """Return the affinity statistics of each kind of motion, (kinds, 16, 2).

    A pan changes a picture far more than snow does. With one maximum for all, as in the paper, where clips of the same
    kind already differ as much, "large" would mean a pan of half its range and no snow at all; with one for each kind
    affinity says how much of its own range a motion takes.
    """
    rows = []
    for number, kind in enumerate(KINDS):
        generator = np.random.default_rng((seed, 4, number))
        drawn = draw_clips(pictures, generator, 128, STATISTICS_CLIPS, kind)
        frame = torch.from_numpy(generator.integers(0, NUM_FRAMES, STATISTICS_CLIPS))
        rows.append(measure_statistics(hsv_scores(drawn.frames, frame), frame))
    return torch.stack(rows)
