"""The small network on which the paper's own code was run, rebuilt from its published rule of weights."""

import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pia_edge.nn.config import AttentionForm, NormMode, UNetConfig

DATA = Path(__file__).parent / "data" / "reference"


def arrays(name: str) -> dict[str, NDArray[Any]]:
    """Return every array of ``name``.npz."""
    with np.load(DATA / f"{name}.npz") as stored:
        return {key: stored[key] for key in stored.files}


def config() -> dict[str, Any]:
    """Return the small network's configuration and keys."""
    loaded: dict[str, Any] = json.loads((DATA / "config.json").read_text())
    return loaded


def original_keys() -> dict[str, list[int]]:
    """Return all keys and shapes of the full-size network as the paper's code names them."""
    loaded: dict[str, list[int]] = json.loads((DATA / "original_keys.json").read_text())
    return loaded


def draw(name: str, shape: tuple[int, ...]) -> Tensor:
    """Return the weight that the reference run used for a parameter of this name and shape."""
    random = np.random.RandomState(zlib.crc32(name.encode()) & 0x7FFFFFFF)
    numbers: NDArray[np.float32] = np.asarray(random.standard_normal(shape), dtype=np.float32)
    if len(shape) >= 2:
        numbers = numbers / np.float32(np.sqrt(np.prod(shape[1:])))
    elif name.endswith("weight"):
        numbers = 1 + np.float32(0.1) * numbers
    else:
        numbers = np.float32(0.1) * numbers
    return torch.from_numpy(numbers)


def original_state() -> dict[str, Tensor]:
    """Return the small network's weights under the paper's names, without the position buffers."""
    keys: dict[str, list[int]] = config()["keys"]
    return {name: draw(name, tuple(shape)) for name, shape in keys.items() if not name.endswith("pos_encoder.pe")}


def small_unet(norm_mode: NormMode = NormMode.PIA, attention_form: AttentionForm = AttentionForm.SDPA) -> UNetConfig:
    """Return our configuration of the small network."""
    return UNetConfig(
        block_out_channels=(32, 64, 64, 64),
        cross_attention_dim=32,
        norm_mode=norm_mode,
        attention_form=attention_form,
    )


def relative_error(ours: NDArray[Any] | Tensor, theirs: NDArray[Any] | Tensor) -> float:
    """Return the largest absolute difference over the reference's largest value."""
    ours, theirs = np.asarray(ours, dtype=np.float64), np.asarray(theirs, dtype=np.float64)
    assert ours.shape == theirs.shape
    return float(np.abs(ours - theirs).max() / np.abs(theirs).max())
