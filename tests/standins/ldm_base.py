"""Base models as single files of the LDM code: what Stable Diffusion and its fine-tunes are published as."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from tests.standins.fake_global import importable
from tests.standins.lazy import Lazy, State, cast, fixed, prefixed
from tests.standins.ldm_names import unet_name, vae_name
from tests.standins.sizes import POSITION_IDS, StandIn, text_state, unet_state, vae_state
from tests.standins.writing import PICKLE_SUFFIXES, write_pickle, write_safetensors

UNET = "model.diffusion_model."
VAE = "first_stage_model."
TEXT = "cond_stage_model.transformer."
MODELSPEC = {
    "format": "pt",
    "modelspec.sai_model_spec": "1.0.0",
    "modelspec.architecture": "stable-diffusion-v1",
    "modelspec.implementation": "diffusers",
    "modelspec.title": "stand-in",
    "modelspec.resolution": "512x512",
    "modelspec.date": "2023-08-01T00:00:00",
}


@dataclass(frozen=True, kw_only=True)
class LdmForm:
    """How a single file is laid out; the defaults are those of most fine-tunes."""

    dtype: torch.dtype = torch.float16
    vae: bool = True
    text: bool = True
    # Averaged weights beside the others, with numbers of their own.
    ema: bool = False
    # The type of the noise schedule's buffers, or None.
    buffers: torch.dtype | None = None
    # The type of the text encoder's position ids, or None where they are missing.
    position_ids: torch.dtype | None = torch.int64
    # False: the text encoder's names lack ``text_model.``, as in some files of civitai.
    text_level: bool = True
    # False: the UNet alone and without ``model.diffusion_model.``.
    prefix: bool = True


def state(size: StandIn, form: LdmForm | None = None) -> State:
    """Return a single file's content without a wrapper."""
    form = form or LdmForm()
    unet = unet_ldm(size)
    if not form.prefix:
        return cast(unet, form.dtype)
    parts = prefixed(unet, UNET)
    if form.vae:
        parts |= prefixed(vae_ldm(size), VAE)
    if form.text:
        parts |= _text(size, form)
    parts = cast(parts, form.dtype)
    if form.text and form.position_ids is not None:
        name = POSITION_IDS if form.text_level else POSITION_IDS.removeprefix("text_model.")
        parts[TEXT + name] = text_state(size)[POSITION_IDS].cast(form.position_ids)
    if form.ema:
        parts |= _ema(size, unet, form.dtype)
    if form.buffers is not None:
        parts |= schedule_buffers(form.buffers)
    return parts


def write_single_file(
    path: Path,
    size: StandIn,
    form: LdmForm | None = None,
    *,
    wrapper: bool = True,
    lightning: bool = False,
    metadata: dict[str, str] | None = None,
) -> Path:
    """Write by suffix: ``.safetensors`` with ``metadata`` (``MODELSPEC``), or a ``.ckpt`` pickle.

    Args:
        wrapper: for a pickle, ``{"state_dict": …, "global_step": 840000}`` around the tensors.
        lightning: and beside them the callbacks of PyTorch Lightning, a class that torch's safe unpickler refuses.
    """
    content = state(size, form)
    if path.suffix not in PICKLE_SUFFIXES:
        return write_safetensors(path, content, MODELSPEC if metadata is None else metadata)
    if not wrapper:
        return write_pickle(path, content)
    wrapped: dict[str, Any] = {"epoch": 6, "global_step": 840000, "state_dict": content}
    if not lightning:
        return write_pickle(path, wrapped)
    with importable("pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint") as callback:
        return write_pickle(path, wrapped | {"callbacks": {callback: {"monitor": "val/loss_simple_ema"}}})


def unet_ldm(size: StandIn) -> State:
    """Return the UNet under LDM names without a prefix."""
    return {unet_name(name): lazy for name, lazy in unet_state(size).items()}


def vae_ldm(size: StandIn) -> State:
    """Return the VAE under LDM names without a prefix; its attention is 1x1 convolutions there."""
    renamed: State = {}
    for name, lazy in vae_state(size).items():
        attention = ".attentions." in name and len(lazy.shape) == 2
        renamed[vae_name(name)] = lazy.reshaped(*lazy.shape, 1, 1) if attention else lazy
    return renamed


def schedule_buffers(dtype: torch.dtype) -> State:
    """Return the buffers of LDM's DDPM class for Stable Diffusion's schedule."""
    betas = torch.linspace(0.00085**0.5, 0.012**0.5, 1000, dtype=torch.float64) ** 2
    product = torch.cumprod(1 - betas, dim=0)
    previous = torch.cat([torch.ones(1, dtype=torch.float64), product[:-1]])
    variance = betas * (1 - previous) / (1 - product)
    buffers = {
        "betas": betas,
        "alphas_cumprod": product,
        "alphas_cumprod_prev": previous,
        "sqrt_alphas_cumprod": product.sqrt(),
        "sqrt_one_minus_alphas_cumprod": (1 - product).sqrt(),
        "log_one_minus_alphas_cumprod": (1 - product).log(),
        "sqrt_recip_alphas_cumprod": (1 / product).sqrt(),
        "sqrt_recipm1_alphas_cumprod": (1 / product - 1).sqrt(),
        "posterior_variance": variance,
        "posterior_log_variance_clipped": variance.clamp(min=1e-20).log(),
        "posterior_mean_coef1": betas * previous.sqrt() / (1 - product),
        "posterior_mean_coef2": (1 - previous) * (1 - betas).sqrt() / (1 - product),
    }
    return {name: fixed(buffer.to(dtype)) for name, buffer in buffers.items()}


def _text(size: StandIn, form: LdmForm) -> State:
    weights = {name: lazy for name, lazy in text_state(size).items() if name != POSITION_IDS}
    if not form.text_level:
        weights = {name.removeprefix("text_model."): lazy for name, lazy in weights.items()}
    return prefixed(weights, TEXT)


def _ema(size: StandIn, unet: State, dtype: torch.dtype) -> State:
    averaged: dict[str, Lazy] = {}
    for name, lazy in unet.items():
        key = "model_ema." + f"diffusion_model.{name}".replace(".", "")
        averaged[key] = size.draw(f"ema.{name}", lazy.shape).cast(dtype)
    averaged["model_ema.decay"] = fixed(torch.tensor(0.9999))
    averaged["model_ema.num_updates"] = fixed(torch.tensor(840000, dtype=torch.int32))
    return averaged
