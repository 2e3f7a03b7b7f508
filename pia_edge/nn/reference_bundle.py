"""Writing a reference bundle: spatial, temporal and condition weights in separate safetensors files."""

import shutil
from pathlib import Path

import msgspec
from safetensors.torch import save_file

from pia_edge.bundle import Bundle, write_manifest
from pia_edge.bundle.manifest import Artifact, Format, Manifest
from pia_edge.bundle.names import is_bundle_file
from pia_edge.files import write_folder_atomically
from pia_edge.modules import Module
from pia_edge.nn.weights import PiaWeights, State

MODULES_OF_REFERENCE = {
    Module.TEXT_ENCODER: Artifact(weights=("text_encoder.safetensors",)),
    Module.VAE_ENCODER: Artifact(weights=("vae.safetensors",)),
    Module.VAE_DECODER: Artifact(weights=("vae.safetensors",)),
    Module.CONDITION: Artifact(weights=("condition.safetensors",)),
    Module.UNET: Artifact(weights=("spatial.safetensors", "temporal.safetensors")),
}
"""Which files hold each module's weights; personalized models differ in ``spatial`` alone."""
OPTIONAL_MODULES_OF_REFERENCE = {Module.TINY_DECODER: Artifact(weights=("tiny_decoder.safetensors",))}
"""Which files hold the weights of modules that a reference bundle may have besides."""


def write_reference_bundle(
    path: Path,
    *,
    manifest: Manifest,
    weights: PiaWeights,
    vae: State,
    text_encoder: State,
    tiny_decoder: State | None = None,
    tokenizer: tuple[Path, Path],
    overwrite: bool = False,
) -> Bundle:
    """Write a bundle of format ``torch`` and return it opened.

    Args:
        path: folder to make.
        manifest: name, norm_mode, networks, sizes, scheduler, sources …; format, modules and files are filled in.
        weights: the UNet and the condition module, under our names.
        vae: state of diffusers' ``AutoencoderKL``.
        text_encoder: state of transformers' ``CLIPTextModel``.
        tiny_decoder: state of :class:`~pia_edge.nn.tiny_decoder.TinyDecoder`; None for a bundle without.
        tokenizer: ``vocab.json`` and ``merges.txt``.
        overwrite: replace an older bundle.

    Raises:
        OutputError: the folder cannot be written, or holds something else than a bundle.
    """
    states = {
        "spatial": weights.spatial,
        "temporal": weights.temporal,
        "condition": weights.condition,
        "vae": vae,
        "text_encoder": text_encoder,
    }
    modules = dict(MODULES_OF_REFERENCE)
    if tiny_decoder is not None:
        states["tiny_decoder"] = tiny_decoder
        modules |= OPTIONAL_MODULES_OF_REFERENCE
    complete = msgspec.structs.replace(manifest, format=Format.TORCH, modules=modules)

    def write(folder: Path) -> None:
        for name, state in states.items():
            file = folder / f"{name}.safetensors"
            save_file({key: tensor.contiguous() for key, tensor in state.items()}, file)
            file.chmod(0o644)  # safetensors makes files that only their owner may read
        for source, name in zip(tokenizer, manifest.tokenizer, strict=True):
            shutil.copyfile(source, folder / name)
        write_manifest(folder, complete)

    write_folder_atomically(path, write, overwrite=overwrite, replaceable=is_bundle_file)
    return Bundle.open(path)
