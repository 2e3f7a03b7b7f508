"""A reference bundle as a source: its parts, under our names already."""

from dataclasses import dataclass
from pathlib import Path

import torch

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format, Manifest, Network
from pia_edge.errors import ModelError
from pia_edge.importer.parts import Part, PartName, Ref
from pia_edge.importer.request import Precision
from pia_edge.importer.tensor_file import open_tensor_file

FILES = {
    PartName.UNET: "spatial.safetensors",
    PartName.TEMPORAL: "temporal.safetensors",
    PartName.CONDITION: "condition.safetensors",
    PartName.VAE: "vae.safetensors",
    PartName.TEXT_ENCODER: "text_encoder.safetensors",
    PartName.TINY_DECODER: "tiny_decoder.safetensors",
}
"""In which file of a reference bundle each part lies."""
OPTIONAL = frozenset({PartName.TINY_DECODER})
"""Parts that a reference bundle may lack."""


@dataclass(frozen=True, kw_only=True, eq=False)
class BundleSource:
    """An opened reference bundle and its parts."""

    path: Path
    manifest: Manifest
    network: Network
    parts: dict[PartName, Part]

    @property
    def precision(self) -> Precision:
        """In which numbers its spatial weights are kept."""
        ref = next(iter(self.parts[PartName.UNET].refs.values()))
        return Precision.FP32 if ref.file.tensors[ref.name].dtype is torch.float32 else Precision.FP16


def open_bundle_source(path: Path) -> BundleSource:
    """Return the parts of the reference bundle in ``path``.

    Raises:
        BundleError: it cannot be opened.
        ModelError: it is a bundle of another format, or its files are not those of an import.
    """
    bundle = Bundle.open(path)
    network = bundle.manifest.network
    if bundle.manifest.format is not Format.TORCH or network is None:
        raise ModelError(
            f"{path}: expected a reference bundle, found format {bundle.manifest.format}, from which no model can be "
            "taken. Name the bundle that it was exported from."
        )
    parts = {}
    for name, file_name in FILES.items():
        if file_name not in bundle.manifest.files:
            if name in OPTIONAL:
                continue
            raise ModelError(f"{path}: expected {file_name}, found none. Import the models again.")
        file = open_tensor_file(bundle.path / file_name, allow_pickle=False)
        parts[name] = Part(refs={tensor: Ref(file, tensor) for tensor in file.tensors})
    return BundleSource(path=bundle.path, manifest=bundle.manifest, network=network, parts=parts)
