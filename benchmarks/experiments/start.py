"""(c) New weights that start at zero against new weights that start at random, under the same budget.

In the paper the five new channels of conv_in start at zero, and so do, as in AnimateDiff, the last projections of the
motion modules: at first the network is the text-to-image model. Here both start so, or both as PyTorch starts layers.
"""

import argparse
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
from clips import SEEDS
from experiment import Given, keep, say
from torch import Tensor, nn

from pia_edge.nn.temporal import MotionModule
from pia_edge.training.encoding import Encoding, open_encoding
from pia_edge.training.loop import LoopSettings, Trainer
from pia_edge.training.motion_stage import ClipSource, DrawnClips, NoisedClips, clip_loss, noised_clips
from pia_edge.training.network import SAMPLE_CONFIG, PiaNetwork, base_weights, vocabulary_size
from pia_edge.training.pictures import render_pictures
from pia_edge.training.run_folder import SOURCES, motion_statistics
from pia_edge.training.sources import load_sources
from pia_edge.training.stages import RATES, Stage
from pia_edge.training.temporal_start import prefer_own_frame

STARTS = ("zero", "random")
TRAINED, HELD_OUT = (7003, 600), (7004, 60)
"""Seed and number of pictures."""
CHECKED = 48
"""Held-out clips."""


def started(run: Path, start: str, seed: int) -> PiaNetwork:
    """Return the network on the trained base, its new weights not yet trained."""
    torch.manual_seed(seed)
    network = PiaNetwork(SAMPLE_CONFIG, vocabulary_size(run))
    network.load_base(base_weights(run))
    prefer_own_frame(network, seed)
    if start == "random":
        nn.init.kaiming_uniform_(network.condition.weight, a=5**0.5)
        for module in network.modules():
            if isinstance(module, MotionModule):
                module.proj_out.reset_parameters()
    network.freeze_base()
    return network


@torch.no_grad()
def held_out_loss(network: PiaNetwork, checked: list[NoisedClips], *, conditioned: bool) -> float:
    """Return the mean loss over held-out clips, with or without what the condition module is given."""
    losses = []
    for batch in checked:
        nothing = Tensor.zero_(batch.image_latents.clone()), Tensor.zero_(batch.affinity.clone())
        asked = batch if conditioned else replace(batch, image_latents=nothing[0], affinity=nothing[1])
        losses.append(float(clip_loss(network, asked)))
    return sum(losses) / len(losses)


def train(network: PiaNetwork, clips: ClipSource, encoding: Encoding, folder: Path, settings: LoopSettings) -> None:
    """Train the new weights on small clips, as a full run does until its last part; go on where it was stopped."""
    folder.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(network, settings, folder, "motion", rates={"condition.": 3.0})
    trainer.resume()
    trainer.run(partial(small_clips, clips), lambda drawn: (clip_loss(network, noised_clips(drawn, encoding)), {}))
    network.load_state_dict(network.state_dict() | trainer.average)


def small_clips(clips: ClipSource, index: int, _progress: float) -> DrawnClips:
    """Return the batch of ``index`` as the first part of a full run draws it."""
    return clips(index, 0.0)


def arguments_given() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="checkpoints and logs, so that it can go on")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--bundle", type=Path, required=True, help="named in the results")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--processes", type=int, default=0, help="that draw clips ahead of a GPU")
    parser.add_argument("--batch-scale", type=int, default=1, help="clips of each worker's batch")
    return parser.parse_args()


def main() -> int:
    """Train both starts with every seed and measure them on the way."""
    arguments = arguments_given()
    run, sources = arguments.run, load_sources(arguments.run / SOURCES)
    encoding = open_encoding(run, arguments.device)
    rate, decay = RATES[Stage.MOTION]
    settings = LoopSettings(
        steps=arguments.steps,
        learning_rate=rate,
        ema_decay=decay,
        workers=arguments.workers,
        processes=arguments.processes,
        batch_scale=arguments.batch_scale,
    )
    trained, held_out = (render_pictures(*drawn, sources, arguments.processes) for drawn in (TRAINED, HELD_OUT))
    statistics = motion_statistics(run)
    checking = ClipSource(pictures=held_out, statistics=statistics, seed=HELD_OUT[0])
    checked = [noised_clips(checking(index, 0.0), encoding) for index in range(CHECKED)]
    found: dict[str, dict[str, dict[str, list[float]]]] = {}
    for seed in SEEDS:
        clips = ClipSource(pictures=trained, statistics=statistics, seed=seed, batch_scale=settings.batch_scale)
        for start in STARTS:
            network = started(run, start, seed).to(arguments.device)
            before = held_out_loss(network, checked, conditioned=True)
            train(network, clips, encoding, arguments.folder / f"{start}-{seed}", settings)
            found.setdefault(str(seed), {})[start] = {
                "before": [before],
                "after": [held_out_loss(network, checked, conditioned=True)],
                "after_without_condition": [held_out_loss(network, checked, conditioned=False)],
            }
            say(f"{start} {seed}: {found[str(seed)][start]}")
    nothing = Given(bundle=arguments.bundle, pictures=[], clips=arguments.folder, run=run, styles={})
    batch = settings.workers * settings.batch_scale
    keep(
        "start", nothing, {"training_steps": arguments.steps, "batch": batch, "held_out_clips": CHECKED, "found": found}
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
