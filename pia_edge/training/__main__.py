"""``python -m pia_edge.training STAGE --run FOLDER``: trains the sample model stage by stage, and judges it."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import torch

from pia_edge.errors import PiaError

from .evaluate import evaluate_run
from .restore import restore_run
from .sampling import SamplingSettings
from .stages import Run, Stage, run_stage

STAGE_HELP = {
    Stage.SOURCES: "Gather photographs, panoramas and cut-outs into one file.",
    Stage.PICTURES: "Render the pictures and make the tokenizer.",
    Stage.AUTOENCODER: "Train the autoencoder.",
    Stage.BASE: "Train the text-to-image base and its text encoder.",
    Stage.MOTION: "Train the motion modules and the condition module on the frozen base.",
    Stage.PERSONALIZE: "Teach the base other looks, each a base of its own for the same motion modules.",
    Stage.EXPORT: "Write the trained files to the run's folder 'export'.",
    Stage.ALL: "Do everything from pictures to export.",
}


@click.group()
def main() -> None:
    """Train and judge the sample model."""


def _add_stage(stage: Stage) -> None:
    @main.command(name=stage.value, help=STAGE_HELP[stage])
    @click.option("--run", "folder", type=click.Path(path_type=Path), required=True, help="Folder of the run.")
    @click.option("--minutes", type=float, help="Training time; under 'all' the three trained stages share it.")
    @click.option("--steps", type=int, help="Optimizer steps instead of minutes.")
    @click.option("--seed", default=1, show_default=True)
    @click.option("--device", type=click.Choice(["cpu", "cuda"]), default="cpu", show_default=True)
    @click.option("--workers", default=2, show_default=True, help="Threads, each with a batch of its own.")
    @click.option("--processes", default=0, show_default=True, help="Processes that draw batches ahead of a GPU.")
    @click.option("--batch-scale", default=1, show_default=True, help="Larger batches, for accelerators.")
    @click.option("--pictures", "picture_count", default=3000, show_default=True, help="Pictures to render.")
    @click.option(
        "--fetched",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        help="What scripts/fetch-training-pictures has written.",
    )
    def command(
        folder: Path,
        minutes: float | None,
        steps: int | None,
        seed: int,
        device: str,
        workers: int,
        processes: int,
        batch_scale: int,
        picture_count: int,
        fetched: Path | None,
    ) -> None:
        run = Run(
            folder=folder,
            seed=seed,
            device=device,
            minutes=minutes,
            steps=steps,
            workers=workers,
            processes=processes,
            batch_scale=batch_scale,
            picture_count=picture_count,
            fetched=fetched,
        )
        run_stage(run, stage)


for _stage in Stage:
    _add_stage(_stage)


@main.command()
@click.option("--run", "folder", type=click.Path(path_type=Path), required=True, help="Folder of a new run.")
@click.argument("published", type=click.Path(path_type=Path, exists=True, file_okay=False))
def restore(folder: Path, published: Path) -> None:
    """Begin a run with the weights in PUBLISHED, such as docs/sample-model."""
    restore_run(published, folder)


@main.command()
@click.option("--run", "folder", type=click.Path(path_type=Path), required=True, help="Folder of the run.")
@click.option("--size", default=128, show_default=True, help="Height and width of the clips.")
@click.option("--steps", default=10, show_default=True, help="Sampling steps.")
@click.option("--guidance", default=2.0, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--threads", default=2, show_default=True, help="CPU threads.")
@click.argument("pictures", type=click.Path(path_type=Path, exists=True), nargs=-1, required=True)
def evaluate(
    folder: Path, size: int, steps: int, guidance: float, seed: int, threads: int, pictures: tuple[Path, ...]
) -> None:
    """Sample clips of PICTURES, write contact sheets to the run's folder and print figures."""
    torch.set_num_threads(threads)
    settings = SamplingSettings(steps=steps, guidance_scale=guidance, seed=seed)
    for figures in evaluate_run(folder, list(pictures), size, settings):
        click.echo(
            f"{figures.picture:12} {figures.motion:9} {figures.prompt:22} "
            f"first frame {figures.first_frame_psnr:5.2f} dB  "
            f"movement {figures.movement:5.2f}  drift {figures.drift:5.2f}"
        )


if __name__ == "__main__":
    try:
        main()
    except PiaError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
