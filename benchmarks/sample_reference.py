"""The sample that ships as a reference bundle: its weights, read back from its ONNX files, where they keep their names.

Its exporter stored what float16 holds exactly in float16, so nothing is lost. That the result is the sample is for
``pia-edge parity`` to say: over 125 dB for every module.
"""

from dataclasses import asdict
from pathlib import Path

import msgspec
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from pia_edge import sample
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Network
from pia_edge.modules import Module
from pia_edge.nn.reference_bundle import write_reference_bundle
from pia_edge.nn.weights import PiaWeights
from pia_edge.training.autoencoder import AutoencoderConfig
from pia_edge.training.network import SAMPLE_CONFIG
from pia_edge.training.text_encoder import TextEncoderConfig

_TEMPORAL = "motion_modules"
_OF_TEXT_ENCODER = "clip."


def sample_reference(path: Path) -> Bundle:
    """Write the sample's reference bundle into the folder ``path`` and return it opened."""
    bundle = Bundle.open(sample.path())
    unet = _weights(bundle, Module.UNET)
    text = {name.removeprefix(_OF_TEXT_ENCODER): value for name, value in _weights(bundle, Module.TEXT_ENCODER).items()}
    (vocabulary,) = (len(value) for name, value in text.items() if name.endswith("token_embedding.weight"))
    manifest = msgspec.structs.replace(
        bundle.manifest,
        network=Network(
            unet={key: value for key, value in asdict(SAMPLE_CONFIG).items() if key not in ("temporal", "norm_mode")},
            vae=AutoencoderConfig().diffusers_arguments(
                bundle.manifest.vae.scaling_factor, bundle.manifest.sizes.long_edge
            ),
            text_encoder=TextEncoderConfig(vocab_size=vocabulary).transformers_arguments(),
        ),
        parity={},
    )
    vocab, merges = (bundle.path / name for name in bundle.manifest.tokenizer)
    return write_reference_bundle(
        path,
        manifest=manifest,
        weights=PiaWeights(
            spatial={name: value for name, value in unet.items() if _TEMPORAL not in name},
            temporal={name: value for name, value in unet.items() if _TEMPORAL in name},
            condition=_weights(bundle, Module.CONDITION),
        ),
        vae=_weights(bundle, Module.VAE_ENCODER) | _weights(bundle, Module.VAE_DECODER),
        text_encoder=text,
        tokenizer=(vocab, merges),
    )


def _weights(bundle: Bundle, module: Module) -> dict[str, Tensor]:
    graph = onnx.load(bundle.graph(module)).graph
    named = {value.name.removesuffix(".float16"): value for value in graph.initializer}
    return {
        name: torch.from_numpy(numpy_helper.to_array(value).copy())
        for name, value in named.items()
        if name.split(".")[-1] in ("weight", "bias")
    }
