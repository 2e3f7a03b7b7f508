"""norm_mode ``diffusers`` against diffusers' own motion UNet, and the paper's zero-initialisation claim."""

import warnings
from typing import Any

import pytest
import torch
from torch import Tensor

from pia_edge.nn import weights
from pia_edge.nn.condition import ConditionModule
from pia_edge.nn.config import AttentionForm, NormMode, UNetConfig
from pia_edge.nn.unet import UNet
from tests.reference import relative_error

with warnings.catch_warnings():
    # diffusers and transformers warn about their own deprecations at import.
    warnings.simplefilter("ignore")
    from diffusers import UNet2DConditionModel, UNetMotionModel

CONFIGS = {
    "sd15-layout": UNetConfig(block_out_channels=(32, 64, 64, 64), cross_attention_dim=32),
    "three-levels": UNetConfig(
        block_out_channels=(32, 48, 64),
        cross_attention=(False, True, True),
        layers_per_block=1,
        cross_attention_dim=24,
        num_heads=4,
        motion_heads=2,
        norm_groups=16,
    ),
    "two-levels": UNetConfig(
        block_out_channels=(16, 32),
        cross_attention=(True, False),
        layers_per_block=1,
        cross_attention_dim=40,
        num_heads=2,
        motion_heads=8,
        norm_groups=8,
    ),
}
# (frames, height, width) of the latents: odd sizes force the decoder to follow the encoder's.
SIZES = [(1, 8, 8), (5, 9, 13), (24, 11, 8)]


def blocks(config: UNetConfig, suffix: str) -> dict[str, Any]:
    """Return the block types of our ``cross_attention`` in diffusers' words."""
    down = [f"CrossAttnDownBlock{suffix}" if text else f"DownBlock{suffix}" for text in config.cross_attention]
    up = [f"CrossAttnUpBlock{suffix}" if text else f"UpBlock{suffix}" for text in reversed(config.cross_attention)]
    return {"down_block_types": tuple(down), "up_block_types": tuple(up)}


def shared_arguments(config: UNetConfig) -> dict[str, Any]:
    return {
        "block_out_channels": config.block_out_channels,
        "layers_per_block": config.layers_per_block,
        "cross_attention_dim": config.cross_attention_dim,
        "norm_num_groups": config.norm_groups,
    }


def motion_model(config: UNetConfig) -> UNetMotionModel:
    torch.manual_seed(0)
    model = UNetMotionModel(
        in_channels=9,
        **shared_arguments(config),
        **blocks(config, "Motion"),
        num_attention_heads=config.num_heads,
        motion_num_attention_heads=config.motion_heads,
        use_motion_mid_block=False,
    ).eval()
    for name, parameter in model.named_parameters():
        if name.endswith("proj_out.weight") and "motion_modules" in name:
            torch.nn.init.normal_(parameter, std=0.05)
    return model


def picture_model(config: UNetConfig) -> UNet2DConditionModel:
    torch.manual_seed(1)
    return UNet2DConditionModel(
        in_channels=4,
        **shared_arguments(config),
        **blocks(config, "2D"),
        attention_head_dim=config.num_heads,
    ).eval()


def inputs(config: UNetConfig, size: tuple[int, int, int], batch: int = 2) -> dict[str, Tensor]:
    frames, height, width = size
    generator = torch.Generator().manual_seed(frames)

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    return {
        "latents": normal(batch, 4, frames, height, width),
        "encoder_hidden_states": normal(batch, 77, config.cross_attention_dim),
        "image_latents": normal(batch, 4, height, width),
        "affinity": torch.linspace(1, 0.2, frames, dtype=torch.float64)[None],
    }


def run(unet: UNet, condition: ConditionModule, given: dict[str, Tensor], timestep: int) -> Tensor:
    with torch.no_grad():
        appearance, gain = condition(given["image_latents"])
        out: Tensor = unet(
            given["latents"],
            torch.tensor([timestep]),
            given["encoder_hidden_states"],
            given["affinity"],
            appearance,
            gain,
        )
    return out


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", CONFIGS)
@pytest.mark.parametrize("form", AttentionForm)
def test_equals_diffusers(name: str, size: tuple[int, int, int], form: AttentionForm) -> None:
    """In double precision: single precision differs by up to 1.2e-5 from one processor to the next."""
    base = CONFIGS[name]
    config = UNetConfig(
        **{field: getattr(base, field) for field in base.__dataclass_fields__}
        | {"norm_mode": NormMode.DIFFUSERS, "attention_form": form}
    )
    theirs = motion_model(config).double()
    groups = weights.from_diffusers(theirs.state_dict())
    unet, condition = UNet(config).double().eval(), ConditionModule(4, config.block_out_channels[0]).double()
    weights.load(unet, groups.unet(), "unet")
    weights.load(condition, groups.condition, "condition")
    given = inputs(config, size)
    frames, height, width = size
    mask = given["affinity"][:, None, :, None, None].expand(2, 1, frames, height, width)
    pictures = given["image_latents"][:, :, None].expand(2, 4, frames, height, width)
    with torch.no_grad():
        expected = theirs(
            torch.cat([given["latents"], mask, pictures], dim=1),
            torch.tensor([321]),
            given["encoder_hidden_states"].repeat_interleave(frames, dim=0),
        ).sample
    assert relative_error(run(unet, condition, given, 321), expected) <= 1e-6


@pytest.mark.parametrize("name", CONFIGS)
def test_two_pictures_equal_diffusers_with_a_picture_for_every_frame(name: str) -> None:
    """A second plane of gain is the difference of the pictures' appearance, and its affinity says whose a frame is."""
    base = CONFIGS[name]
    config = UNetConfig(
        **{field: getattr(base, field) for field in base.__dataclass_fields__} | {"norm_mode": NormMode.DIFFUSERS}
    )
    theirs = motion_model(config).double()
    groups = weights.from_diffusers(theirs.state_dict())
    unet, condition = UNet(config).double().eval(), ConditionModule(4, config.block_out_channels[0]).double()
    weights.load(unet, groups.unet(), "unet")
    weights.load(condition, groups.condition, "condition")
    frames, height, width = size = (5, 16, 16)
    given = inputs(config, size)
    is_second = torch.tensor([0.0, 0.0, 0.0, 1.0, 1.0], dtype=torch.float64)
    first, second = given["image_latents"].unsqueeze(1)
    mask = given["affinity"][:, None, :, None, None].expand(2, 1, frames, height, width)
    pictures = torch.where(is_second[:, None, None] == 1, second[0][:, None], first[0][:, None])
    with torch.no_grad():
        expected = theirs(
            torch.cat([given["latents"], mask, pictures[None].expand(2, 4, frames, height, width)], dim=1),
            torch.tensor([321]),
            given["encoder_hidden_states"].repeat_interleave(frames, dim=0),
        ).sample
        (appearance, gain), (other, _) = condition(first), condition(second)
        found = unet(
            given["latents"],
            torch.tensor([321]),
            given["encoder_hidden_states"],
            torch.cat([given["affinity"], is_second[None]]),
            appearance,
            torch.cat([gain, other - appearance]),
        )
    assert relative_error(found, expected) <= 1e-6


@pytest.mark.parametrize("name", CONFIGS)
@pytest.mark.parametrize("norm_mode", NormMode)
def test_fresh_network_is_the_base_model(name: str, norm_mode: NormMode) -> None:
    base = CONFIGS[name]
    config = UNetConfig(
        **{field: getattr(base, field) for field in base.__dataclass_fields__} | {"norm_mode": norm_mode}
    )
    picture_unet = picture_model(config).double()
    torch.manual_seed(2)
    unet, condition = UNet(config).double().eval(), ConditionModule(4, config.block_out_channels[0]).double()
    temporal = {key: value for key, value in unet.state_dict().items() if "motion_modules" in key}
    weights.load(unet, temporal | picture_unet.state_dict(), "unet")
    given = inputs(config, (6, 8, 9))
    if norm_mode is NormMode.PIA:
        # Norms pooled over frames are those of a picture only where all frames are the same picture.
        given["latents"] = given["latents"][:, :, :1].expand(-1, -1, 6, -1, -1)
    out = run(unet, condition, given, 321)
    for frame in range(6):
        with torch.no_grad():
            expected = picture_unet(given["latents"][:, :, frame], 321, given["encoder_hidden_states"]).sample
        assert (out[:, :, frame] - expected).abs().max() <= 1e-6
    if norm_mode is NormMode.PIA:
        given["latents"] = inputs(config, (6, 8, 9))["latents"]
        varied = run(unet, condition, given, 321)
        assert (varied[:, :, 0] - expected).abs().max() > 1e-3


def test_temporal_false_is_the_base_model_alone() -> None:
    config = CONFIGS["three-levels"]
    values = {field: getattr(config, field) for field in config.__dataclass_fields__}
    names = UNet(UNetConfig(**values | {"temporal": False})).state_dict().keys()
    assert names == picture_model(config).state_dict().keys()
