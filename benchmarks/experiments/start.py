"""(c) New weights that start at zero against new weights that start at random, under the same budget.

In the paper the five new channels of conv_in start at zero, and so do, as in AnimateDiff, the last projections of the
motion modules: at first the network is the text-to-image model. Here both start so, or both as PyTorch starts layers.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import torch
from clips import SEEDS
from experiment import Given, keep, say
from torch import Tensor, nn

from pia_edge.nn.temporal import MotionModule
from pia_edge.training.autoencoder_stage import load_autoencoder
from pia_edge.training.loop import LoopSettings, Trainer
from pia_edge.training.motion_stage import ClipSource, NoisedClips, StageInputs, clip_loss
from pia_edge.training.network import SAMPLE_CONFIG, PiaNetwork, base_weights, vocabulary_size
from pia_edge.training.pictures import render_pictures
from pia_edge.training.run_folder import SOURCES, motion_statistics, scaling_factor
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


def train(network: PiaNetwork, source: ClipSource, folder: Path, steps: int) -> None:
    """Train the new weights on small clips, as a full run does until its last part; go on where it was stopped."""
    folder.mkdir(parents=True, exist_ok=True)
    rate, decay = RATES[Stage.MOTION]
    settings = LoopSettings(steps=steps, learning_rate=rate, ema_decay=decay, workers=2)
    trainer = Trainer(network, settings, folder, "motion", rates={"condition.": 3.0})
    trainer.resume()
    trainer.run(lambda index, _: source(index, 0.0), lambda batch: (clip_loss(network, batch), {}))
    network.load_state_dict(network.state_dict() | trainer.average)


def main() -> int:
    """Train both starts with every seed and measure them on the way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="checkpoints and logs, so that it can go on")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--bundle", type=Path, required=True, help="named in the results")
    arguments = parser.parse_args()
    run, sources = arguments.run, load_sources(arguments.run / SOURCES)
    inputs = [
        StageInputs(
            pictures=render_pictures(*drawn, sources),
            autoencoder=load_autoencoder(run),
            scaling_factor=scaling_factor(run),
            statistics=motion_statistics(run),
        )
        for drawn in (TRAINED, HELD_OUT)
    ]
    checking = ClipSource(inputs[1], run, HELD_OUT[0], "cpu")
    checked = [checking(index, 0.0) for index in range(CHECKED)]
    found: dict[str, dict[str, dict[str, list[float]]]] = {}
    for seed in SEEDS:
        for start in STARTS:
            folder = arguments.folder / f"{start}-{seed}"
            network = started(run, start, seed)
            before = held_out_loss(network, checked, conditioned=True)
            train(network, ClipSource(inputs[0], run, seed, "cpu"), folder, arguments.steps)
            found.setdefault(str(seed), {})[start] = {
                "before": [before],
                "after": [held_out_loss(network, checked, conditioned=True)],
                "after_without_condition": [held_out_loss(network, checked, conditioned=False)],
            }
            say(f"{start} {seed}: {found[str(seed)][start]}")
    nothing = Given(bundle=arguments.bundle, pictures=[], clips=arguments.folder, run=run, styles={})
    keep("start", nothing, {"training_steps": arguments.steps, "held_out_clips": CHECKED, "found": found})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
