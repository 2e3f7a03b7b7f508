"""Names of weights and the two merges of conv_in."""

import pytest
import torch

from pia_edge.errors import BundleError
from pia_edge.nn import weights
from pia_edge.nn.condition import ConditionModule
from pia_edge.nn.temporal import sinusoidal_positions
from pia_edge.nn.unet import UNet
from tests import reference


def test_conv_in_merges_are_the_papers() -> None:
    stored = {name: torch.from_numpy(array) for name, array in reference.arrays("conv_in").items()}
    base = {"conv_in.weight": stored["base_w"], "conv_in.bias": stored["base_b"]}
    pia = {name: tensor for name, tensor in reference.original_state().items() if name.startswith("conv_in.")}
    for keep, name in ((weights.ConvIn.BASE, "dreambooth"), (weights.ConvIn.PIA, "no_dreambooth")):
        merged = weights.merge_conv_in(base, pia, keep)
        assert torch.equal(merged["conv_in.weight"], stored[f"{name}_w"])
        assert torch.equal(merged["conv_in.bias"], stored[f"{name}_b"])


def test_original_names_survive_a_round_trip() -> None:
    state = reference.original_state()
    back = weights.to_original(weights.from_original(state))
    assert {name: list(tensor.shape) for name, tensor in back.items()} == reference.config()["keys"]
    assert all(torch.equal(back[name], tensor) for name, tensor in state.items())


def test_learned_positions_are_refused() -> None:
    module = "down_blocks.0.motion_modules.0.temporal_transformer"
    name = f"{module}.transformer_blocks.0.attention_blocks.0.pos_encoder.pe"
    state = reference.original_state()
    weights.from_original(state | {name: sinusoidal_positions(32, 32)})
    with pytest.raises(BundleError, match="sinusoids"):
        weights.from_original(state | {name: torch.zeros(1, 32, 32)})


def test_four_channel_conv_in_gives_a_condition_of_zeros() -> None:
    state = reference.original_state()
    state["conv_in.weight"] = state["conv_in.weight"][:, :4]
    condition = weights.from_diffusers(state).condition["weight"]
    assert condition.shape == (32, 5, 3, 3)
    assert not condition.any()


def test_loading_names_what_does_not_fit() -> None:
    groups = weights.from_original(reference.original_state())
    unet = UNet(reference.small_unet())
    state = groups.unet()
    state["conv_out.bais"] = state.pop("conv_out.bias")
    with pytest.raises(BundleError, match=r"1 missing \(conv_out.bias\), 1 unexpected \(conv_out.bais\)"):
        weights.load(unet, state, "unet")
    with pytest.raises(BundleError, match=r"1 misshapen \(weight \(32, 4, 3, 3\)"):
        weights.load(ConditionModule(4, 32), {"weight": torch.zeros(32, 4, 3, 3)}, "condition")
