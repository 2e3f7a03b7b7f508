"""Textual-inversion embeddings of the kinds that web UIs and diffusers save."""

from pathlib import Path
from typing import Literal, TypeAlias

import torch
from torch import Tensor

from tests.standins.lazy import fixed, seeded
from tests.standins.sizes import StandIn
from tests.standins.writing import PICKLE_SUFFIXES, write, write_pickle, write_safetensors

Layout: TypeAlias = Literal["a1111", "emb_params", "diffusers", "sdxl", "parameter-dict"]


def vectors(size: StandIn, count: int, seed: int = 0) -> Tensor:
    """Return the vectors that every writer stores."""
    return seeded(seed, "embedding", (count, size.hidden)).tensor()


def write_embedding(
    path: Path,
    size: StandIn,
    layout: Layout,
    *,
    count: int = 2,
    token: str = "<cat-toy>",
    location: str = "cpu",
    seed: int = 0,
) -> Path:
    """Write an embedding by suffix.

    Args:
        layout: ``a1111`` (a pickle ``.pt``), ``emb_params`` (``.safetensors``), ``diffusers`` (token as key, both),
            ``sdxl`` (``clip_l`` and ``clip_g``, ``.safetensors``), or ``parameter-dict``: the pickle of the
            textual-inversion code itself, a class that torch's safe unpickler refuses.
        count: how many vectors; diffusers stores a single one without a first axis.
        location: where the tensors of ``a1111`` lay, such as ``cuda:0``.
    """
    stored = vectors(size, count, seed)
    if layout == "emb_params":
        return write_safetensors(path, {"emb_params": fixed(stored)})
    if layout == "sdxl":
        second = seeded(seed, "clip_g", (count, 1280))
        return write_safetensors(path, {"clip_g": second, "clip_l": seeded(seed, "clip_l", (count, 768))})
    if layout == "diffusers":
        return write(path, {token: fixed(stored[0] if count == 1 else stored)})
    assert path.suffix in PICKLE_SUFFIXES, path
    if layout == "a1111":
        return write_pickle(path, _a1111(path, stored), location)
    parameters = torch.nn.ParameterDict({"*": torch.nn.Parameter(stored, requires_grad=True)})
    torch.save({"string_to_token": {"*": torch.tensor(265)}, "string_to_param": parameters}, path)
    return path


def _a1111(path: Path, stored: Tensor) -> dict[str, object]:
    return {
        "string_to_token": {"*": 265},
        "string_to_param": {"*": fixed(stored)},
        "name": path.stem,
        "step": 4999,
        "sd_checkpoint": "81761151",
        "sd_checkpoint_name": "v1-5-pruned-emaonly",
    }
