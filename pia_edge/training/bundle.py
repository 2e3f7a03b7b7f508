"""From a run's exported weights to the reference bundle that they are."""

import json
from pathlib import Path
from typing import Any

from safetensors.torch import load_file

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Defaults, Format, Frames, Manifest, Network, Sizes, Source, Vae
from pia_edge.nn.reference_bundle import write_reference_bundle
from pia_edge.nn.weights import PiaWeights
from pia_edge.schedulers import SchedulerConfig

from .export_folder import personalized_unet
from .styles import Style


def write_sample_reference(
    exported: Path, target: Path, *, style: Style | None = None, overwrite: bool = False
) -> Bundle:
    """Write the reference bundle of the weights in ``exported`` (a run's folder ``export``) and return it opened.

    With a ``style`` it has the spatial layers of that base, and everything else as without.

    Raises:
        OutputError: ``target`` cannot be written.
    """
    config: dict[str, Any] = json.loads((exported / "config.json").read_text(encoding="utf-8"))
    states = {
        name: load_file(exported / f"{name}.safetensors") for name in ("temporal", "condition", "vae", "text_encoder")
    }
    spatial = load_file(exported / f"{'unet' if style is None else personalized_unet(style)}.safetensors")
    return write_reference_bundle(
        target,
        manifest=_manifest(config, style),
        weights=PiaWeights(spatial=spatial, temporal=states["temporal"], condition=states["condition"]),
        vae=states["vae"],
        text_encoder=states["text_encoder"],
        tokenizer=(exported / "vocab.json", exported / "merges.txt"),
        overwrite=overwrite,
    )


def _manifest(config: dict[str, Any], style: Style | None) -> Manifest:
    unet = {key: value for key, value in config["unet"].items() if key not in ("temporal", "norm_mode")}
    scheduler = config["scheduler"]
    edge = int(config["width"])
    return Manifest(
        name="sample" if style is None else f"sample-{style.value.replace('_', '-')}",
        description=f"A small PIA model for {edge}x{edge} pixels, trained on rendered scenes and free photographs",
        format=Format.TORCH,
        norm_mode=config["unet"]["norm_mode"],
        modules={},
        sizes=Sizes(multiple=8, minimum=64, maximum=2 * edge, long_edge=edge),
        frames=Frames(trained=int(config["num_frames"]), maximum=int(unet["motion_max_frames"])),
        vae=Vae(
            scaling_factor=config["scaling_factor"],
            downscale=2 ** (len(config["vae"]["block_out_channels"]) - 1),
            latent_channels=config["vae"]["latent_channels"],
        ),
        scheduler=SchedulerConfig(
            beta_start=scheduler["beta_start"],
            beta_end=scheduler["beta_end"],
            beta_schedule=scheduler["beta_schedule"],
            prediction_type=scheduler["prediction_type"],
            rescale_zero_terminal_snr=scheduler["rescale_betas_zero_snr"],
            timestep_spacing=scheduler["timestep_spacing"],
            set_alpha_to_one=scheduler["set_alpha_to_one"],
        ),
        defaults=Defaults(**config["recommended"]),
        affinity_statistics=tuple((float(low), float(high)) for low, high in config["affinity_statistics"]),
        network=Network(unet=unet, vae=config["vae"], text_encoder=config["text_encoder"]),
        sources=_sources(config["provenance"]),
        files={},
    )


def _sources(provenance: dict[str, Any]) -> tuple[Source, ...]:
    rendered = Source(part="weights", origin="trained by pia_edge.training on rendered scenes", licence="Apache-2.0")
    photographs = (
        Source(part="training picture", origin=name, licence=licence)
        for name, licence in sorted(provenance["photographs"].items())
    )
    return (rendered, *photographs)
