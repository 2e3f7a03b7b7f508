"""The networks of a reference bundle for exporters, and their weights one at a time."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode

from pia_edge.bundle import Bundle
from pia_edge.modules import Module
from pia_edge.nn.condition import ConditionModule
from pia_edge.nn.config import UNetConfig
from pia_edge.nn.reference_modules import MotionModuleAlone, build, holder, unet_config
from pia_edge.nn.unet import UNet, computed_buffers

Float32s = NDArray[np.float32]


@dataclass(frozen=True)
class Source:
    """A network to trace, and where its weights are read.

    The UNet and the condition module have no numbers while they are traced: at full size they would take 5 GB.
    """

    network: nn.Module
    tracing: Callable[[], AbstractContextManager[object]]
    """Under this context example inputs are made and the network is traced."""
    read: Callable[[str], Float32s]
    """The weight of a name, in float32."""


def open_source(reference: Bundle, module: Module) -> Source:
    """Return the network of ``module``.

    Raises:
        BundleError: the weights are not those of the network the manifest describes.
    """
    if module not in (Module.UNET, Module.MOTION_MODULE, Module.CONDITION):
        network = build(reference, module).eval()
        state = network.state_dict()
        return Source(network, nullcontext, lambda name: state[name].float().numpy())
    config = unet_config(reference)
    mode = FakeTensorMode()
    with mode:
        network = _without_numbers(config, module)
    # Names and shapes were checked when the bundle was made; a wrong one is found by the first read.
    files = {}
    for name in reference.artifact(holder(module)).weights:
        with safe_open(reference.path / name, "pt") as file:
            files.update(dict.fromkeys(file.keys(), reference.path / name))
    tables = computed_buffers(network)

    def read(name: str) -> Float32s:
        if name in tables:
            return tables[name].numpy()
        # Opened anew each time: pages that a mapping has touched would stay in memory until it is closed.
        with safe_open(files[name], "pt") as file:
            tensor: torch.Tensor = file.get_tensor(name)
            return tensor.float().clone().numpy()

    return Source(network.eval(), lambda: mode, read)


def _without_numbers(config: UNetConfig, module: Module) -> nn.Module:
    if module is Module.CONDITION:
        return ConditionModule(config.latent_channels, config.block_out_channels[0])
    return UNet(config) if module is Module.UNET else MotionModuleAlone(UNet(config))
