"""A tiny decoder (TAESD) as a source: diffusers' file or folder, or the original file of the decoder alone."""

import re
from collections.abc import Mapping
from pathlib import Path

import torch

from pia_edge.errors import ModelError
from pia_edge.importer.kinds import Kind, kind_of
from pia_edge.importer.licence import licence_of
from pia_edge.importer.model import Model, read_config, shapes_of, weights_in
from pia_edge.importer.parts import Contents, Part, PartName, Ref
from pia_edge.importer.tensor_file import TensorFile, explained, open_tensor_file
from pia_edge.nn.tiny_decoder import DOWNSCALE, TinyDecoder

_FIRST = "layers.0.weight"
_LATENT_CHANNELS = 4
# The decoder alone, as it lies beside diffusers' file where TAESD is published.
_ORIGINAL_FILE = "taesd_decoder.safetensors"
# What no shape of a weight shows; a folder's config.json may say otherwise.
_CONFIGURATION: Mapping[str, object] = {
    "act_fn": "relu",
    "upsample_fn": "nearest",
    "upsampling_scaling_factor": 2,
    "scaling_factor": 1.0,
}


def open_tiny_decoder(path: Path, *, allow_pickle: bool) -> Model:
    """Return the tiny decoder in ``path``, its weights under our names.

    Raises:
        ModelError: the file is something else, or a decoder for other latents than Stable Diffusion 1 has.
    """
    with explained(path):
        file = open_tensor_file(_weights(path) if path.is_dir() else path, allow_pickle=allow_pickle)
        licence = licence_of(path, file.values)
    kind = kind_of(shapes_of(file))
    if kind not in (Kind.TINY_DECODER, Kind.TINY_AUTOENCODER):
        raise ModelError(
            f"{file.path}: expected a tiny decoder, found {kind}. Get {_ORIGINAL_FILE}, or diffusers' folder taesd."
        )
    if path.is_dir():
        _check_configuration(path / "config.json")
    contents = _sort(file, kind)
    first = contents.parts[PartName.TINY_DECODER].shapes().get(_FIRST, ())
    if len(first) == 4 and first[1] != _LATENT_CHANNELS:
        raise ModelError(
            f"{file.path}: expected a tiny decoder for latents of {_LATENT_CHANNELS} channels, as Stable Diffusion 1 "
            f"has them, found one for {first[1]} channels. Get taesd, which is made for Stable Diffusion 1."
        )
    return Model(path=path, contents=(contents,), licence=licence)


def expected_tiny_decoder(vae: Mapping[str, object], part: Part) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the weights of a tiny decoder beside the autoencoder with the arguments ``vae``.

    Raises:
        ModelError: the autoencoder's latents are of another size than those that ``part`` decodes.
    """
    levels = vae.get("block_out_channels")
    scale = 2 ** (len(levels) - 1) if isinstance(levels, list) else DOWNSCALE
    if scale != DOWNSCALE:
        raise ModelError(
            f"{part.path}: expected an autoencoder whose latents are {DOWNSCALE} times smaller than the picture, as a "
            f"tiny decoder takes them, found {scale} times. Import this model without --tiny-decoder."
        )
    with torch.device("meta"):
        return {name: tuple(tensor.shape) for name, tensor in TinyDecoder(_LATENT_CHANNELS).state_dict().items()}


def _weights(folder: Path) -> Path:
    original = folder / _ORIGINAL_FILE
    return original if original.is_file() else weights_in(folder)


def _check_configuration(path: Path) -> None:
    config = read_config(path)
    for key, expected in _CONFIGURATION.items():
        if config.get(key, expected) != expected:
            raise ModelError(
                f"{path}: expected {key} {expected!a}, as TAESD has it, found {config[key]!a}. Get the folder taesd of "
                "diffusers."
            )


def _sort(file: TensorFile, kind: Kind) -> Contents:
    refs: dict[str, Ref] = {}
    encoder = 0
    for name in file.tensors:
        if name.startswith("encoder."):
            encoder += 1
        else:
            refs[_our_name(name) if kind is Kind.TINY_DECODER else name.removeprefix("decoder.")] = Ref(file, name)
    left_out = {"the encoder, which the bundle's own autoencoder gives": encoder} if encoder else {}
    return Contents(file=file, parts={PartName.TINY_DECODER: Part(refs=refs)}, left_out=left_out)


def _our_name(name: str) -> str:
    """Number a layer of the original file as diffusers does, which does not count the bound of the latents."""
    found = re.fullmatch(r"([1-9][0-9]{0,2})\.(.+)", name)
    return f"layers.{int(found[1]) - 1}.{found[2]}" if found else name
