"""Names of weights: ours, the paper's and diffusers', and how conv_in is split and merged.

Ours are Stable Diffusion's names for spatial layers and diffusers' names for motion modules. The paper's code
differs from them by the list ``MOTION_NAMES`` below, and keeps the condition module inside ``conv_in``:

==============================================  =====================================
the paper's code                                ours
==============================================  =====================================
``conv_in.weight[:, :4]``, ``conv_in.bias``     spatial ``conv_in.weight``, ``.bias``
``conv_in.weight[:, 4:]`` (affinity, image)     condition ``weight``
``….temporal_transformer.….pos_encoder.pe``     computed: two equal sinusoids a block
every other spatial name                        the same
==============================================  =====================================
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import torch
from torch import Tensor, nn

from pia_edge.errors import BundleError
from pia_edge.nn.temporal import sinusoidal_positions

MOTION_NAMES = (
    (".temporal_transformer", ""),
    (".attention_blocks.0.", ".attn1."),
    (".attention_blocks.1.", ".attn2."),
    (".norms.0.", ".norm1."),
    (".norms.1.", ".norm2."),
    (".ff_norm.", ".norm3."),
)
"""(the paper's, ours), applied in this order to names that contain ``motion_modules``."""

PAPER_POSITIONS = ".pos_encoder.pe"
DIFFUSERS_POSITIONS = ".pos_embed.pe"

State: TypeAlias = dict[str, Tensor]


@dataclass(frozen=True, kw_only=True)
class PiaWeights:
    """The three groups a reference bundle keeps in separate files."""

    spatial: State
    temporal: State
    condition: State

    def unet(self) -> State:
        """Return the state of :class:`~pia_edge.nn.unet.UNet`: spatial and temporal together."""
        return self.spatial | self.temporal


class ConvIn(StrEnum):
    """Whose four noisy-latent channels and bias are kept when a base model and PIA weights meet."""

    BASE = "base"
    """The base model's: what the paper's code does with a DreamBooth, and diffusers always."""

    PIA = "pia"
    """PIA's: what the paper's code does without a DreamBooth."""


def merge_conv_in(base: State, pia: State, keep: ConvIn) -> State:
    """Return the nine-channel ``conv_in.weight`` and ``conv_in.bias`` of a base and a PIA checkpoint.

    Args:
        base: holds ``conv_in.weight`` (out, 4 or more, 3, 3) and ``conv_in.bias`` (out,).
        pia: holds ``conv_in.weight`` (out, 9, 3, 3) and ``conv_in.bias`` (out,).
        keep: whose channels 0-3 and bias are taken; channels 4-8 are always PIA's.
    """
    kept = base if keep is ConvIn.BASE else pia
    weight = torch.cat([kept["conv_in.weight"][:, :4], pia["conv_in.weight"][:, 4:]], dim=1)
    return {"conv_in.weight": weight, "conv_in.bias": kept["conv_in.bias"]}


def from_original(state: Mapping[str, Tensor], latent_channels: int = 4) -> PiaWeights:
    """Return our three groups from a state named as the paper's code names it.

    Raises:
        BundleError: if stored frame positions are not the sinusoids that the network computes.
    """
    renamed: State = {}
    for name, tensor in state.items():
        if name.endswith(PAPER_POSITIONS):
            check_positions(name, tensor)
            continue
        renamed[_rename(name, MOTION_NAMES)] = tensor
    return _split(renamed, latent_channels)


def from_diffusers(state: Mapping[str, Tensor], latent_channels: int = 4) -> PiaWeights:
    """Return our three groups from the state of ``diffusers.UNetMotionModel``.

    A four-channel ``conv_in`` (AnimateDiff) gives a condition module of zeros.

    Raises:
        BundleError: if stored frame positions are not the sinusoids that the network computes.
    """
    kept: State = {}
    for name, tensor in state.items():
        if name.endswith(DIFFUSERS_POSITIONS):
            check_positions(name, tensor)
        else:
            kept[name] = tensor
    return _split(kept, latent_channels)


def to_original(weights: PiaWeights, motion_max_frames: int = 32) -> State:
    """Return the state as the paper's code names it; the inverse of :func:`from_original`."""
    state = dict(weights.spatial)
    state["conv_in.weight"] = torch.cat([state["conv_in.weight"], weights.condition["weight"]], dim=1)
    for name, tensor in weights.temporal.items():
        original = _rename(_add_transformer_level(name), tuple((ours, theirs) for theirs, ours in MOTION_NAMES[1:]))
        state[original] = tensor
        if original.endswith("attention_blocks.0.to_q.weight"):
            positions = sinusoidal_positions(motion_max_frames, tensor.shape[0])
            for block in "01":
                stem = original.removesuffix("0.to_q.weight")
                state[f"{stem}{block}{PAPER_POSITIONS}"] = positions.clone()
    return state


def load(module: nn.Module, state: Mapping[str, Tensor], what: str) -> None:
    """Load ``state`` into ``module``, every name and shape accounted for.

    Raises:
        BundleError: names what is missing, unexpected or of another shape.
    """
    check(module, state, what)
    module.load_state_dict(dict(state))


def check(module: nn.Module, state: Mapping[str, Tensor], what: str) -> None:
    """Check that ``state`` has the names and shapes of the weights of ``module``.

    Raises:
        BundleError: names what is missing, unexpected or of another shape.
    """
    expected = module.state_dict()
    missing = sorted(expected.keys() - state.keys())
    unexpected = sorted(state.keys() - expected.keys())
    misshapen = [
        f"{name} {tuple(state[name].shape)} where {tuple(expected[name].shape)} is expected"
        for name in sorted(expected.keys() & state.keys())
        if state[name].shape != expected[name].shape
    ]
    if missing or unexpected or misshapen:
        raise BundleError(
            f"{what}: the weights are not those of this network: {_some('missing', missing)}, "
            f"{_some('unexpected', unexpected)}, {_some('misshapen', misshapen)}. "
            "Check that the configuration belongs to these weights."
        )


def our_motion_name(name: str) -> str:
    """Return our name of a motion module's weight, given the paper's or diffusers'."""
    return _rename(name, MOTION_NAMES)


def _rename(name: str, table: tuple[tuple[str, str], ...]) -> str:
    if "motion_modules" in name:
        for theirs, ours in table:
            name = name.replace(theirs, ours)
    return name


def _add_transformer_level(name: str) -> str:
    head, _, tail = name.partition(".motion_modules.")
    index, _, rest = tail.partition(".")
    return f"{head}.motion_modules.{index}.temporal_transformer.{rest}"


def _split(state: State, latent_channels: int) -> PiaWeights:
    conv_in = state["conv_in.weight"]
    condition = conv_in[:, latent_channels:]
    if condition.shape[1] == 0:
        condition = conv_in.new_zeros(conv_in.shape[0], 1 + latent_channels, 3, 3)
    spatial = {name: tensor for name, tensor in state.items() if "motion_modules" not in name}
    spatial["conv_in.weight"] = conv_in[:, :latent_channels]
    return PiaWeights(
        spatial=spatial,
        temporal={name: tensor for name, tensor in state.items() if "motion_modules" in name},
        condition={"weight": condition},
    )


def check_positions(name: str, stored: Tensor) -> None:
    """Check that ``stored`` (1, frames, channels) holds the sinusoids that the network computes.

    Raises:
        BundleError: it holds other numbers.
    """
    expected = sinusoidal_positions(stored.shape[1], stored.shape[2])
    if not torch.allclose(stored.float(), expected, atol=1e-3):
        raise BundleError(
            f"{name}: the frame positions should be the sinusoids of AnimateDiff v2 and PIA, but hold other numbers. "
            "Motion modules with learned positions are not supported."
        )


def _some(kind: str, names: list[str]) -> str:
    shown = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    return f"{len(names)} {kind}" + (f" ({shown})" if names else "")
