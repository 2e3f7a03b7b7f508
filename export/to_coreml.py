"""One module of a reference bundle as Core ML packages: one function for each size, all reading the same weights."""

import gc
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pia_edge.bundle.manifest import Artifact
from pia_edge.bundle.mlpackage import DATA, MANIFEST, MODEL, WEIGHT_FILE, WEIGHTS
from pia_edge.export.conversion import Conversion
from pia_edge.export.coreml.activations import store_inputs
from pia_edge.export.coreml.blob_file import BlobFile
from pia_edge.export.coreml.convert import Converted, convert_function
from pia_edge.export.coreml.metadata import describe
from pia_edge.export.coreml.network import Emptied, open_emptied
from pia_edge.export.coreml.package import write_program
from pia_edge.export.coreml.pieces import cut
from pia_edge.export.coreml.size import functions
from pia_edge.export.coreml.weights import Weights
from pia_edge.export.storing import weight_bytes
from pia_edge.modules import Module

_PLACEHOLDERS = "placeholders.mlpackage"


def convert(conversion: Conversion, module: Module, folder: Path) -> Artifact:
    """Write ``module`` as ``module.mlpackage`` for the sizes of ``conversion`` and a batch of one.

    If it has more weights than a package may have, ``module-2.mlpackage`` and so on hold the rest.

    Raises:
        BundleError: the weights are not those of the network.
        RequestError: it cannot be cut into packages of the size asked for.
        OSError: a file cannot be written.
    """
    writing = _Writing(conversion, module, folder, open_emptied(conversion.reference, module))
    sizes = functions(module, conversion.clips)
    for function, clip in sizes.items():
        placeholders = folder / _PLACEHOLDERS
        emptied, recipe = writing.emptied, conversion.recipe
        writing.add(function, convert_function(conversion.reference, module, emptied, recipe, clip, placeholders))
        # coremltools' programs refer to themselves; at full size each holds 2.5 GB until it is collected.
        gc.collect()
        shutil.rmtree(placeholders)
    for package in writing.packages:
        whole = _joined(package.functions)
        describe(whole, conversion.reference, module, sizes)
        write_program(whole, package.path)
    names = [package.path.name for package in writing.packages]
    graph, *pieces = (f"{name}/{DATA}/{MODEL}" for name in names)
    weights = tuple(f"{name}/{file}" for name in names for file in (MANIFEST, f"{DATA}/{WEIGHTS}/{WEIGHT_FILE}"))
    precision = conversion.recipe.precision.value
    return Artifact(graph=graph, pieces=tuple(pieces), weights=weights, precision=precision)


@dataclass
class _Package:
    path: Path
    weights: Weights
    functions: dict[str, Any] = field(default_factory=dict)


@dataclass
class _Writing:
    """The packages of a module while functions are added to them."""

    conversion: Conversion
    module: Module
    folder: Path
    emptied: Emptied
    packages: list[_Package] = field(default_factory=list)

    def add(self, function: str, converted: Converted) -> None:
        """Write the weights of ``converted`` and keep its program as the function ``function``."""
        spec = converted.model.get_spec()
        placeholders = converted.placeholders(spec.mlProgram.functions["main"], self.emptied.shapes)
        made = BlobFile(Path(converted.model.weights_dir) / WEIGHT_FILE)
        sizes = {constant: self._bytes_of(name) for constant, name in placeholders.items()}
        for number, piece in enumerate(cut(spec, sizes, self.conversion.piece_size)):
            package, program = self._package(number), piece.mlProgram.functions["main"]
            package.weights.fill(program, placeholders, made)
            store_inputs(program, converted.names, self.conversion.ranges, self._stores_input)
            package.functions[function] = piece

    def _package(self, number: int) -> _Package:
        if number == len(self.packages):
            path = self.folder / f"{self.module}{f'-{number + 1}' if number else ''}.mlpackage"
            (path / DATA / WEIGHTS).mkdir(parents=True)
            file = path / DATA / WEIGHTS / WEIGHT_FILE
            self.packages.append(_Package(path, Weights(self.module, self.conversion.recipe, self.emptied, file)))
        return self.packages[number]

    def _bytes_of(self, name: str) -> int:
        shape = self.emptied.shapes[name]
        return weight_bytes(shape, self.conversion.recipe.storage(self.module, name, shape))

    def _stores_input(self, weight: str, shape: tuple[int, ...]) -> bool:
        return self.conversion.recipe.stores_input(self.module, weight, shape)


def _joined(specs: Mapping[str, Any]) -> Any:
    """One coremltools ``Model`` message with the program of each as a function."""
    if len(specs) == 1:
        return next(iter(specs.values()))
    whole = next(iter(specs.values()))
    first = type(whole).FromString(whole.SerializeToString())
    for border in ("input", "output"):
        whole.description.ClearField(border)
    for name, spec in {**specs, "main": first}.items():
        function = whole.description.functions.add(name=name)
        function.input.extend(spec.description.input)
        function.output.extend(spec.description.output)
        whole.mlProgram.functions[name].CopyFrom(spec.mlProgram.functions["main"])
    whole.description.defaultFunctionName = "main"
    return whole
