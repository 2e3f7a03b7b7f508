"""One module of a reference bundle as an ONNX graph with its weights in files beside it."""

import contextlib
import io
import logging
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnx_ir as ir
import torch
from torch.export import Dim

from pia_edge.backend import Array
from pia_edge.bundle.manifest import Artifact
from pia_edge.errors import BundleError
from pia_edge.export.conversion import Conversion
from pia_edge.export.onnx_simplify import simplify
from pia_edge.export.onnx_weights import store_weights
from pia_edge.export.parity import example_inputs
from pia_edge.export.source import Source, open_source
from pia_edge.modules import Module, TensorSpec, border

OPSET = 23
"""The first opset where attention is one operator; it has Gelu, and 4-bit weights in blocks."""


def convert(conversion: Conversion, module: Module, folder: Path) -> Artifact:
    """Write the graph and the weights of ``module`` into ``folder``; frames, height and width stay free.

    Raises:
        BundleError: torch exports nothing, or the weights are not those of the network.
        OSError: a file cannot be written.
    """
    source = open_source(conversion.reference, module)
    model = _trace(conversion, module, source)
    weights = store_weights(model, module, conversion, folder)
    _strip(model)
    graph = f"{module}.onnx"
    ir.save(model, folder / graph)
    onnx.checker.check_model(folder / graph)
    return Artifact(graph=graph, weights=weights, precision=conversion.recipe.precision.value)


def _trace(conversion: Conversion, module: Module, source: Source) -> ir.Model:
    spec = border(module)
    frames, height, width = conversion.latent_size(frames=6, height=12, width=20)
    given = example_inputs(conversion.reference, module, frames=frames, height=height, width=width, seed=0)
    shapes = tuple(
        {axis: Dim.AUTO for axis, name in enumerate(tensor.axes) if name in conversion.free_axes}
        for tensor in spec.inputs
    )
    with _quiet(), torch.no_grad():
        with source.tracing():
            examples = tuple(
                torch.tensor(_at_least_two(given[tensor.name], tensor, conversion.free_axes)) for tensor in spec.inputs
            )
            program = torch.export.export(source.network, examples, dynamic_shapes=shapes, strict=False)
        exported = torch.onnx.export(
            program,
            (),
            dynamo=True,
            optimize=False,
            opset_version=OPSET,
            input_names=[tensor.name for tensor in spec.inputs],
            output_names=[tensor.name for tensor in spec.outputs],
            verbose=False,
        )
        if exported is None:
            raise BundleError(f"{conversion.reference.path}: torch exported nothing for {module}. Update torch.")
        model: ir.Model = exported.model
        for value in model.graph.initializers.values():
            _read_when_needed(value, source)
        simplify(model)
    return model


def _at_least_two(example: Array, tensor: TensorSpec, free: frozenset[str]) -> Array:
    """``example`` with its free axes longer than 1: torch takes a length of 1 for one that is always so.

    And equal lengths for the same one, so that there are more planes of gain than the batch is long.
    """
    for axis, name in enumerate(tensor.axes):
        if name in free and example.shape[axis] == 1:
            example = np.repeat(example, 3 if name == "gains" else 2, axis=axis)
    return example


def _read_when_needed(value: Any, source: Source) -> None:
    name = value.name

    def read() -> ir.Tensor:
        return ir.Tensor(np.ascontiguousarray(source.read(name)), name=name)

    if value.dtype is ir.DataType.FLOAT:
        value.const_value = ir.LazyTensor(read, value.dtype, value.shape, name=name)


def _strip(model: ir.Model) -> None:
    """Remove the exporter's notes: they hold source lines and paths of this machine, and most of the file's size."""
    model.metadata_props.clear()
    model.graph.metadata_props.clear()
    ends = {*model.graph.inputs, *model.graph.outputs}
    for node in model.graph.all_nodes():
        node.metadata_props.clear()
        node.doc_string = None
        for value in node.outputs:
            value.metadata_props.clear()
            if value not in ends:
                value.type = value.shape = None
    for value in (*ends, *model.graph.initializers.values()):
        value.metadata_props.clear()
        value.doc_string = None


@contextlib.contextmanager
def _quiet() -> Any:
    """Hide the exporter's progress, its notes on packages we do not use, and its own deprecations."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
