"""The network traces and exports, and no tensor of its graph has more than five axes."""

import pytest
import torch
from torch import Tensor

from pia_edge.nn.condition import ConditionModule
from pia_edge.nn.config import AttentionForm, NormMode, UNetConfig
from pia_edge.nn.unet import UNet

Inputs = tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]


def build(form: AttentionForm, norm_mode: NormMode) -> tuple[UNet, Inputs]:
    torch.manual_seed(0)
    config = UNetConfig(
        block_out_channels=(16, 32),
        cross_attention=(False, True),
        layers_per_block=1,
        cross_attention_dim=24,
        num_heads=2,
        motion_heads=2,
        norm_groups=8,
        attention_form=form,
        norm_mode=norm_mode,
    )
    unet = UNet(config).eval()
    for parameter in unet.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return unet, inputs(4, 9, 11)


def inputs(frames: int, height: int, width: int) -> Inputs:
    generator = torch.Generator().manual_seed(height)
    return (
        torch.randn(2, 4, frames, height, width, generator=generator),
        torch.tensor([500]),
        torch.randn(2, 77, 24, generator=generator),
        torch.rand(1, frames, generator=generator),
        torch.randn(1, 16, height, width, generator=generator),
        torch.randn(1, 16, height, width, generator=generator),
    )


@pytest.mark.parametrize(
    ("form", "norm_mode"), [(AttentionForm.SDPA, NormMode.PIA), (AttentionForm.SPLIT, NormMode.DIFFUSERS)]
)
# torch.export deep-copies its own deprecated LeafSpec.
@pytest.mark.filterwarnings("ignore:.*LeafSpec:FutureWarning")
def test_torch_export_keeps_numbers_and_ranks(form: AttentionForm, norm_mode: NormMode) -> None:
    unet, given = build(form, norm_mode)
    program = torch.export.export(unet, given)
    with torch.no_grad():
        torch.testing.assert_close(program.module()(*given), unet(*given), rtol=0, atol=1e-5)
    lowered = program.run_decompositions()
    ranks = [value.dim() for node in lowered.graph.nodes if isinstance(value := node.meta.get("val"), Tensor)]
    assert len(ranks) > 200
    assert max(ranks) <= 5


@pytest.mark.parametrize("form", AttentionForm)
@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning", "ignore::DeprecationWarning")
def test_tracing_keeps_numbers(form: AttentionForm) -> None:
    unet, given = build(form, NormMode.PIA)
    traced = torch.jit.trace(unet, given)
    with torch.no_grad():
        torch.testing.assert_close(traced(*given), unet(*given), rtol=0, atol=1e-5)


def test_condition_split_is_exact() -> None:
    # conv9([x, a, c]) = conv4(x) + conv(c) + a·conv(1), in float64.
    torch.manual_seed(0)
    conv_in = torch.nn.Conv2d(9, 16, 3, padding=1).double()
    condition = ConditionModule(4, 16).double()
    with torch.no_grad():
        condition.weight.copy_(conv_in.weight[:, 4:])
        noisy, picture = torch.randn(2, 1, 4, 7, 9, dtype=torch.float64)
        whole = conv_in(torch.cat([noisy, torch.full((1, 1, 7, 9), 0.35, dtype=torch.float64), picture], dim=1))
        appearance, gain = condition(picture)
        parts = torch.nn.functional.conv2d(noisy, conv_in.weight[:, :4], conv_in.bias, padding=1)
        assert (parts + appearance + 0.35 * gain - whole).abs().max() < 1e-14
