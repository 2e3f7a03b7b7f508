"""Files and folders of other architectures: few tensors, zeros, but with the names and shapes that tell them apart."""

from functools import partial
from pathlib import Path

import torch

from tests.standins.diffusers_base import MODEL_INDEX, weight_file, write_json
from tests.standins.foreign_names import INDEX, NAMES, UNET
from tests.standins.lazy import Lazy, Shapes, State
from tests.standins.ldm_base import UNET as LDM_UNET
from tests.standins.ldm_base import state as ldm_state
from tests.standins.sizes import StandIn
from tests.standins.writing import PICKLE_SUFFIXES, write, write_pickle

WIDER_INPUTS = {"inpainting": 9, "instruct-pix2pix": 8}
"""Stable Diffusion 1.5 with more input channels, and how many; the rest of such a file is a whole base model."""
KINDS = (*NAMES, *WIDER_INPUTS)
FOLDER_KINDS = tuple(INDEX)


def write_foreign(path: Path, kind: str, size: StandIn | None = None) -> Path:
    """Write a single file of a kind of ``KINDS``, by suffix; ``WIDER_INPUTS`` are made from the base ``size``."""
    if kind in WIDER_INPUTS:
        assert size is not None, "these are whole base models and need a size"
        return write(path, wider_input(ldm_state(size), WIDER_INPUTS[kind]), wrapper={"global_step": 440000})
    state = zeros(NAMES[kind])
    if kind == "ip-adapter" and path.suffix in PICKLE_SUFFIXES:
        nested: dict[str, State] = {"image_proj": {}, "ip_adapter": {}}
        for name, lazy in state.items():
            group, _, rest = name.partition(".")
            nested[group][rest] = lazy
        return write_pickle(path, nested)
    return write(path, state)


def write_foreign_folder(folder: Path, kind: str) -> Path:
    """Write model_index.json, the UNet's or transformer's config.json, and a few weights."""
    own = "unet" in INDEX[kind] or "transformer" in INDEX[kind]
    write_json(folder / "model_index.json", INDEX[kind] if own else MODEL_INDEX | INDEX[kind])
    name = "transformer" if "transformer" in INDEX[kind] else "unet"
    config, shapes = UNET[kind]
    write_json(folder / name / "config.json", config)
    write(folder / name / weight_file(False, "safetensors"), zeros(shapes))
    return folder


def wider_input(state: State, channels: int) -> State:
    """Return a single file's content with ``channels`` inputs; the new ones are zeros, as a training starts."""
    name = f"{LDM_UNET}input_blocks.0.0.weight"
    four = state[name]
    shape = (four.shape[0], channels, 3, 3)

    def make() -> torch.Tensor:
        weight = torch.zeros(shape, dtype=four.dtype)
        weight[:, :4] = four.tensor()
        return weight

    return state | {name: Lazy(shape, make, four.dtype)}


def zeros(shapes: Shapes) -> State:
    return {name: Lazy(shape, partial(torch.zeros, shape), torch.float16) for name, shape in shapes.items()}
