"""A training run begun again from the weights that one has published, to teach the base another look or to try it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from pia_edge.errors import BundleError

from .export_folder import personalized_unet
from .personalize_stage import base_of
from .run_folder import RUN_CONFIG
from .styles import Style

EXPORT = "export"


def restore_run(published: Path, folder: Path) -> None:
    """Write the checkpoints of a run to ``folder`` from a folder with ``run.json``, logs and ``export``.

    The checkpoints hold averages alone: stages that begin with them can be run, but none of them goes on. The layer
    through which the base was shown pictures is never published; the condition module, which does the same for the
    same spatial layers, takes its place.

    Raises:
        BundleError: when something is missing, or when ``folder`` has checkpoints of its own.
    """
    exported = published / EXPORT
    for expected in (published / RUN_CONFIG, exported / "config.json"):
        if not expected.is_file():
            raise BundleError(f"Expected a published run with {expected}, which is not there. Give its folder.")
    if list(folder.glob("*.pt")):
        raise BundleError(f"{folder} holds checkpoints, which would be lost. Give a folder for a new run.")
    folder.mkdir(parents=True, exist_ok=True)
    for source in (published / RUN_CONFIG, exported / "vocab.json", exported / "merges.txt"):
        shutil.copyfile(source, folder / source.name)
    trained = json.loads((exported / "config.json").read_text(encoding="utf-8"))["training"]
    for stage, average in _averages(exported).items():
        facts = {"step": trained[stage]["steps"], "seconds": trained[stage]["seconds"]}
        torch.save(facts | {"average": average}, folder / f"{stage}.pt")
        shutil.copyfile(published / f"{stage}.jsonl", folder / f"{stage}.jsonl")


def _averages(exported: Path) -> dict[str, dict[str, Tensor]]:
    """Return by stage what it trained."""

    def read(name: str, prefix: str) -> dict[str, Tensor]:
        weights = load_file(exported / f"{name}.safetensors")
        return {prefix + key: weight.float() for key, weight in weights.items()}

    looks = {base_of(style): personalized_unet(style) for style in Style}
    return {
        "autoencoder": read("vae", ""),
        "text": read("text_encoder", "text_encoder."),
        "base": read("unet", "unet.") | read("condition", "hint."),
        "motion": read("temporal", "unet.") | read("condition", "condition."),
        **{stage: read(name, "unet.") for stage, name in looks.items() if (exported / f"{name}.safetensors").is_file()},
    }
