"""PIA's weights in every layout they are found in; original names keep both position buffers of a block."""

from pathlib import Path
from typing import Any

import torch

from tests.standins.diffusers_base import Weights, weight_file, write_json
from tests.standins.lazy import State, cast, prefixed
from tests.standins.motion_names import motion_state, to_diffusers
from tests.standins.sizes import StandIn, unet_state
from tests.standins.writing import PICKLE_SUFFIXES, write, write_pickle


def pia_state(size: StandIn) -> State:
    """Return what the released pia.ckpt holds: conv_in and motion modules, fp32, the paper's names."""
    return _conv_in(size) | motion_state(size)


def training_state(size: StandIn) -> State:
    """Return what PIA's train.py writes: the whole UNet, flat."""
    return unet_state(size) | pia_state(size)


def write_pia(
    path: Path,
    size: StandIn,
    *,
    whole_unet: bool = False,
    module_prefix: bool = False,
    wrapper: bool = False,
    dtype: torch.dtype = torch.float32,
    location: str = "cpu",
) -> Path:
    """Write PIA under original names, by suffix; with the defaults and ``.ckpt`` it is the release's layout.

    Args:
        whole_unet: the whole UNet, as a training run writes it.
        module_prefix: every name begins with ``module.``, as PyTorch's data parallelism saves it.
        wrapper: for a pickle, ``{"epoch": …, "global_step": …, "state_dict": …}``.
        location: where the tensors of a pickle lay, such as ``cuda:0``.
    """
    state = cast(training_state(size) if whole_unet else pia_state(size), dtype)
    if module_prefix:
        state = prefixed(state, "module.")
    steps = {"epoch": 3, "global_step": 30000}
    if path.suffix in PICKLE_SUFFIXES and location != "cpu":
        return write_pickle(path, {"state_dict": state, **steps} if wrapper else state, location)
    return write(path, state, wrapper=steps if wrapper else None)


def adapter_state(size: StandIn) -> State:
    """Return PIA under the names of ``diffusers.MotionAdapter`` with nine input channels."""
    return to_diffusers(pia_state(size))


def write_pia_adapter(
    folder: Path, size: StandIn, *, weights: Weights = "safetensors", dtype: torch.dtype = torch.float32
) -> Path:
    """Write a folder like ``openmmlab/PIA-condition-adapter``."""
    write_json(folder / "config.json", adapter_config(size.channels, mid=False, positions=32, conv_in_channels=9))
    write(folder / weight_file(False, weights), cast(adapter_state(size), dtype))
    return folder


def write_pia_adapter_file(path: Path, size: StandIn, *, dtype: torch.dtype = torch.float32) -> Path:
    """Write the adapter's weights alone, by suffix."""
    return write(path, cast(adapter_state(size), dtype))


def adapter_config(
    channels: tuple[int, ...], *, mid: bool, positions: int, conv_in_channels: int | None
) -> dict[str, Any]:
    """Return config.json of a published ``MotionAdapter``; today's diffusers adds keys with the same meaning."""
    config: dict[str, Any] = {
        "_class_name": "MotionAdapter",
        "_diffusers_version": "0.26.0.dev0",
        "block_out_channels": list(channels),
        "motion_layers_per_block": 2,
        "motion_max_seq_length": positions,
        "motion_mid_block_layers_per_block": 1,
        "motion_norm_num_groups": 32,
        "motion_num_attention_heads": 8,
        "use_motion_mid_block": mid,
    }
    return config if conv_in_channels is None else config | {"conv_in_channels": conv_in_channels}


def _conv_in(size: StandIn) -> State:
    width = size.channels[0]
    shapes: dict[str, tuple[int, ...]] = {"conv_in.weight": (width, 9, 3, 3), "conv_in.bias": (width,)}
    # A reference run has one conv_in; elsewhere PIA's own differs from the base model's.
    prefix = "" if size.published else "pia."
    return {name: size.draw(prefix + name, shape) for name, shape in shapes.items()}
