"""LoRAs for Stable Diffusion 1.5 in the namings of kohya, diffusers and peft."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from tests.standins.diffusers_base import write_json
from tests.standins.lazy import fixed
from tests.standins.lora_layers import TRANSFORMER, Factors, Kind, Layer, Lora, draw_factors, text_layers, unet_layers
from tests.standins.sizes import StandIn
from tests.standins.writing import PICKLE_SUFFIXES, write, write_safetensors

KOHYA_METADATA = {
    "ss_network_module": "networks.lora",
    "ss_network_dim": "4",
    "ss_network_alpha": "4.0",
    "ss_base_model_version": "sd_v1",
    "ss_v2": "False",
    "ss_sd_model_name": "v1-5-pruned-emaonly.safetensors",
}
OLD_TEXT = {"q_proj": "to_q_lora", "k_proj": "to_k_lora", "v_proj": "to_v_lora", "out_proj": "to_out_lora"}
Tensors = dict[str, Tensor]


def write_kohya(
    path: Path,
    size: StandIn,
    *,
    text: bool = True,
    kinds: Iterable[Kind] = TRANSFORMER,
    mid: bool = False,
    alpha: float | Literal["varied"] | None = "varied",
    rank: int | None = None,
    dtype: torch.dtype = torch.float16,
    seed: int = 0,
) -> Lora:
    """Write kohya's names; every ``Kind`` together is LoCon, with ``mid`` in its CP form."""
    factors = draw_factors(layers_of(size, kinds, text), rank=rank, alpha=alpha, mid=mid, dtype=dtype, seed=seed)
    return Lora(save_tensors(path, kohya_tensors(factors), KOHYA_METADATA), factors)


def write_lcm(path: Path, size: StandIn) -> Lora:
    """Write an LCM-LoRA: kohya's names, no text encoder, resnets and the time embedding included."""
    kinds = (*TRANSFORMER, Kind.CONVOLUTIONS, Kind.TIME)
    factors = draw_factors(unet_layers(size, kinds), rank=4, alpha=4.0)
    return Lora(save_tensors(path, kohya_tensors(factors), {"format": "pt"}), factors)


def write_diffusers_old(path: Path, size: StandIn, *, prefix: bool = True, text: bool = True, rank: int = 4) -> Lora:
    """Write the processor names of diffusers up to 0.21, as ``.safetensors`` or ``.bin``.

    Args:
        prefix: ``False`` for the earliest files: no ``unet.``, no text encoder.
    """
    factors = draw_factors(layers_of(size, (Kind.ATTENTION,), text and prefix), rank=rank, alpha=None)
    tensors: Tensors = {}
    for each in factors:
        name = _old_name(each.layer)
        head = f"{each.layer.part}." if prefix else ""
        tensors |= {f"{head}{name}.down.weight": each.down, f"{head}{name}.up.weight": each.up}
    return Lora(save_tensors(path, tensors, {"format": "pt"}), factors)


def write_diffusers(path: Path, size: StandIn, *, text: bool = True, rank: int = 4) -> Lora:
    """Write ``to_q.lora.down`` for the UNet and ``q_proj.lora_linear_layer.down`` for the text encoder."""
    factors = draw_factors(layers_of(size, TRANSFORMER, text), rank=rank, alpha=None)
    tensors: Tensors = {}
    for each in factors:
        kind = "lora" if each.layer.part == "unet" else "lora_linear_layer"
        name = f"{each.layer.part}.{each.layer.name}.{kind}"
        tensors |= {f"{name}.down.weight": each.down, f"{name}.up.weight": each.up}
    return Lora(save_tensors(path, tensors, {"format": "pt"}), factors)


def write_peft(path: Path, size: StandIn, *, text: bool = True, metadata: bool = True) -> Lora:
    """Write ``unet.….lora_A.weight`` as diffusers saves it today.

    Args:
        metadata: keep ranks and alphas, different in each layer, in ``lora_adapter_metadata``; otherwise the rank
            is 4 everywhere and nothing states an alpha.
    """
    layers = layers_of(size, (Kind.ATTENTION, Kind.FEED_FORWARD), text)
    factors = draw_factors(layers, rank=None if metadata else 4, alpha="varied" if metadata else None)
    tensors: Tensors = {}
    for each in factors:
        name = f"{each.layer.part}.{each.layer.name}"
        tensors |= {f"{name}.lora_A.weight": each.down, f"{name}.lora_B.weight": each.up}
    described: dict[str, str] = {"format": "pt"}
    if metadata:
        parts = {each.layer.part for each in factors}
        entries = {f"{part}.{key}": value for part in parts for key, value in _peft_config(factors, part).items()}
        described["lora_adapter_metadata"] = json.dumps(entries, indent=2, sort_keys=True)
    return Lora(save_tensors(path, tensors, described), factors)


def write_peft_folder(folder: Path, size: StandIn, *, patterns: bool = False) -> Lora:
    """Write a UNet's adapter as peft itself saves it: ``base_model.model.`` and adapter_config.json.

    Args:
        patterns: other ranks and alphas in some layers, told by the configuration's patterns.
    """
    layers = unet_layers(size, (Kind.ATTENTION,))
    factors = draw_factors(layers) if patterns else draw_factors(layers, rank=4, alpha=8.0)
    tensors: Tensors = {}
    for each in factors:
        name = f"base_model.model.{each.layer.name}"
        tensors |= {f"{name}.lora_A.weight": each.down, f"{name}.lora_B.weight": each.up}
    write_json(folder / "adapter_config.json", {"peft_type": "LORA", **_peft_config(factors, "unet")})
    save_tensors(folder / "adapter_model.safetensors", tensors, {"format": "pt"})
    return Lora(folder, factors)


def layers_of(size: StandIn, kinds: Iterable[Kind], text: bool) -> list[Layer]:
    return unet_layers(size, kinds) + (text_layers(size) if text else [])


def kohya_name(layer: Layer) -> str:
    return ("lora_unet_" if layer.part == "unet" else "lora_te_") + layer.name.replace(".", "_")


def kohya_tensors(factors: Iterable[Factors]) -> Tensors:
    """Return the tensors under kohya's names."""
    tensors: Tensors = {}
    for each in factors:
        name = kohya_name(each.layer)
        tensors |= {f"{name}.lora_down.weight": each.down, f"{name}.lora_up.weight": each.up}
        if each.alpha is not None:
            tensors[f"{name}.alpha"] = torch.tensor(each.alpha, dtype=each.down.dtype)
        if each.mid is not None:
            tensors[f"{name}.lora_mid.weight"] = each.mid
    return tensors


def _old_name(layer: Layer) -> str:
    stem, _, last = layer.name.rpartition(".")
    if layer.part == "text_encoder":
        return f"{stem}.{OLD_TEXT.get(last, last + '.lora_linear_layer')}"
    if last == "0":
        stem, last = stem.removesuffix(".to_out"), "to_out"
    return f"{stem}.processor.{last}_lora"


def _peft_config(factors: Iterable[Factors], part: str) -> dict[str, Any]:
    chosen = [each for each in factors if each.layer.part == part]
    first = chosen[0]
    return {
        "r": first.rank,
        "lora_alpha": first.alpha,
        "rank_pattern": {each.layer.name: each.rank for each in chosen if each.rank != first.rank},
        "alpha_pattern": {each.layer.name: each.alpha for each in chosen if each.alpha != first.alpha},
        "target_modules": sorted(each.layer.name for each in chosen),
        "use_rslora": False,
        "use_dora": False,
        "bias": "none",
        "lora_bias": False,
        "fan_in_fan_out": False,
        "lora_dropout": 0.0,
        "init_lora_weights": True,
    }


def save_tensors(path: Path, tensors: Tensors, metadata: dict[str, str]) -> Path:
    """Write by suffix; a pickle holds no metadata."""
    state = {name: fixed(tensor) for name, tensor in tensors.items()}
    return write(path, state) if path.suffix in PICKLE_SUFFIXES else write_safetensors(path, state, metadata)
