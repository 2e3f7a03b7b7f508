"""Names the motion of a clip. It learns from filmed pictures alone and never sees a clip of the model.

``python benchmarks/experiments/estimator.py --sources SOURCES.npz --folder FOLDER`` trains it, going on where it was
stopped, and says how often it is right on pictures that it was not trained on.
"""

import argparse
import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pia_edge.training.checkpoint import averaged_weights
from pia_edge.training.clips import KINDS, draw_clips
from pia_edge.training.loop import LoopSettings, Trainer
from pia_edge.training.pictures import Pictures, render_pictures
from pia_edge.training.sources import load_sources

CHECKED = "estimator.json"
"""How often it is right, written when it is trained."""
SIZE = 64
BATCH = 16
TRAINED, HELD_OUT = (7001, 1500), (7002, 200)
"""Seed and number of the pictures; the sample model's have other seeds."""


class MotionEstimator(nn.Module):
    """A small convolutional network on eight frames and their differences."""

    def __init__(self) -> None:
        super().__init__()
        widths = (3 * 8 + 3 * 7, 48, 64, 96, 128, 128)
        self.layers = nn.ModuleList(
            nn.Conv2d(before, after, 3, stride=2, padding=1) for before, after in pairwise(widths)
        )
        self.norms = nn.ModuleList(nn.GroupNorm(8, width) for width in widths[1:])
        self.names = nn.Linear(widths[-1], len(KINDS))

    def forward(self, clips: Tensor) -> Tensor:
        """Return logits (clips, kinds) of RGB clips (clips, 16, 3, size, size) in [0, 1]."""
        frames = clips[:, ::2] - clips.mean((1, 3, 4), keepdim=True)
        changes = 4 * (clips[:, 2::2] - clips[:, :-2:2])
        hidden = torch.cat([frames.flatten(1, 2), changes.flatten(1, 2)], dim=1)
        for layer, norm in zip(self.layers, self.norms, strict=True):
            hidden = F.silu(norm(layer(hidden)))
        return self.names(hidden.amax((2, 3)))  # type: ignore[no-any-return]


def worn(clips: Tensor, generator: torch.Generator) -> Tensor:
    """Return clips as a model might make them: blurred, shimmering, in slightly other colours."""
    count = len(clips)

    def drawn(low: float, high: float, *shape: int) -> Tensor:
        return low + (high - low) * torch.rand(count, *shape, generator=generator)

    small = F.interpolate(clips.flatten(0, 1), scale_factor=0.5, mode="bilinear", antialias=True)
    blurred = F.interpolate(small, size=clips.shape[-2:], mode="bilinear").view_as(clips)
    mixed = clips + drawn(0, 1, 1, 1, 1, 1) * (blurred - clips)
    noise = torch.randn(mixed.shape, generator=generator) * drawn(0, 0.03, 1, 1, 1, 1)
    return (mixed * drawn(0.85, 1.15, 1, 3, 1, 1) + drawn(-0.05, 0.05, 1, 3, 1, 1) + noise).clamp(0, 1)


def batch_of(pictures: Pictures, number: int, seed: int) -> tuple[Tensor, Tensor]:
    """Return clips of every kind alike often, and which of ``KINDS`` each shows."""
    generator = np.random.default_rng((seed, number))
    several = [
        draw_clips(pictures, generator, SIZE, 1, KINDS[int(kind)]) for kind in generator.integers(0, len(KINDS), BATCH)
    ]
    clips = torch.cat([each.frames for each in several])
    return worn(clips, torch.Generator().manual_seed(int(generator.integers(0, 2**62)))), torch.cat(
        [each.kinds for each in several]
    )


@dataclass(frozen=True, kw_only=True)
class ClipsOfAllKinds:
    """Draws batches."""

    pictures: Pictures

    def __call__(self, number: int, _progress: float) -> tuple[Tensor, Tensor]:
        """Return the batch of ``number``."""
        return batch_of(self.pictures, number, TRAINED[0])


def train(sources: Path, folder: Path, minutes: float, device: str, processes: int) -> None:
    """Train to ``folder``/estimator.pt."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(TRAINED[0])
    pictures = render_pictures(*TRAINED, load_sources(sources), processes)
    network = MotionEstimator().to(device)
    workers = 1 if processes else 2
    settings = LoopSettings(minutes=minutes, learning_rate=1e-3, ema_decay=0.99, workers=workers, processes=processes)
    trainer = Trainer(network, settings, folder, "estimator")
    trainer.resume()

    def loss_of(batch: tuple[Tensor, Tensor]) -> tuple[Tensor, dict[str, float]]:
        logits, kinds = network(batch[0].to(device)), batch[1].to(device)
        right = (logits.argmax(1) == kinds).float().mean().item()
        return F.cross_entropy(logits, kinds), {"right": right}

    trainer.run(ClipsOfAllKinds(pictures=pictures), loss_of)


def load_estimator(folder: Path) -> MotionEstimator:
    """Return the trained estimator."""
    network = MotionEstimator()
    network.load_state_dict(averaged_weights(folder / "estimator.pt"))
    return network.eval().requires_grad_(False)


def check(sources: Path, folder: Path) -> dict[str, float]:
    """Return how often each motion is named rightly on pictures that were not trained on."""
    network, pictures = load_estimator(folder), render_pictures(*HELD_OUT, load_sources(sources))
    right: dict[str, list[bool]] = {kind.value: [] for kind in KINDS}
    for number in range(60):
        clips, kinds = batch_of(pictures, number, HELD_OUT[0])
        for found, kind in zip(network(clips).argmax(1).tolist(), kinds.tolist(), strict=True):
            right[KINDS[kind].value].append(found == kind)
    shares = {kind: float(np.mean(found)) for kind, found in right.items()}
    (folder / CHECKED).write_text(json.dumps(shares, indent=1) + "\n")
    return shares


def main() -> int:
    """Train, and say how often it is right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--processes", type=int, default=0, help="that draw clips ahead of a GPU")
    arguments = parser.parse_args()
    train(arguments.sources, arguments.folder, arguments.minutes, arguments.device, arguments.processes)
    for kind, share in check(arguments.sources, arguments.folder).items():
        print(f"{kind:20} {share:.0%}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
