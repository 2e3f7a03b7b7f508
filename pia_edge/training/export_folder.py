"""Writes a run's trained weights as plain safetensors files with one JSON that describes them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from pia_edge.nn.config import UNetConfig

from .autoencoder import AutoencoderConfig
from .autoencoder_stage import load_autoencoder
from .checkpoint import averaged_weights, read_checkpoint
from .course import NUM_FRAMES
from .diffusion import BETA_END, BETA_START, TRAIN_STEPS
from .network import SAMPLE_CONFIG, TEMPORAL, config_fields, load_network
from .personalize_stage import base_of
from .run_folder import read_run_config, scaling_factor, statistics
from .styles import Style

SAMPLE_SIZE = 128
GUIDANCE_SCALE = 2.0
NUM_INFERENCE_STEPS = 20


def half_precision(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the weights in float16, each tensor in memory of its own."""
    return {name: weight.detach().to(torch.float16).contiguous().clone() for name, weight in weights.items()}


def last_log_line(folder: Path, stage: str) -> dict[str, object]:
    """Return the last line of a stage's loss log; empty when it has none."""
    path = folder / f"{stage}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    found: dict[str, object] = json.loads(lines[-1]) if lines else {}
    return found


def scheduler_fields() -> dict[str, object]:
    """Return the arguments of diffusers' DDIMScheduler that sample this model."""
    return {
        "num_train_timesteps": TRAIN_STEPS,
        "beta_start": BETA_START,
        "beta_end": BETA_END,
        "beta_schedule": "linear",
        "prediction_type": "v_prediction",
        "rescale_betas_zero_snr": True,
        "timestep_spacing": "trailing",
        "clip_sample": False,
        "set_alpha_to_one": True,
    }


def _training_summary(folder: Path) -> dict[str, object]:
    summary: dict[str, object] = {}
    for stage in ("autoencoder", "text", "base", "motion", *map(base_of, Style)):
        if (folder / f"{stage}.pt").is_file():
            checkpoint = read_checkpoint(folder / f"{stage}.pt")
            summary[stage] = {
                "steps": checkpoint["step"],
                "seconds": checkpoint["seconds"],
                "last": last_log_line(folder, stage),
            }
    return summary


def describe(folder: Path, unet: UNetConfig, text_arguments: dict[str, object]) -> dict[str, object]:
    """Return the contents of ``config.json``."""
    facts = read_run_config(folder)
    factor = scaling_factor(folder)
    return {
        "name": "sample",
        "unet": config_fields(unet),
        "vae": AutoencoderConfig().diffusers_arguments(factor, SAMPLE_SIZE),
        "text_encoder": text_arguments,
        "scaling_factor": factor,
        "scheduler": scheduler_fields(),
        "affinity_statistics": statistics(folder).tolist(),
        "num_frames": NUM_FRAMES,
        "height": SAMPLE_SIZE,
        "width": SAMPLE_SIZE,
        "recommended": {"guidance_scale": GUIDANCE_SCALE, "num_inference_steps": NUM_INFERENCE_STEPS},
        "training": _training_summary(folder),
        "provenance": {
            "pictures": "Rendered by pia_edge.training, and parts of the public-domain photographs below, recoloured.",
            "photographs": facts.get("photographs", {}),
            "picture_count": facts.get("picture_count"),
            "seed": facts.get("seed"),
        },
    }


def personalized_unet(style: Style) -> str:
    """Return the name of the file that holds the spatial layers of the base in ``style``."""
    return f"unet-{style.value}"


def _personalized(folder: Path) -> Iterator[tuple[Style, dict[str, Tensor]]]:
    """Yield the spatial layers of each personalized base of the run; all else it shares with the others."""
    for style in Style:
        path = folder / f"{base_of(style)}.pt"
        if path.is_file():
            trained = averaged_weights(path)
            yield style, half_precision({name.removeprefix("unet."): weight for name, weight in trained.items()})


def write_export(folder: Path, target: Path) -> None:
    """Write the run's latest weights to ``target``; a folder already there is replaced in one step."""
    fresh, old = target.with_name(target.name + ".new"), target.with_name(target.name + ".old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh.mkdir(parents=True)
    network, autoencoder = load_network(folder), load_autoencoder(folder)
    unet = half_precision(network.unet.state_dict())
    parts = {
        **{personalized_unet(style): weights for style, weights in _personalized(folder)},
        "unet": {name: weight for name, weight in unet.items() if not TEMPORAL.search(name)},
        "temporal": {name: weight for name, weight in unet.items() if TEMPORAL.search(name)},
        "condition": half_precision(network.condition.state_dict()),
        "vae": half_precision(autoencoder.state_dict()),
        "text_encoder": half_precision(network.text_encoder.state_dict()),
    }
    for name, weights in parts.items():
        save_file(weights, fresh / f"{name}.safetensors", metadata={"format": "pt"})
        # safetensors writes files that only their owner may read; a wheel would keep that.
        (fresh / f"{name}.safetensors").chmod(0o644)
    for name in ("vocab.json", "merges.txt"):
        shutil.copyfile(folder / name, fresh / name)
    described = describe(folder, SAMPLE_CONFIG, network.text_encoder.config.transformers_arguments())
    (fresh / "config.json").write_text(json.dumps(described, indent=1), encoding="utf-8")
    if target.is_dir():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)
