"""A module of a reference bundle as Core ML wants it: the same numbers from other operations.

Large weights are placeholders of no size while the network is converted: coremltools would hold each several times.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pia_edge.bundle import Bundle
from pia_edge.export.coreml.norm import use_scale_and_shift
from pia_edge.export.recipe import SMALLEST_QUANTIZED
from pia_edge.export.source import open_source
from pia_edge.modules import Module
from pia_edge.nn.config import AttentionForm
from pia_edge.nn.reference_modules import MotionModuleAlone, TextEncoder, unet_config
from pia_edge.nn.unet import UNet, fill_computed_buffers

# exp(-10000) is zero in every precision; the usual lowest float32 becomes -inf in float16, and -inf - -inf is NaN.
_MASKED = -1.0e4
_TOKENS = 77
# A table that is read with constant indices is folded into the graph while it is converted.
_FOLDED = "position_embedding.weight"

Float32s = NDArray[np.float32]


@dataclass(frozen=True)
class Emptied:
    """A network whose large weights are placeholders."""

    network: nn.Module
    shapes: Mapping[str, tuple[int, ...]]
    """By the name of each weight that is a placeholder."""
    read: Callable[[str], Float32s]
    """The weight of a name."""


class MaskedTextEncoder(nn.Module):
    """CLIP's text model with its causal mask as one finite constant."""

    def __init__(self, clip: Any) -> None:
        super().__init__()
        clip.set_attn_implementation("eager")
        self.clip = clip
        mask = torch.full((_TOKENS, _TOKENS), _MASKED).triu(1)
        self.register_buffer("mask", mask[None, None], persistent=False)
        self.mask: Tensor

    def forward(self, input_ids: Tensor) -> Tensor:
        """Map token ids (1, 77) to ``encoder_hidden_states`` (1, 77, text_channels)."""
        text = self.clip.text_model
        hidden = text.embeddings(input_ids=input_ids)
        for layer in text.encoder.layers:
            hidden = layer(hidden, None, self.mask)[0]
        return text.final_layer_norm(hidden)  # type: ignore[no-any-return]


def open_emptied(reference: Bundle, module: Module) -> Emptied:
    """Return the network of ``module`` in evaluation mode, ready for conversion.

    Raises:
        BundleError: the weights are not those of the network the manifest describes.
    """
    source = open_source(reference, module)
    network = source.network
    if isinstance(network, TextEncoder):
        network = MaskedTextEncoder(network.clip)
    if module is Module.UNET:
        network = _split_unet(reference)
    if module is Module.MOTION_MODULE:
        network = MotionModuleAlone(_split_unet(reference))
    shapes = {}
    for number, (name, parameter) in enumerate(network.named_parameters(), start=1):
        shape = tuple(parameter.shape)
        is_large = len(shape) > 1 and parameter.numel() >= SMALLEST_QUANTIZED and not name.endswith(_FOLDED)
        # The condition module's plane of the gain is computed from its weight alone, and folded likewise.
        if is_large and module is not Module.CONDITION:
            shapes[name] = shape
            # Unlike values, or equal constants would be made one; all of them exact in float16 and none of them 1.
            value = torch.tensor(number / 4096).reshape([1] * len(shape)).expand(shape)
        else:
            value = torch.from_numpy(source.read(name))
        _put(network, name, nn.Parameter(value, requires_grad=False))
    return Emptied(network.eval(), shapes, source.read)


def _split_unet(reference: Bundle) -> UNet:
    with torch.device("meta"):
        unet = UNet(dataclasses.replace(unet_config(reference), attention_form=AttentionForm.SPLIT))
    use_scale_and_shift(unet)
    fill_computed_buffers(unet)
    return unet


def _put(network: nn.Module, name: str, parameter: nn.Parameter) -> None:
    parent, _, attribute = name.rpartition(".")
    setattr(network.get_submodule(parent), attribute, parameter)
