"""Names of the Latent Diffusion code, in which single-file checkpoints are written, turned into diffusers' names.

Diffusers' converters need all tensors in memory; these work on names alone, and are compared with diffusers' in tests.
"""

import re
from collections.abc import Iterable

_RESNET = (
    ("in_layers.0.", "norm1."),
    ("in_layers.2.", "conv1."),
    ("emb_layers.1.", "time_emb_proj."),
    ("out_layers.0.", "norm2."),
    ("out_layers.3.", "conv2."),
    ("skip_connection.", "conv_shortcut."),
)
_UNET_ENDS = (
    ("time_embed.0.", "time_embedding.linear_1."),
    ("time_embed.2.", "time_embedding.linear_2."),
    ("input_blocks.0.0.", "conv_in."),
    ("out.0.", "conv_norm_out."),
    ("out.2.", "conv_out."),
    ("middle_block.1.", "mid_block.attentions.0."),
)
_BLOCK = re.compile(r"(input_blocks|middle_block|output_blocks)\.(\d+)\.(?:(\d+)\.)?(.+)")
_VAE = (
    (r"\.mid\.block_(\d)\.", lambda found: f".mid_block.resnets.{int(found[1]) - 1}."),
    (r"\.mid\.attn_1\.norm\.", ".mid_block.attentions.0.group_norm."),
    (r"\.mid\.attn_1\.([qkv])\.", r".mid_block.attentions.0.to_\1."),
    (r"\.mid\.attn_1\.proj_out\.", ".mid_block.attentions.0.to_out.0."),
    (r"\.down\.(\d+)\.block\.", r".down_blocks.\1.resnets."),
    (r"\.down\.(\d+)\.downsample\.", r".down_blocks.\1.downsamplers.0."),
    (r"\.nin_shortcut\.", ".conv_shortcut."),
    (r"coder\.norm_out\.", "coder.conv_norm_out."),
)
# The names that diffusers used before 0.17 and that the published autoencoder of Stable Diffusion 1.5 still has.
_OLD_ATTENTION = (
    (".query.", ".to_q."),
    (".key.", ".to_k."),
    (".value.", ".to_v."),
    (".proj_attn.", ".to_out.0."),
)


def unet_names(names: Iterable[str]) -> dict[str, str]:
    """Return {diffusers' name: name} for the UNet, its prefix taken away; unknown names stay as they are."""
    names = list(names)
    layers = _layers_per_block(names)
    return {_unet_name(name, layers): name for name in names}


def vae_names(names: Iterable[str]) -> dict[str, str]:
    """Return {diffusers' name: name} for the autoencoder, in the names of Latent Diffusion or of any diffusers."""
    names = list(names)
    levels = 1 + max((int(name.split(".")[2]) for name in names if re.match(r"decoder\.up\.\d+\.", name)), default=0)
    return {_vae_name(name, levels): name for name in names}


def text_names(names: Iterable[str]) -> dict[str, str]:
    """Return {name with the level ``text_model.``: name}; some checkpoints, and transformers 5, leave the level out."""
    return {name if name.startswith("text_model.") else f"text_model.{name}": name for name in names}


def _layers_per_block(names: list[str]) -> int:
    """How many resnets stand before each downsampling; blocks are numbered through, so names depend on it."""
    blocks = {int(name.split(".")[1]) for name in names if re.match(r"input_blocks\.\d+\.", name)}
    halving = {int(name.split(".")[1]) for name in names if re.match(r"input_blocks\.\d+\.0\.op\.", name)}
    return max(1, min(halving, default=max(blocks, default=0) + 1) - 1)


def _unet_name(name: str, layers: int) -> str:
    for theirs, ours in _UNET_ENDS:
        if name.startswith(theirs):
            return ours + name.removeprefix(theirs)
    found = _BLOCK.fullmatch(name)
    if found is None:
        return name
    side, number, place, rest = found[1], int(found[2]), found[3], found[4]
    for theirs, ours in _RESNET:
        rest = rest.replace(theirs, ours)
    if side == "middle_block":
        # Blocks 0 and 2 in the middle are resnets, whose names have no second number.
        return f"mid_block.resnets.{number // 2}.{rest}"
    level, index = divmod(number - 1 if side == "input_blocks" else number, layers + 1)
    blocks = f"{'down' if side == 'input_blocks' else 'up'}_blocks.{level}"
    if rest.startswith("op."):
        return f"{blocks}.downsamplers.0.conv.{rest.removeprefix('op.')}"
    if place == "0":
        return f"{blocks}.resnets.{index}.{rest}"
    return f"{blocks}.upsamplers.0.{rest}" if rest.startswith("conv.") else f"{blocks}.attentions.{index}.{rest}"


def _vae_name(name: str, levels: int) -> str:
    for pattern, replacement in _VAE:
        name = re.sub(pattern, replacement, name)
    up = re.match(r"decoder\.up\.(\d+)\.(block\.|upsample\.)(.+)", name)
    if up:
        kind = "resnets." if up[2] == "block." else "upsamplers.0."
        return f"decoder.up_blocks.{levels - 1 - int(up[1])}.{kind}{up[3]}"
    if ".attentions." in name:
        for old, new in _OLD_ATTENTION:
            name = name.replace(old, new)
    return name
