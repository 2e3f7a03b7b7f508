"""Recipes for the command line: a precision, or a file that says how chosen layers differ from it."""

from pathlib import Path
from typing import BinaryIO

import msgspec

from pia_edge.errors import RequestError
from pia_edge.export.precision import Precision
from pia_edge.export.recipe import Recipe
from pia_edge.files import write_atomically

_LARGEST = 2**20


def make_recipe(precision: str | None, file: Path | None) -> Recipe:
    """Return the recipe of ``precision`` (fp16 if None), or the one in ``file``.

    Raises:
        RequestError: both are given and disagree, or the file cannot be read or is no recipe.
    """
    if file is None:
        return Recipe(precision=Precision(precision or Precision.FP16))
    try:
        with file.open("rb") as stream:
            content = stream.read(_LARGEST)
        recipe = msgspec.json.decode(content, type=Recipe)
    except (OSError, msgspec.MsgspecError, RecursionError) as error:
        raise RequestError(
            f'{file}: expected a recipe such as {{"precision": "int8", "layers": {{"up_blocks.3.": "half"}}}}, found: '
            f"{error}. Correct the file."
        ) from error
    if precision is not None and precision != recipe.precision:
        raise RequestError(
            f"{file}: expected a recipe of {precision}, as asked, found {recipe.precision}. Leave one out."
        )
    return recipe


def write_recipe(path: Path, recipe: Recipe, *, overwrite: bool = False) -> None:
    """Write ``recipe`` as the JSON file that :func:`make_recipe` reads.

    Raises:
        OutputError: the file exists and ``overwrite`` is false, or it cannot be written.
    """
    content = msgspec.json.format(msgspec.json.encode(recipe), indent=2) + b"\n"

    def write(file: BinaryIO) -> None:
        file.write(content)

    write_atomically(path, write, overwrite=overwrite)
