"""Names of the LDM code for diffusers' UNet and VAE; the tests hold them against diffusers' own converters."""

import re

LAYERS = 2
"""Resnets in a down block of the UNet; an up block has one more."""

UNET_ENDS = (
    ("time_embedding.linear_1.", "time_embed.0."),
    ("time_embedding.linear_2.", "time_embed.2."),
    ("conv_in.", "input_blocks.0.0."),
    ("conv_norm_out.", "out.0."),
    ("conv_out.", "out.2."),
)
UNET_RESNET = (
    (".norm1.", ".in_layers.0."),
    (".conv1.", ".in_layers.2."),
    (".time_emb_proj.", ".emb_layers.1."),
    (".norm2.", ".out_layers.0."),
    (".conv2.", ".out_layers.3."),
    (".conv_shortcut.", ".skip_connection."),
)
VAE_ATTENTION = (
    (".group_norm.", ".norm."),
    (".to_q.", ".q."),
    (".to_k.", ".k."),
    (".to_v.", ".v."),
    (".to_out.0.", ".proj_out."),
)
VAE_OTHER = ((".conv_shortcut.", ".nin_shortcut."), (".conv_norm_out.", ".norm_out."))


def unet_name(name: str) -> str:
    """Return the LDM name of a parameter of the four-level UNet, without ``model.diffusion_model.``."""
    if not name.startswith(("down_blocks.", "mid_block.", "up_blocks.")):
        return _replace(name, UNET_ENDS)
    if match := re.match(r"mid_block\.(resnets|attentions)\.(\d)\.(.*)", name):
        kind, index, rest = match.groups()
        place = f"middle_block.{2 * int(index)}" if kind == "resnets" else "middle_block.1"
        return _part(place, kind, rest)
    match = re.match(r"(down|up)_blocks\.(\d)\.(\w+)\.(\d)\.(.*)", name)
    assert match, name
    side, block, kind, layer, rest = match.groups()
    if side == "down":
        number = 1 + int(block) * (LAYERS + 1) + (LAYERS if kind == "downsamplers" else int(layer))
        return _part(f"input_blocks.{number}.{int(kind == 'attentions')}", kind, rest)
    if kind == "upsamplers":
        # It is the last entry of its list, after a transformer where there is one.
        number = int(block) * (LAYERS + 1) + LAYERS
        return f"output_blocks.{number}.{1 if block == '0' else 2}.{rest}"
    number = int(block) * (LAYERS + 1) + int(layer)
    return _part(f"output_blocks.{number}.{int(kind == 'attentions')}", kind, rest)


def vae_name(name: str) -> str:
    """Return the LDM name of a parameter of the four-level VAE, without ``first_stage_model.``."""
    if ".mid_block.attentions.0." in name:
        return _replace(name.replace("mid_block.attentions.0", "mid.attn_1"), VAE_ATTENTION)
    name = re.sub(r"mid_block\.resnets\.(\d)", lambda found: f"mid.block_{int(found[1]) + 1}", name)
    name = re.sub(r"down_blocks\.(\d)\.resnets", r"down.\1.block", name)
    name = re.sub(r"down_blocks\.(\d)\.downsamplers\.0", r"down.\1.downsample", name)
    name = re.sub(r"up_blocks\.(\d)\.resnets", lambda found: f"up.{3 - int(found[1])}.block", name)
    name = re.sub(r"up_blocks\.(\d)\.upsamplers\.0", lambda found: f"up.{3 - int(found[1])}.upsample", name)
    return _replace(name, VAE_OTHER)


def _part(place: str, kind: str, rest: str) -> str:
    if kind == "resnets":
        return _replace(f"{place}.{rest}", UNET_RESNET)
    if kind == "downsamplers":
        return f"{place}.{rest.replace('conv.', 'op.')}"
    return f"{place}.{rest}"


def _replace(name: str, table: tuple[tuple[str, str], ...]) -> str:
    for diffusers, ldm in table:
        name = name.replace(diffusers, ldm)
    return name
