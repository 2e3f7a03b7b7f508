"""The modules of a reference bundle as networks with the borders of ``modules.py``.

The UNet, the condition module and the tiny decoder are ours; the VAE is diffusers' ``AutoencoderKL`` and the text
encoder is transformers' ``CLIPTextModel``.
"""

import warnings
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Network
from pia_edge.errors import BundleError
from pia_edge.modules import Module
from pia_edge.nn import weights
from pia_edge.nn.condition import ConditionModule
from pia_edge.nn.config import UNetConfig
from pia_edge.nn.tiny_decoder import TinyDecoder
from pia_edge.nn.unet import UNet, fill_computed_buffers

with warnings.catch_warnings():
    # Both libraries warn about their own deprecations at import.
    warnings.simplefilter("ignore")
    from diffusers import AutoencoderKL
    from transformers import CLIPTextConfig, CLIPTextModel


class TextEncoder(nn.Module):
    """CLIP's text model: the last hidden state after the final layer norm."""

    def __init__(self, clip: Any) -> None:
        super().__init__()
        self.clip = clip

    def forward(self, input_ids: Tensor) -> Tensor:
        """Map token ids (batch, 77) to ``encoder_hidden_states`` (batch, 77, text_channels)."""
        return self.clip(input_ids).last_hidden_state  # type: ignore[no-any-return]


class VaeEncoder(nn.Module):
    """The encoder half: mean and standard deviation of the unscaled latents."""

    def __init__(self, vae: Any) -> None:
        super().__init__()
        self.encoder = vae.encoder
        self.quant_conv = vae.quant_conv

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """Map a picture (batch, 3, height, width) in [-1, 1] to two (batch, latent_channels, h, w)."""
        moments = self.quant_conv(self.encoder(image))
        mean, log_variance = moments.chunk(2, dim=1)
        return mean, torch.exp(0.5 * log_variance.clamp(-30.0, 20.0))


class VaeDecoder(nn.Module):
    """The decoder half: unscaled latents to a picture."""

    def __init__(self, vae: Any) -> None:
        super().__init__()
        self.post_quant_conv = vae.post_quant_conv
        self.decoder = vae.decoder

    def forward(self, latents: Tensor) -> Tensor:
        """Map (batch, latent_channels, h, w) to a picture (batch, 3, height, width) near [-1, 1]."""
        return self.decoder(self.post_quant_conv(latents))  # type: ignore[no-any-return]


class MotionModuleAlone(nn.Module):
    """The first motion module of a UNet by itself; its weights keep their names."""

    def __init__(self, unet: UNet) -> None:
        super().__init__()
        block = nn.Module()
        block.motion_modules = nn.ModuleList([unet.down_blocks[0].get_submodule("motion_modules.0")])
        self.down_blocks = nn.ModuleList([block])

    def forward(self, hidden_states: Tensor) -> Tensor:
        """Mix ``hidden_states`` (batch, channels, frames, height, width) along the frames."""
        batch, channels, frames, height, width = hidden_states.shape
        flat = hidden_states.transpose(1, 2).reshape(-1, channels, height, width)
        mixed = self.down_blocks[0].get_submodule("motion_modules.0")(flat, frames)
        return mixed.reshape(batch, frames, channels, height, width).transpose(1, 2)  # type: ignore[no-any-return]


def unet_config(bundle: Bundle) -> UNetConfig:
    """Return the UNet configuration of a reference bundle.

    Raises:
        BundleError: the manifest holds none, or one that no network can have.
    """
    arguments = dict(_network(bundle).unet)
    for name in ("block_out_channels", "cross_attention"):
        if isinstance(value := arguments.get(name), list):
            arguments[name] = tuple(value)
    try:
        return UNetConfig(**arguments | {"norm_mode": bundle.manifest.norm_mode})  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise BundleError(f"{bundle.path}: the manifest's UNet configuration cannot be used: {error}") from error


def build_unet(bundle: Bundle) -> UNet:
    """Return the UNet with its weights as they are stored, mapped from the disk.

    It is never filled with numbers before: at full size they would take 5 GB more.

    Raises:
        BundleError: the weights are not those of the network the manifest describes.
    """
    state: dict[str, Tensor] = {}
    for name in bundle.artifact(Module.UNET).weights:
        state |= load_file(bundle.path / name)
    return _unet_of(bundle, state)


def _unet_of(bundle: Bundle, state: dict[str, Tensor]) -> UNet:
    with torch.device("meta"):
        unet = UNet(unet_config(bundle))
    weights.check(unet, state, str(bundle.path))
    unet.load_state_dict(state, assign=True)
    fill_computed_buffers(unet)
    return unet


def holder(module: Module) -> Module:
    """Return the module of a reference bundle whose files hold the weights of ``module``."""
    return Module.UNET if module is Module.MOTION_MODULE else module


def build(bundle: Bundle, module: Module) -> nn.Module:
    """Return the network of ``module`` with its weights in float32.

    Raises:
        BundleError: the weights are not those of the network the manifest describes.
    """
    state: dict[str, Tensor] = {}
    for name in bundle.artifact(holder(module)).weights:
        # File by file: what was read of one stays in memory for as long as a tensor is mapped from it.
        state |= {key: tensor.float() for key, tensor in load_file(bundle.path / name).items()}
    if module is Module.UNET:
        return _unet_of(bundle, state)
    if module is Module.MOTION_MODULE:
        return MotionModuleAlone(_unet_of(bundle, state))
    if module is Module.CONDITION:
        config = unet_config(bundle)
        condition = ConditionModule(config.latent_channels, config.block_out_channels[0])
        weights.load(condition, state, str(bundle.path))
        return condition
    if module is Module.TINY_DECODER:
        decoder = TinyDecoder(bundle.manifest.vae.latent_channels)
        weights.load(decoder, state, str(bundle.path))
        return decoder
    if module is Module.TEXT_ENCODER:
        clip = CLIPTextModel(CLIPTextConfig(**_network(bundle).text_encoder))
        weights.load(clip, state, str(bundle.path))
        return TextEncoder(clip)
    vae = AutoencoderKL(**_network(bundle).vae)
    weights.load(vae, state, str(bundle.path))
    return VaeEncoder(vae) if module is Module.VAE_ENCODER else VaeDecoder(vae)


def _network(bundle: Bundle) -> Network:
    if bundle.manifest.network is None:
        raise BundleError(f"{bundle.path}: expected the networks' configuration in the manifest, found none.")
    return bundle.manifest.network
