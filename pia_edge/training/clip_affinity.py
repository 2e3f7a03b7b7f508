"""Affinity measured on batches of clips in torch: HSV distance to the condition frame, normalised per distance."""

from __future__ import annotations

import torch
from torch import Tensor

COEFFICIENT_RANGE = 0.8


def rgb_to_hsv(pixels: Tensor) -> Tensor:
    """Return HSV of RGB (..., 3, height, width) in [0, 1]: hue in degrees, saturation 0 … 1, value 0 … 255."""
    red, green, blue = pixels.unbind(-3)
    value = pixels.amax(-3)
    chroma = value - pixels.amin(-3)
    safe = chroma.clamp_min(1e-8)
    hue = torch.where(
        value == red,
        (green - blue) / safe,
        torch.where(value == green, 2 + (blue - red) / safe, 4 + (red - green) / safe),
    )
    hue = torch.where(chroma > 0, (60 * hue) % 360, torch.zeros_like(hue))
    saturation = torch.where(value > 0, chroma / value.clamp_min(1e-8), torch.zeros_like(value))
    return torch.stack([hue, saturation, value * 255], dim=-3)


def hsv_scores(frames: Tensor, condition_frame: Tensor) -> Tensor:
    """Return the HSV L1 distance (clips, frames) of each frame to its clip's condition frame.

    Paper, section 3.3: mean over pixels of (|dH| + |dS| + |dV|) / 3, H as a plain difference of degrees.

    Args:
        frames: RGB (clips, frames, 3, height, width) in [0, 1].
        condition_frame: index of the condition frame of each clip, (clips,).
    """
    hsv = rgb_to_hsv(frames)
    chosen = hsv[torch.arange(len(hsv)), condition_frame][:, None]
    return (hsv - chosen).abs().mean((-3, -2, -1))


def frame_distances(condition_frame: Tensor, num_frames: int) -> Tensor:
    """Return |frame - condition frame|, (clips, frames)."""
    return (torch.arange(num_frames)[None] - condition_frame[:, None]).abs()


def measure_statistics(scores: Tensor, condition_frame: Tensor, quantile: float = 0.95) -> Tensor:
    """Return the lowest and the ``quantile`` score at each distance from the condition frame, (frames, 2)."""
    num_frames = scores.shape[1]
    distances = frame_distances(condition_frame, num_frames)
    rows = []
    for distance in range(num_frames):
        found = scores[distances == distance]
        rows.append(torch.stack([found.min(), torch.quantile(found, quantile)]))
    return torch.stack(rows)


def scores_to_affinity(scores: Tensor, condition_frame: Tensor, statistics: Tensor) -> Tensor:
    """Return affinity (clips, frames): 1 at the condition frame, down to 0.2 for the largest distance.

    Scores above a row's maximum become 0.95 of it and those below its minimum the minimum, as in the
    paper's code; then affinity = 1 - 0.8 · score / maximum.

    Args:
        scores: from ``hsv_scores``.
        condition_frame: (clips,).
        statistics: rows of (minimum, maximum) by distance, (frames, 2), or such rows for each clip.
    """
    distances = frame_distances(condition_frame, scores.shape[1])
    rows = statistics.expand(len(scores), -1, -1)
    lowest, highest = rows[torch.arange(len(scores))[:, None], distances].unbind(-1)
    clamped = torch.where(scores > highest, 0.95 * highest, torch.maximum(scores, lowest))
    affinity = 1 - COEFFICIENT_RANGE * clamped / (highest + 1e-10)
    return torch.where(distances == 0, torch.ones_like(affinity), affinity)
