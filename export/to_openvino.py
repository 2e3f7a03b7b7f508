"""One module of a reference bundle as OpenVINO IR, converted straight from PyTorch: attention stays one operator."""

import gc
import re
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn

from pia_edge._privacy import silence_runtimes
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Artifact
from pia_edge.errors import BundleError
from pia_edge.export.conversion import Conversion
from pia_edge.export.openvino_weights import store_weights
from pia_edge.export.parity import example_inputs
from pia_edge.export.source import Float32s, open_source
from pia_edge.modules import Module, border
from pia_edge.nn.reference_modules import build, build_unet


def convert(conversion: Conversion, module: Module, folder: Path) -> Artifact:
    """Write ``module`` as ``module.xml`` and ``module.bin``; frames, height and width stay free.

    Raises:
        BundleError: OpenVINO cannot convert the network, or the weights are not those of the network.
        OSError: a file cannot be written.
    """
    silence_runtimes()
    import openvino

    reference, recipe = conversion.reference, conversion.recipe
    network, read, placeholders = _opened(reference, module)
    model = _trace(conversion, module, network)
    store_weights(model, module, conversion, placeholders, read)
    _name_border(conversion, module, model)
    _number_nodes(model)
    model.set_friendly_name(module.value)
    try:
        openvino.save_model(model, folder / f"{module}.xml", compress_to_fp16=False)
    except RuntimeError as error:
        raise OSError(f"OpenVINO could not write {module}: {error}") from error
    del model
    _let_go(network)
    return Artifact(graph=f"{module}.xml", weights=(f"{module}.bin",), precision=recipe.precision.value)


class _Opened(NamedTuple):
    network: nn.Module
    read: Callable[[str], Float32s]
    """Reads a weight by its name."""
    placeholders: tuple[str, ...]
    """Names of the weights that the network itself does not hold."""


def _opened(reference: Bundle, module: Module) -> _Opened:
    if module is Module.UNET:
        unet = _without_weights(reference)
        placeholders = tuple(name for name, parameter in unet.named_parameters() if parameter.dim() > 1)
        return _Opened(unet, open_source(reference, module).read, placeholders)
    network = build(reference, module).eval()
    # Tracing may put placeholders into the network.
    state = dict(network.state_dict())
    return _Opened(network, lambda name: state[name].float().numpy(), ())


def _without_weights(reference: Bundle) -> nn.Module:
    """The UNet with zeros for its large weights: nothing is written there, so that they take no memory."""
    unet = build_unet(reference).eval()
    for number, parameter in enumerate(unet.parameters(), start=1):
        if parameter.dim() < 2:
            parameter.data = parameter.clone()
            continue
        # OpenVINO would make a copy of kernels in half precision.
        half = parameter.dtype is torch.float16 and parameter.dim() == 2
        zeros = np.zeros(parameter.shape, np.float16 if half else np.float32)
        # Unlike values, or equal constants would be made one.
        zeros.reshape(-1)[0] = number / 4096
        parameter.data = torch.from_numpy(zeros)
    return unet


def _trace(conversion: Conversion, module: Module, network: nn.Module) -> Any:
    import openvino
    from openvino.frontend.pytorch import patch_model

    if any(parameter.dtype is torch.float16 for parameter in network.parameters()):
        # OpenVINO's own way to trace half-precision weights: the graph holds them as they are and computes in float32.
        patch_model.__make_16bit_traceable(network)
    reference = conversion.reference
    # Tracing takes what is done to the example: with several planes of gain they are added, however many there are.
    gains = 3 if "gains" in conversion.free_axes else 1
    given = example_inputs(reference, module, frames=6, height=12, width=20, seed=0, gains=gains)
    examples = tuple(torch.from_numpy(given[tensor.name]) for tensor in border(module).inputs)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        try:
            return openvino.convert_model(network, example_input=examples)
        except RuntimeError as error:
            raise BundleError(f"{reference.path}: OpenVINO cannot convert {module}: {error}") from error


def _let_go(network: nn.Module) -> None:
    """Free the weights: PyTorch keeps what was traced, at full size 2.5 GB, until the process ends."""
    for weight in (*network.parameters(), *network.buffers()):
        weight.data = torch.empty(0)
    gc.collect()


def _name_border(conversion: Conversion, module: Module, model: Any) -> None:
    """Give inputs and outputs the names and axes of the border table."""
    import openvino

    free = conversion.free_axes
    frames, height, width = conversion.latent_size(frames=6, height=12, width=20)
    given = example_inputs(conversion.reference, module, frames=frames, height=height, width=width, seed=0)
    for port, tensor in zip(model.inputs, border(module).inputs, strict=True):
        port.get_tensor().set_names({tensor.name})
        node = port.get_node()
        node.set_friendly_name(tensor.name)
        axes = zip(tensor.axes, given[tensor.name].shape, strict=True)
        node.set_partial_shape(
            openvino.PartialShape([openvino.Dimension(-1 if axis in free else length) for axis, length in axes])
        )
    for port, tensor in zip(model.outputs, border(module).outputs, strict=True):
        port.get_tensor().set_names({tensor.name})
        port.get_node().set_friendly_name(tensor.name)
    model.validate_nodes_and_infer_types()


def _number_nodes(model: Any) -> None:
    """Number the nodes anew that OpenVINO named itself: it counts on from whatever the process converted before."""
    counts: Counter[str] = Counter()
    for node in model.get_ordered_ops():
        if found := re.fullmatch(r"([A-Za-z0-9]+)_\d+", node.get_friendly_name()):
            node.set_friendly_name(f"{found[1]}_{counts[found[1]]}")
            counts[found[1]] += 1
