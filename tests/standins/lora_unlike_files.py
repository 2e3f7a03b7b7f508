"""LoRAs that are not a plain product of two factors, or that belong to another base model."""

import math
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, TypeAlias

import torch
from torch import Tensor

from tests.standins.lora_files import Tensors, kohya_name, kohya_tensors, layers_of, save_tensors
from tests.standins.lora_layers import TRANSFORMER, Kind, Layer, Lora, draw_factors
from tests.standins.sizes import StandIn

RANK = 2
Method: TypeAlias = Literal["dora", "loha", "lokr", "diff", "ia3"]
Base: TypeAlias = Literal["sdxl", "sd2", "flux"]

FOREIGN: dict[Base, dict[str, tuple[int, int]]] = {
    "sdxl": {
        "lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q": (640, 640),
        "lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k": (640, 2048),
        "lora_unet_input_blocks_8_1_transformer_blocks_9_ff_net_0_proj": (10240, 1280),
        "lora_unet_middle_block_1_transformer_blocks_9_attn2_to_v": (1280, 2048),
        "lora_unet_middle_block_1_proj_in": (1280, 1280),
        "lora_unet_output_blocks_0_1_transformer_blocks_3_attn1_to_out_0": (1280, 1280),
        "lora_te1_text_model_encoder_layers_0_self_attn_q_proj": (768, 768),
        "lora_te2_text_model_encoder_layers_31_mlp_fc1": (5120, 1280),
    },
    "sd2": {
        "lora_unet_down_blocks_0_attentions_0_proj_in": (320, 320),
        "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q": (320, 320),
        "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k": (320, 1024),
        "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_v": (1280, 1024),
        "lora_te_text_model_encoder_layers_22_self_attn_q_proj": (1024, 1024),
    },
    "flux": {
        "lora_unet_double_blocks_0_img_attn_qkv": (9216, 3072),
        "lora_unet_single_blocks_37_linear1": (21504, 3072),
        "lora_te1_text_model_encoder_layers_0_self_attn_q_proj": (768, 768),
    },
}
"""Under kohya's names, (out, in) of a few layers that tell the base model."""
VERSIONS: dict[Base, str] = {"sdxl": "sdxl_base_v1-0", "sd2": "sd_v2", "flux": "flux1"}


def write_lora_of_another_method(
    path: Path, size: StandIn, method: Method, *, kinds: Iterable[Kind] = TRANSFORMER, text: bool = True
) -> Path:
    """Write DoRA or one of LyCORIS' methods: LoHa, LoKr, full differences, (IA)^3."""
    layers = layers_of(size, kinds, text)
    tensors: Tensors = kohya_tensors(draw_factors(layers)) if method == "dora" else {}
    for layer in layers:
        name = kohya_name(layer)
        tensors |= {f"{name}.{key}": tensor.half() for key, tensor in _extra(layer, method).items()}
    module = "networks.lora" if method == "dora" else "lycoris.kohya"
    return save_tensors(path, tensors, {"ss_network_module": module, "ss_base_model_version": "sd_v1"})


def write_lora_of_another_base(path: Path, base: Base, *, dtype: torch.dtype = torch.float16) -> Lora:
    """Write kohya's names for Stable Diffusion XL (names of the LDM code), 2.1, or Flux."""
    factors = draw_factors(
        [Layer("unet", name, shape) for name, shape in FOREIGN[base].items()], rank=RANK, dtype=dtype
    )
    tensors: Tensors = {}
    for each in factors:
        name = each.layer.name
        tensors |= {f"{name}.lora_down.weight": each.down, f"{name}.lora_up.weight": each.up}
        tensors[f"{name}.alpha"] = torch.tensor(float(RANK), dtype=dtype)
    metadata = {"ss_network_module": "networks.lora", "ss_base_model_version": VERSIONS[base]}
    return Lora(save_tensors(path, tensors, metadata), factors)


def _extra(layer: Layer, method: Method) -> Tensors:
    out, inner, *kernel = layer.shape
    flat = inner * math.prod(kernel)
    if method == "dora":
        return {"dora_scale": _normal(layer, out, *[1] * (len(layer.shape) - 1)).abs()}
    if method == "ia3":
        return {"weight": _normal(layer, out), "on_input": torch.tensor(False)}
    if method == "diff":
        return {"diff": _normal(layer, *layer.shape), "diff_b": _normal(layer, out)}
    alpha = {"alpha": torch.tensor(float(RANK))}
    if method == "loha":
        sides = {f"hada_w{index}_a": _normal(layer, out, RANK) for index in (1, 2)}
        return sides | {f"hada_w{index}_b": _normal(layer, RANK, flat) for index in (1, 2)} | alpha
    factor = 2 if out % 2 == 0 and inner % 2 == 0 else 1
    small, large = _normal(layer, factor, factor), _normal(layer, out // factor, inner // factor, *kernel)
    return {"lokr_w1": small, "lokr_w2": large} | alpha


def _normal(layer: Layer, *shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(zlib.crc32(layer.name.encode()))
    return torch.randn(shape, generator=generator)
