"""The sizes of a network, from the shapes of its weights.

Numbers of heads and of norm groups cannot be seen in shapes. A ``config.json`` beside the weights says them; without
one they are those of every published Stable Diffusion 1 model, unless the shapes show that this one is of other sizes.
"""

import itertools
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import nn

from pia_edge.errors import BundleError, ModelError
from pia_edge.importer.parts import Part
from pia_edge.nn.condition import ConditionModule
from pia_edge.nn.config import UNetConfig
from pia_edge.nn.unet import UNet

with warnings.catch_warnings():
    # Both libraries warn about their own deprecations at import.
    warnings.simplefilter("ignore")
    from diffusers import AutoencoderKL
    from transformers import CLIPTextConfig, CLIPTextModel

Shapes = dict[str, tuple[int, ...]]
_CLIP_HEAD = 64


def unet_arguments(part: Part, motion_max_frames: int) -> dict[str, object]:
    """Return the arguments of ``UNetConfig`` for the UNet ``part`` of a base model.

    Raises:
        ModelError: the shapes are not those of a UNet of Stable Diffusion 1.
    """
    shapes, config = part.shapes(), part.config
    levels = _count(shapes, "down_blocks.{}.resnets.0.conv2.weight")
    text = "down_blocks.{}.attentions.0.transformer_blocks.0.attn2.to_k.weight"
    cross = [text.format(level) in shapes for level in range(levels)]
    if not any(cross):
        raise ModelError(f"{part.path}: expected a UNet that reads text, found {levels} levels without any.")
    heads, groups = config.get("attention_head_dim", 8), config.get("norm_num_groups", 32)
    if not _is_count(heads) or not _is_count(groups):
        raise ModelError(
            f"{part.path}: expected attention_head_dim and norm_num_groups in config.json to be one whole number each, "
            f"as in Stable Diffusion 1, found {heads!a} and {groups!a}. Get the model again."
        )
    return {
        "block_out_channels": [shapes[f"down_blocks.{level}.resnets.0.conv2.weight"][0] for level in range(levels)],
        "cross_attention": cross,
        "layers_per_block": _count(shapes, "down_blocks.0.resnets.{}.conv2.weight"),
        "cross_attention_dim": shapes[text.format(cross.index(True))][-1],
        "num_heads": heads,
        "motion_heads": 8,
        "norm_groups": groups,
        "motion_max_frames": motion_max_frames,
    }


def vae_arguments(part: Part) -> dict[str, object]:
    """Return the arguments of ``AutoencoderKL``.

    Raises:
        ModelError: this is no autoencoder, or its sizes are unusual and no configuration says its norm groups.
    """
    shapes = part.shapes()
    levels = _count(shapes, "encoder.down_blocks.{}.resnets.0.conv2.weight")
    channels = [shapes[f"encoder.down_blocks.{level}.resnets.0.conv2.weight"][0] for level in range(levels)]
    groups = part.config.get("norm_num_groups", 32)
    if not channels or not isinstance(groups, int) or groups < 1 or any(width % groups for width in channels):
        raise ModelError(
            f"{part.path}: expected an autoencoder of {groups} norm groups, found {channels} channels. "
            "Import it as a folder with its config.json."
        )
    return {
        "block_out_channels": channels,
        "down_block_types": ["DownEncoderBlock2D"] * levels,
        "up_block_types": ["UpDecoderBlock2D"] * levels,
        "layers_per_block": _count(shapes, "encoder.down_blocks.0.resnets.{}.conv2.weight"),
        "latent_channels": shapes.get("post_quant_conv.weight", (4,))[0],
        "norm_num_groups": groups,
    }


def text_arguments(part: Part) -> dict[str, object]:
    """Return the arguments of ``CLIPTextConfig``.

    Raises:
        ModelError: this is no text encoder, or its sizes are unusual and no configuration says its heads.
    """
    shapes = part.shapes()
    vocabulary, width = shapes.get("text_model.embeddings.token_embedding.weight", (0, 0))
    heads = part.config.get("num_attention_heads", width / _CLIP_HEAD)
    layers = _count(shapes, "text_model.encoder.layers.{}.mlp.fc1.weight")
    epsilon = part.config.get("layer_norm_eps", 1e-5)
    if not isinstance(epsilon, int | float) or not 0 < epsilon < 1:
        raise ModelError(
            f"{part.path}: expected layer_norm_eps in config.json to be a small number such as 1e-05, found "
            f"{epsilon!a}. Get the model again."
        )
    if not layers or not isinstance(heads, int | float) or heads < 1 or width % heads:
        raise ModelError(
            f"{part.path}: expected a text encoder of {_CLIP_HEAD} channels a head, found {width} channels and "
            f"{layers} layers. Import it as a folder with its config.json."
        )
    return {
        "hidden_size": width,
        "intermediate_size": shapes["text_model.encoder.layers.0.mlp.fc1.weight"][0],
        "num_hidden_layers": layers,
        "num_attention_heads": int(heads),
        "vocab_size": vocabulary,
        "hidden_act": part.config.get("hidden_act", "quick_gelu"),
        "layer_norm_eps": epsilon,
        # The last two of CLIP's vocabulary; they matter to its pooled output alone, which nothing reads.
        "bos_token_id": vocabulary - 2,
        "eos_token_id": vocabulary - 1,
        "pad_token_id": vocabulary - 1,
    }


def expected_unet(arguments: Mapping[str, object]) -> tuple[Shapes, Shapes]:
    """Return the shapes of the UNet's weights, and that of the condition module's.

    Raises:
        ModelError: no network has these arguments.
    """
    plain = {key: tuple(value) if isinstance(value, list) else value for key, value in arguments.items()}
    try:
        config = UNetConfig(**plain)  # type: ignore[arg-type]
    except (BundleError, TypeError) as error:
        raise ModelError(f"The UNet's sizes cannot be used: {error}") from error
    with torch.device("meta"):
        condition = ConditionModule(config.latent_channels, config.block_out_channels[0])
        return _shapes(UNet(config)), _shapes(condition)


def expected_vae(arguments: Mapping[str, object]) -> Shapes:
    """Return the shapes of the autoencoder's weights.

    Raises:
        ModelError: no autoencoder has these arguments.
    """
    with torch.device("meta"), _refused("The autoencoder's configuration"):
        return _shapes(AutoencoderKL(**arguments))


def expected_text(arguments: Mapping[str, object]) -> Shapes:
    """Return the shapes of the text encoder's weights.

    Raises:
        ModelError: no text encoder has these arguments.
    """
    with torch.device("meta"), _refused("The text encoder's configuration"):
        return _shapes(CLIPTextModel(CLIPTextConfig(**arguments)))


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _shapes(network: nn.Module) -> Shapes:
    return {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}


def _count(shapes: Shapes, template: str) -> int:
    """How many of the names ``template`` with 0, 1, … in it there are, up to the first gap."""
    return next(number for number in itertools.count() if template.format(number) not in shapes)


@contextmanager
def _refused(what: str) -> Iterator[None]:
    try:
        yield
    except (TypeError, ValueError, KeyError, RuntimeError, ZeroDivisionError) as error:
        raise ModelError(f"{what} cannot be used: {error}. Get the model again.") from error
