"""One module of a reference bundle as a Core ML package: one function for each size, all reading the same weights."""

import gc
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pia_edge.bundle.manifest import Artifact
from pia_edge.bundle.mlpackage import DATA, MANIFEST, MODEL, WEIGHT_FILE, WEIGHTS
from pia_edge.export.conversion import Conversion
from pia_edge.export.coreml.activations import store_inputs
from pia_edge.export.coreml.convert import convert_function
from pia_edge.export.coreml.metadata import describe
from pia_edge.export.coreml.network import open_emptied
from pia_edge.export.coreml.package import write_program
from pia_edge.export.coreml.size import functions
from pia_edge.export.coreml.weights import Weights
from pia_edge.modules import Module

_PLACEHOLDERS = "placeholders.mlpackage"


def convert(conversion: Conversion, module: Module, folder: Path) -> Artifact:
    """Write ``module`` as ``module.mlpackage`` for the sizes of ``conversion`` and a batch of one.

    Raises:
        BundleError: the weights are not those of the network.
        OSError: a file cannot be written.
    """
    reference, recipe = conversion.reference, conversion.recipe
    name = f"{module}.mlpackage"
    package = folder / name
    (package / DATA / WEIGHTS).mkdir(parents=True)
    emptied = open_emptied(reference, module)
    weights = Weights(module, recipe, emptied, package / DATA / WEIGHTS / WEIGHT_FILE)
    sizes = functions(module, conversion.clips)
    made = {}
    for function, clip in sizes.items():
        placeholders = folder / _PLACEHOLDERS
        converted = convert_function(reference, module, emptied, recipe, clip, placeholders)
        spec = converted.model.get_spec()
        program = spec.mlProgram.functions["main"]
        weights.fill(program, converted)
        store_inputs(
            program,
            converted.names,
            conversion.ranges,
            lambda weight, shape: recipe.stores_input(module, weight, shape),
        )
        made[function] = spec
        # coremltools' programs refer to themselves; at full size each holds 2.5 GB until it is collected.
        del converted
        gc.collect()
        shutil.rmtree(placeholders)
    whole = _joined(made)
    describe(whole, reference, module, sizes)
    write_program(whole, package)
    files = (f"{name}/{MANIFEST}", f"{name}/{DATA}/{WEIGHTS}/{WEIGHT_FILE}")
    return Artifact(graph=f"{name}/{DATA}/{MODEL}", weights=files, precision=recipe.precision.value)


def _joined(specs: Mapping[str, Any]) -> Any:
    """One coremltools ``Model`` message with the program of each as a function."""
    if len(specs) == 1:
        return next(iter(specs.values()))
    whole = next(iter(specs.values()))
    first = type(whole).FromString(whole.SerializeToString())
    for field in ("input", "output"):
        whole.description.ClearField(field)
    for name, spec in {**specs, "main": first}.items():
        function = whole.description.functions.add(name=name)
        function.input.extend(spec.description.input)
        function.output.extend(spec.description.output)
        whole.mlProgram.functions[name].CopyFrom(spec.mlProgram.functions["main"])
    whole.description.defaultFunctionName = "main"
    return whole
