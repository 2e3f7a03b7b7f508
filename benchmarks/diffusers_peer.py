"""``diffusers.PIAPipeline`` with the weights of one of our reference bundles."""

import warnings
from typing import Any

import torch
from safetensors.torch import load_file

from pia_edge.bundle import Bundle
from pia_edge.modules import Module
from pia_edge.nn import weights
from pia_edge.nn.reference_modules import build, build_unet, unet_config

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from diffusers import AutoencoderKL, DDIMScheduler, PIAPipeline, UNetMotionModel
    from transformers import CLIPTokenizer


def motion_unet(bundle: Bundle, dtype: torch.dtype) -> UNetMotionModel:
    """Return diffusers' UNet with the weights of ``bundle``, one weight at a time: it is never in memory twice."""
    config = unet_config(bundle)
    down = [f"{'CrossAttn' if text else ''}DownBlockMotion" for text in config.cross_attention]
    up = [f"{'CrossAttn' if text else ''}UpBlockMotion" for text in reversed(config.cross_attention)]
    usual = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        unet = UNetMotionModel(
            in_channels=2 * config.latent_channels + 1,
            down_block_types=tuple(down),
            up_block_types=tuple(up),
            block_out_channels=config.block_out_channels,
            layers_per_block=config.layers_per_block,
            cross_attention_dim=config.cross_attention_dim,
            norm_num_groups=config.norm_groups,
            num_attention_heads=config.num_heads,
            motion_num_attention_heads=config.motion_heads,
            use_motion_mid_block=False,
        ).eval()
    finally:
        torch.set_default_dtype(usual)
    # The same tensors under our names, conv_in as two views of theirs: what is copied there is copied into their model.
    state = {
        name: tensor for name, tensor in unet.state_dict().items() if not name.endswith(weights.DIFFUSERS_POSITIONS)
    }
    groups = weights.from_diffusers(state)
    condition = build(bundle, Module.CONDITION).state_dict()
    ours = {**dict(build_unet(bundle).state_dict()), **{f"condition.{name}": each for name, each in condition.items()}}
    theirs = {**groups.unet(), **{f"condition.{name}": each for name, each in groups.condition.items()}}
    for name, tensor in theirs.items():
        tensor.copy_(ours[name])
    return unet


def pipeline(bundle: Bundle, dtype: torch.dtype) -> Any:
    """Return the whole pipeline; everything computes in ``dtype``."""
    manifest = bundle.manifest
    if manifest.network is None:
        raise TypeError(f"{bundle.path} is no reference bundle")
    vae = AutoencoderKL(**manifest.network.vae).eval()
    vae.load_state_dict({key: tensor.float() for key, tensor in load_file(bundle.path / "vae.safetensors").items()})
    text_encoder = build(bundle, Module.TEXT_ENCODER).clip
    vocab, merges = manifest.tokenizer
    tokenizer = CLIPTokenizer(str(bundle.path / vocab), str(bundle.path / merges), model_max_length=77)
    scheduler = DDIMScheduler(beta_schedule="linear", beta_start=0.00085, beta_end=0.012, clip_sample=False)
    return PIAPipeline(
        vae=vae.to(dtype),
        text_encoder=text_encoder.to(dtype),
        tokenizer=tokenizer,
        unet=motion_unet(bundle, dtype),
        scheduler=scheduler,
    )
