"""What a package says of itself: who made it, its licence, and a sentence for every input and output."""

from collections.abc import Mapping
from typing import Any

from pia_edge._version import __version__
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize
from pia_edge.modules import Module

_SENTENCES: Mapping[Module, Mapping[str, str]] = {
    Module.TEXT_ENCODER: {
        "input_ids": "Token ids of one prompt, padded to 77; int32 here, int64 elsewhere.",
        "encoder_hidden_states": "The prompt as CLIP's last hidden state after the final layer norm.",
    },
    Module.VAE_ENCODER: {
        "image": "One RGB picture in [-1, 1].",
        "mean": "Mean of the unscaled latents.",
        "std": "Standard deviation of the unscaled latents.",
    },
    Module.VAE_DECODER: {
        "latents": "Unscaled latents of one frame.",
        "image": "The frame, RGB near [-1, 1].",
    },
    Module.TINY_DECODER: {
        "latents": "Scaled latents of one frame, as the UNet computes them.",
        "image": "The frame, RGB near [-1, 1].",
    },
    Module.CONDITION: {
        "image_latents": "Scaled latents of the condition image.",
        "appearance": "What the picture adds to every frame; made once per clip.",
        "gain": "What a frame's affinity is multiplied with; made once per clip.",
    },
    Module.UNET: {
        "latents": "Noisy latents of one clip: batch, channels, frames, height, width.",
        "timestep": "Position in the noise schedule, 0 to 999; int32 here, int64 elsewhere.",
        "encoder_hidden_states": "The prompt, or the negative prompt; guidance calls the network once with each.",
        "affinity": "Similarity of each frame to the condition image, 1 to 0.",
        "appearance": "Output of the condition module.",
        "gain": "Output of the condition module.",
        "noise_pred": "The predicted noise (or velocity), shaped as the latents.",
    },
    Module.MOTION_MODULE: {
        "hidden_states": "What the first resnet of the UNet returns: batch, channels, frames, height, width.",
        "mixed_states": "The same, each place mixed along the frames.",
    },
}

_PASSED_ON = "Passed from one package to the next."


def describe(spec: Any, reference: Bundle, module: Module, functions: Mapping[str, ClipSize]) -> None:
    """Write author, licence, version, sizes and sentences into a coremltools ``Model`` message."""
    manifest = reference.manifest
    sizes = ", ".join(f"{clip.frames} frames of {clip.width}x{clip.height} pixels" for clip in functions.values())
    metadata = spec.description.metadata
    metadata.author = "PIA Edge"
    metadata.license = "; ".join(dict.fromkeys(source.licence for source in manifest.sources)) or "unknown"
    metadata.versionString = __version__
    metadata.shortDescription = f"{module} of {manifest.name}: {sizes}."
    for description in spec.description.functions or [spec.description]:
        for feature in (*description.input, *description.output):
            feature.shortDescription = _SENTENCES[module].get(feature.name, _PASSED_ON)
