"""LoRAs of AnimateDiff's motion modules: the published zooms, pans, tilts and rolls, made for its second version."""

from pathlib import Path
from typing import Literal

import torch

from tests.standins.lazy import fixed
from tests.standins.lora_files import Tensors, save_tensors
from tests.standins.lora_layers import Layer, Lora, draw_factors
from tests.standins.motion_names import diffusers_name, module_shapes, modules
from tests.standins.sizes import StandIn
from tests.standins.writing import PICKLE_SUFFIXES, write_pickle

ATTENTION = (".to_q", ".to_k", ".to_v", ".to_out.0")


def write_motion_lora(
    path: Path,
    size: StandIn,
    *,
    naming: Literal["original", "diffusers"] = "original",
    mid: bool = True,
    module_prefix: bool = False,
    wrapper: bool = True,
    rank: int = 4,
    dtype: torch.dtype = torch.float32,
) -> Lora:
    """Write a motion LoRA by suffix; its layers bear our and diffusers' names, such as ``….attn1.to_q``.

    Args:
        naming: ``…attention_blocks.0.processor.to_q_lora.down.weight``, or what diffusers' script makes of it:
            ``unet.….attn1.processor.to_q_lora.down.weight``.
        mid: with the middle block, as the published ones; a network without a module there lacks it.
        module_prefix: original names that begin with ``module.``.
        wrapper: for a pickle, ``{"state_dict": …}``.
    """
    originals = _original_layers(size, mid)
    layers = [Layer("unet", diffusers_name(name), shape) for name, shape in originals.items()]
    factors = draw_factors(layers, rank=rank, alpha=None, dtype=dtype)
    tensors: Tensors = {}
    for original, each in zip(originals, factors, strict=True):
        name = _processor_name(original if naming == "original" else each.layer.name)
        head = "unet." if naming == "diffusers" else "module." if module_prefix else ""
        tensors |= {f"{head}{name}.down.weight": each.down, f"{head}{name}.up.weight": each.up}
    if path.suffix in PICKLE_SUFFIXES and wrapper:
        return Lora(write_pickle(path, {"state_dict": {name: fixed(each) for name, each in tensors.items()}}), factors)
    return Lora(save_tensors(path, tensors, {"format": "pt"}), factors)


def _original_layers(size: StandIn, mid: bool) -> dict[str, tuple[int, ...]]:
    return {
        f"{module}.{rest.removesuffix('.weight')}": shape
        for module, width in modules(size.channels, mid=mid).items()
        for rest, shape in module_shapes(width, 32).items()
        if rest.removesuffix(".weight").endswith(ATTENTION)
    }


def _processor_name(name: str) -> str:
    stem, _, last = name.removesuffix(".0").rpartition(".")
    return f"{stem}.processor.{last}_lora"
