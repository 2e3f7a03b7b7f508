"""AnimateDiff's motion modules: what people may take for PIA, and what some use beside it."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import torch

from tests.standins.diffusers_base import Weights, weight_file, write_json
from tests.standins.lazy import State, cast, prefixed
from tests.standins.motion_names import motion_state, to_diffusers
from tests.standins.pia_files import adapter_config
from tests.standins.sizes import StandIn
from tests.standins.writing import write


@dataclass(frozen=True)
class _Layout:
    positions: int
    mid: bool
    levels: int


class AnimateDiff(Enum):
    """The published versions; the first has no module in the middle block, as its configuration says."""

    V1 = _Layout(positions=24, mid=False, levels=4)
    V2 = _Layout(positions=32, mid=True, levels=4)
    V3 = _Layout(positions=32, mid=False, levels=4)
    SDXL = _Layout(positions=32, mid=False, levels=3)


def animatediff_state(size: StandIn, version: AnimateDiff, *, mid: bool | None = None) -> State:
    """Return the original names, fp32; ``mid`` overrides whether the middle block has a module."""
    layout = version.value
    return motion_state(
        size,
        channels=size.channels[: layout.levels],
        mid=layout.mid if mid is None else mid,
        positions=layout.positions,
        draw_prefix=f"{version.name}.",
    )


def write_animatediff(
    path: Path,
    size: StandIn,
    version: AnimateDiff,
    *,
    mid: bool | None = None,
    module_prefix: bool = False,
    wrapper: bool = False,
    dtype: torch.dtype = torch.float32,
) -> Path:
    """Write original names by suffix, such as ``mm_sd_v15_v2.ckpt``."""
    state = cast(animatediff_state(size, version, mid=mid), dtype)
    if module_prefix:
        state = prefixed(state, "module.")
    return write(path, state, wrapper={"epoch": 5, "global_step": 100000} if wrapper else None)


def write_animatediff_adapter(
    folder: Path,
    size: StandIn,
    version: AnimateDiff,
    *,
    weights: Weights = "safetensors",
    dtype: torch.dtype = torch.float32,
) -> Path:
    """Write a folder like ``guoyww/animatediff-motion-adapter-v1-5-2``: no conv_in."""
    layout = version.value
    channels = size.channels[: layout.levels]
    config = adapter_config(channels, mid=layout.mid, positions=layout.positions, conv_in_channels=None)
    write_json(folder / "config.json", config)
    write(folder / weight_file(False, weights), cast(to_diffusers(animatediff_state(size, version)), dtype))
    return folder
