"""The parts of a model, and which tensor of which file each of their weights is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from torch import Tensor

from pia_edge.importer.tensor_file import TensorFile


class PartName(StrEnum):
    """What a model consists of; each part becomes a file of the bundle, or two."""

    UNET = "unet"
    VAE = "vae"
    TEXT_ENCODER = "text encoder"
    TEMPORAL = "motion modules"
    CONDITION = "condition module"
    TINY_DECODER = "tiny decoder"


@dataclass(frozen=True, eq=False)
class Ref:
    """One tensor in one file."""

    file: TensorFile
    name: str

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape as stored."""
        return self.file.tensors[self.name].shape

    def read(self) -> Tensor:
        """Return the numbers as stored.

        Raises:
            ModelError: the file cannot be read.
        """
        return self.file.read(self.name)


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """The weights of one part under our names, and what is known of its sizes besides their shapes."""

    refs: Mapping[str, Ref]
    config: Mapping[str, object] = field(default_factory=dict)
    """Of a ``config.json`` beside the weights; empty for single files."""

    @property
    def path(self) -> Path:
        """The file that the part is in."""
        return next(iter(self.refs.values())).file.path

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of every weight."""
        return {name: ref.shape for name, ref in self.refs.items()}

    def without(self, *endings: str) -> "Part":
        """Return the part less the tensors whose names end so."""
        return replace(self, refs={name: ref for name, ref in self.refs.items() if not name.endswith(endings)})


@dataclass(frozen=True, kw_only=True, eq=False)
class Contents:
    """All that one file holds, sorted."""

    file: TensorFile
    parts: Mapping[PartName, Part]
    left_out: Mapping[str, int]
    """What is not taken from the file, and how many tensors of it there are."""

    def lines(self) -> Iterator[str]:
        """Yield one line for each part and for each group that is left out."""
        for name, part in self.parts.items():
            yield f"{len(part.refs)} tensors: {name}"
        for reason, count in self.left_out.items():
            yield f"{count} tensors left out: {reason}"
