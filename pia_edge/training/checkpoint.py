"""What a training stage leaves: its step, its weights and their moving average, read without running pickled code."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from pia_edge.errors import BundleError


def read_checkpoint(path: Path) -> dict[str, object]:
    """Return a checkpoint's dictionary, tensors on the CPU; no pickled code is run.

    Raises:
        BundleError: when the file is missing.
    """
    if not path.is_file():
        raise BundleError(f"No checkpoint at {path}: run the training stage that writes it first.")
    loaded: dict[str, object] = torch.load(path, map_location="cpu", weights_only=True)
    return loaded


def averaged_weights(path: Path) -> dict[str, Tensor]:
    """Return the exponential moving average of the trained weights in a stage's checkpoint."""
    weights = read_checkpoint(path)["average"]
    if not isinstance(weights, dict):
        raise BundleError(f"{path} is not a training checkpoint: it holds no 'average'.")
    return weights
