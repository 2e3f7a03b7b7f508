"""Base models as folders of diffusers, laid out as the Stable Diffusion 1.5 repository."""

import json
from pathlib import Path
from typing import Any, Literal, TypeAlias

import torch

from tests.standins.lazy import State, cast
from tests.standins.sizes import StandIn, text_config, text_state, unet_config, unet_state, vae_config, vae_state
from tests.standins.vocabulary import write_tokenizer
from tests.standins.writing import write

Weights: TypeAlias = Literal["safetensors", "fp16", "bin"]

OLD_VAE_ATTENTION = ((".to_q.", ".query."), (".to_k.", ".key."), (".to_v.", ".value."), (".to_out.0.", ".proj_attn."))
"""(today's, as in the Stable Diffusion 1.5 repository); ``group_norm`` has kept its name."""

MODEL_INDEX: dict[str, Any] = {
    "_class_name": "StableDiffusionPipeline",
    "_diffusers_version": "0.6.0",
    "feature_extractor": ["transformers", "CLIPImageProcessor"],
    "safety_checker": ["stable_diffusion", "StableDiffusionSafetyChecker"],
    "scheduler": ["diffusers", "PNDMScheduler"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"],
}
SCHEDULER = {
    "_class_name": "PNDMScheduler",
    "_diffusers_version": "0.6.0",
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "num_train_timesteps": 1000,
    "set_alpha_to_one": False,
    "skip_prk_steps": True,
    "steps_offset": 1,
    "trained_betas": None,
    "clip_sample": False,
}


def write_folder(
    folder: Path,
    size: StandIn,
    *,
    weights: Weights = "safetensors",
    dtype: torch.dtype | None = None,
    old_vae_names: bool = True,
    safety_checker: bool = False,
    scheduler: dict[str, Any] | None = None,
) -> Path:
    """Write a whole base model.

    Args:
        weights: ``safetensors``, the ``.fp16.safetensors`` variant only, or ``.bin`` pickles only.
        dtype: fp16 for the variant and fp32 otherwise, unless given.
        old_vae_names: the attention names of the Stable Diffusion 1.5 repository instead of today's.
        safety_checker: keep its entry in model_index.json, as the original does; its folder is not written.
        scheduler: entries that differ from Stable Diffusion 1.5's scheduler_config.json.
    """
    dtype = dtype or (torch.float16 if weights == "fp16" else torch.float32)
    index = dict(MODEL_INDEX)
    if not safety_checker:
        index |= {"safety_checker": [None, None], "feature_extractor": [None, None]}
    write_json(folder / "model_index.json", index)
    write_part(folder / "unet", unet_config(size), unet_state(size), weights, dtype)
    write_vae_part(folder / "vae", size, weights=weights, dtype=dtype, old_names=old_vae_names)
    write_part(folder / "text_encoder", text_config(size), text_state(size), weights, dtype)
    write_tokenizer(folder / "tokenizer", size)
    write_json(folder / "scheduler" / "scheduler_config.json", SCHEDULER | (scheduler or {}))
    return folder


def write_vae_part(
    folder: Path,
    size: StandIn,
    *,
    weights: Weights = "safetensors",
    dtype: torch.dtype = torch.float32,
    old_names: bool = False,
    config: dict[str, Any] | None = None,
) -> Path:
    """Write a VAE folder by itself; ``config`` adds entries such as ``scaling_factor``."""
    state = vae_state(size)
    if old_names:
        state = {old_vae_name(name): lazy for name, lazy in state.items()}
    return write_part(folder, vae_config(size) | (config or {}), state, weights, dtype)


def write_part(folder: Path, config: dict[str, Any], state: State, weights: Weights, dtype: torch.dtype) -> Path:
    """Write config.json and the weights under the file name that diffusers or transformers gives them."""
    write_json(folder / "config.json", config)
    write(folder / weight_file("_class_name" not in config, weights), cast(state, dtype))
    return folder


def weight_file(transformers: bool, weights: Weights) -> str:
    """Return the name under which transformers or diffusers looks for weights."""
    if weights == "bin":
        return "pytorch_model.bin" if transformers else "diffusion_pytorch_model.bin"
    stem = "model" if transformers else "diffusion_pytorch_model"
    return f"{stem}.fp16.safetensors" if weights == "fp16" else f"{stem}.safetensors"


def old_vae_name(name: str) -> str:
    if ".attentions." in name:
        for today, old in OLD_VAE_ATTENTION:
            name = name.replace(today, old)
    return name


def write_json(path: Path, content: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n")
    return path
