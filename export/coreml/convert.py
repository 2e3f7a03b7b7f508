"""One module as a coremltools model: its program, with placeholders for large weights."""

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize
from pia_edge.errors import BundleError
from pia_edge.export.coreml.compute import float16_selector
from pia_edge.export.coreml.mil_types import shape_of
from pia_edge.export.coreml.network import Emptied
from pia_edge.export.coreml.size import example
from pia_edge.export.precision import Precision
from pia_edge.export.recipe import Recipe, Storage
from pia_edge.modules import Module, border

IN_FLOAT32 = frozenset({Module.VAE_ENCODER, Module.VAE_DECODER})
"""Modules that are computed in float32 always: the VAE's activations overflow float16 and give black pictures."""


@dataclass(frozen=True)
class Converted:
    """A coremltools ``MLModel``, and our name of each weight by the name of its constant."""

    model: Any
    names: Mapping[str, str]

    def placeholders(self, function: Any, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, str]:
        """Return our names of the weights of these ``shapes``, by the names of their constants in a MIL function.

        Raises:
            BundleError: coremltools changed a weight, so that it can no longer be told which one it was.
        """
        missing, found = dict(shapes), {}
        for operation in function.block_specializations[function.opset].operations:
            constant = operation.outputs[0].name
            name = our_name(constant, self.names) if operation.type == "const" else None
            if name in missing and shape_of(operation.outputs[0].type) == missing[name]:
                del missing[name]
                found[constant] = name
        if missing:
            raise BundleError(
                f"Expected the weight {min(missing)} in the converted program, found nothing of that name and shape. "
                "Use the version of coremltools that docs/dependencies.md names."
            )
        return found


def convert_function(
    reference: Bundle, module: Module, emptied: Emptied, recipe: Recipe, clip: ClipSize, folder: Path
) -> Converted:
    """Return ``module`` converted for clips of one size; the placeholders lie in a package that ``folder`` becomes.

    Inputs and outputs keep the names, axes and ranks of ``modules.py`` with a batch of one. Core ML has no int64:
    ``input_ids`` and ``timestep`` are int32. Everything else is float32 at the border, whatever is computed inside.
    """
    import coremltools as ct

    inputs = example(reference, module, clip)
    given = tuple(torch.from_numpy(inputs[spec.name]) for spec in border(module).inputs)
    outputs = [spec.name for spec in border(module).outputs]
    with quiet(), torch.no_grad():
        # With NumPy 2.4 coremltools cannot read traced graphs, so the network goes through torch.export. Composite
        # operations are kept whole: Core ML has layer_norm, linear and the two contractions of split attention.
        program = torch.export.export(emptied.network, given)
        program = program.run_decompositions({torch.ops.aten.alias.default: _same})
        names = dict(program.graph_signature.inputs_to_parameters)
        selector = float16_selector(lambda constant, shape: _is_exact(our_name(constant, names), shape, module, recipe))
        half = ct.transform.FP16ComputePrecision(op_selector=selector)
        model = ct.convert(
            program,
            outputs=[ct.TensorType(name=name, dtype=float) for name in outputs],
            convert_to="mlprogram",
            # The first target with palettes for groups of channels, and with several functions in a package.
            minimum_deployment_target=ct.target.iOS18,
            compute_precision=half if computes_in_float16(module, recipe) else ct.precision.FLOAT32,
            skip_model_load=True,
            package_dir=str(folder),
        )
    return Converted(model, names)


def computes_in_float16(module: Module, recipe: Recipe) -> bool:
    """Return whether most of ``module`` is computed in float16."""
    return module not in IN_FLOAT32 and recipe.precision is not Precision.FP32


def our_name(constant: str, names: Mapping[str, str]) -> str | None:
    """Return our name of the weight in a constant, or None if it is no weight of the network."""
    return names.get(constant) or names.get(constant.removesuffix("_to_fp16"))


def _is_exact(name: str | None, shape: tuple[int, ...], module: Module, recipe: Recipe) -> bool:
    return name is not None and recipe.storage(module, name, shape) is Storage.EXACT


def _same(tensor: Tensor) -> Tensor:
    return tensor


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Hide coremltools' progress bars and its notes on libraries that are newer than it knows."""
    loggers = [logging.getLogger(name) for name in ("coremltools", "torch.export")]
    levels = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.ERROR)
        with (
            warnings.catch_warnings(),
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
