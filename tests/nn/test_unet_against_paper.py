"""The network in norm_mode ``pia`` against numbers from the paper's own code."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from pia_edge.nn import weights
from pia_edge.nn.condition import ConditionModule
from pia_edge.nn.config import AttentionForm, UNetConfig
from pia_edge.nn.unet import UNet
from tests import reference
from tests.reference import relative_error

FORMS = list(AttentionForm)


def networks(form: AttentionForm = AttentionForm.SDPA) -> tuple[UNet, ConditionModule]:
    loaded = weights.from_original(reference.original_state())
    unet = UNet(reference.small_unet(attention_form=form)).eval()
    weights.load(unet, loaded.unet(), "unet")
    condition = ConditionModule(4, 32).eval()
    weights.load(condition, loaded.condition, "condition")
    return unet, condition


def to_clip(hidden: Tensor, frames: int) -> Tensor:
    return hidden.reshape(-1, frames, *hidden.shape[1:]).transpose(1, 2)


def record(unet: UNet) -> dict[str, Tensor]:
    """Return a dictionary that fills with what the named layers put out."""
    kept: dict[str, Tensor] = {}
    layers: dict[str, nn.Module] = {
        "inter_down0_resnet0": unet.get_submodule("down_blocks.0.resnets.0"),
        "inter_down0_motion0": unet.get_submodule("down_blocks.0.motion_modules.0"),
        "inter_mid": unet.mid_block,
    }
    for i in range(4):
        layers[f"inter_down{i}"] = unet.down_blocks[i]
        layers[f"inter_up{i}"] = unet.up_blocks[i]
    for name, layer in layers.items():

        def hook(_: nn.Module, __: Any, output: Tensor | list[Tensor], name: str = name) -> None:
            kept[name] = output[-1] if isinstance(output, list) else output

        layer.register_forward_hook(hook)

    def before_first_level(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        kept["inter_conv_in"] = inputs[0]

    unet.down_blocks[0].register_forward_pre_hook(before_first_level)
    return kept


@pytest.mark.parametrize("form", FORMS)
def test_one_call_equals_every_array(form: AttentionForm) -> None:
    stored = {name: torch.from_numpy(array) for name, array in reference.arrays("unet").items()}
    unet, condition = networks(form)
    kept = record(unet)
    with torch.no_grad():
        appearance, gain = condition(stored["masked"][:, :, 0])
        out = unet(
            stored["sample"],
            stored["timestep"].reshape(1),
            stored["encoder_hidden_states"],
            stored["mask_coef"][None],
            appearance,
            gain,
        )
    assert relative_error(out, stored["out"]) <= 1e-5
    compared = {name for name in stored if name.startswith("inter_")}
    assert compared == kept.keys()
    for name in compared:
        assert relative_error(to_clip(kept[name], frames=6), stored[name]) <= 1e-5, name


def test_every_pipeline_step_equals_the_papers() -> None:
    stored = reference.arrays("pipeline")
    unet, condition = networks()
    image_latents = torch.from_numpy(stored["masked_image"])[:1, :, 0]
    affinity = torch.from_numpy(stored["mask"])[:1, 0, :, 0, 0]
    before = [stored["init_latents"], *stored["latents"][:-1]]
    with torch.no_grad():
        appearance, gain = condition(image_latents)
        for step, (latents, timestep) in enumerate(zip(before, stored["timesteps"], strict=True)):
            both = torch.from_numpy(np.concatenate([latents, latents]))
            text = torch.from_numpy(stored["text_embeddings"])
            ours = unet(both, torch.tensor([int(timestep)]), text, affinity, appearance, gain)
            assert relative_error(ours, stored["noise_pred"][step]) <= 2e-5, f"outputs differ at step {step}"


def test_full_size_has_the_papers_keys_and_shapes() -> None:
    with torch.device("meta"):
        state = UNet(UNetConfig()).state_dict()
        condition = ConditionModule(4, 320).state_dict()
    groups = weights.PiaWeights(
        spatial={name: tensor for name, tensor in state.items() if "motion_modules" not in name},
        temporal={name: tensor for name, tensor in state.items() if "motion_modules" in name},
        condition=condition,
    )
    ours = {name: list(tensor.shape) for name, tensor in weights.to_original(groups).items()}
    assert len(ours) == 1246
    assert ours == reference.original_keys()
