"""The numbers of a converted program: large weights stored as the recipe says, everything else as it was made."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pia_edge.export.coreml.blob_file import BlobFile
from pia_edge.export.coreml.mil_types import name_of, scalar_value, shape_of
from pia_edge.export.coreml.network import Emptied
from pia_edge.export.coreml.stored import stored
from pia_edge.export.coreml.weight_file import WeightFile
from pia_edge.export.recipe import Recipe
from pia_edge.modules import Module


class Weights:
    """Writes the constants of every function of one package."""

    def __init__(self, module: Module, recipe: Recipe, emptied: Emptied, file: Path) -> None:
        self._module, self._recipe, self._emptied = module, recipe, emptied
        self._file = WeightFile(file)
        # What restores each weight: the second function that needs it reads what the first has written.
        self._known: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}

    def fill(self, function: Any, placeholders: Mapping[str, str], made: BlobFile) -> None:
        """Give every constant of a MIL function its numbers, in place.

        Args:
            function: what coremltools converted, or a piece of it.
            placeholders: our name of each weight by the name of the constant that stands for it.
            made: the weight file that coremltools wrote.
        """
        (block,) = function.block_specializations.values()
        for operation in block.operations:
            if operation.type != "const":
                continue
            value = operation.attributes["val"]
            if name := placeholders.get(operation.outputs[0].name):
                self._store(operation, name)
            elif value.WhichOneof("value") == "blobFileValue":
                array = made.read(value.blobFileValue.offset, name_of(value.type), shape_of(value.type))
                value.CopyFrom(self._file.add(array, name_of(value.type)))

    def _store(self, operation: Any, name: str) -> None:
        """Turn the constant ``operation`` into what restores the weight ``name``."""
        dtype, shape = name_of(operation.outputs[0].type), shape_of(operation.outputs[0].type)
        if (name, dtype) not in self._known:
            made = stored(self._emptied.read(name), self._recipe.storage(self._module, name, shape), dtype)
            values = {part: self._file.add(array, kind) for part, (array, kind) in made.parts.items()}
            if made.operation == "constexpr_cast":
                values["output_dtype"] = scalar_value("string", dtype)
            self._known[name, dtype] = made.operation, values
        operation.type, values = self._known[name, dtype]
        if operation.type == "const":
            operation.attributes["val"].CopyFrom(values["val"])
            return
        del operation.attributes["val"]
        for part, value in values.items():
            operation.inputs[part].arguments.add().value.CopyFrom(value)
