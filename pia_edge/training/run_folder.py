"""A training run's folder: what lies where, and the trained model read back from it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from pia_edge.errors import BundleError
from pia_edge.tokenizer import ClipTokenizer

from .autoencoder import Autoencoder
from .autoencoder_stage import load_autoencoder
from .network import PiaNetwork, load_network, open_tokenizer

SOURCES = "sources.npz"
PICTURES = "pictures.pt"
RUN_CONFIG = "run.json"


@dataclass(frozen=True, kw_only=True)
class SampleModel:
    """The trained networks and what is needed to use them."""

    network: PiaNetwork
    autoencoder: Autoencoder
    tokenizer: ClipTokenizer
    scaling_factor: float
    statistics: Tensor
    """Affinity statistics (16, 2)."""

    @torch.no_grad()
    def autoencoder_round_trip(self, picture: Tensor) -> Tensor:
        """Return ``picture`` (1, 3, height, width) in [0, 1] encoded and decoded: the best a first frame can be."""
        decoded = self.autoencoder.decode(self.autoencoder.moments(picture * 2 - 1)[0])
        return (decoded / 2 + 0.5).clamp(0, 1)


def read_run_config(folder: Path) -> dict[str, object]:
    """Return the run's recorded facts (seed, settings, measured scale and statistics); empty for a new run."""
    path = folder / RUN_CONFIG
    if not path.is_file():
        return {}
    facts: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return facts


def record(folder: Path, **facts: object) -> None:
    """Add ``facts`` to the run's config file."""
    partial = folder / (RUN_CONFIG + ".partial")
    partial.write_text(json.dumps(read_run_config(folder) | facts, indent=1), encoding="utf-8")
    partial.replace(folder / RUN_CONFIG)


def fact(folder: Path, name: str) -> object:
    """Return one recorded fact.

    Raises:
        BundleError: when the stage that records it has not run.
    """
    facts = read_run_config(folder)
    if name not in facts:
        raise BundleError(
            f"{folder / RUN_CONFIG} records no {name}; found {sorted(facts)}. Run the earlier training stages first."
        )
    return facts[name]


def scaling_factor(folder: Path) -> float:
    """Return the recorded 1 / standard deviation of the latents."""
    return float(str(fact(folder, "scaling_factor")))


def motion_statistics(folder: Path) -> Tensor:
    """Return the recorded affinity statistics of each kind of motion, (kinds, 16, 2)."""
    return torch.tensor(fact(folder, "motion_statistics"))


def statistics(folder: Path) -> Tensor:
    """Return (least, greatest) score by distance for clips of unknown motion, (16, 2): the median of all that move."""
    of_kinds = motion_statistics(folder)
    moving = of_kinds[of_kinds[:, -1, 1] > 0]
    return torch.stack([moving[..., 0].amin(0), moving[..., 1].median(0).values], dim=-1)


def load_sample_model(folder: Path) -> SampleModel:
    """Return the model as the run's latest checkpoints have it (moving averages)."""
    return SampleModel(
        network=load_network(folder),
        autoencoder=load_autoencoder(folder),
        tokenizer=open_tokenizer(folder),
        scaling_factor=scaling_factor(folder),
        statistics=statistics(folder),
    )
