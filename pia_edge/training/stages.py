"""The stages in PIA's order, each from what the one before left in the run's folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

import torch
from torch import Tensor

from pia_edge.errors import BundleError

from .autoencoder_stage import load_autoencoder, measure_scaling_factor, train_autoencoder
from .base_stage import FrameSource, train_base
from .captions import tokenizer_corpus
from .clips import clip_statistics
from .encoding import open_encoding
from .export_folder import write_export
from .loop import LoopSettings
from .motion_stage import ClipSource, train_motion
from .personalize_stage import personalize_base
from .photographs import load_photographs
from .pictures import Pictures, load_pictures, render_pictures, save_pictures
from .run_folder import PICTURES, SOURCES, motion_statistics, read_run_config, record
from .sources import Sources, gather, load_sources, save_sources
from .styles import Style
from .tokenizer_files import write_tokenizer


class Stage(StrEnum):
    """What ``python -m pia_edge.training`` can do; ``all`` does everything from ``pictures`` to ``export``."""

    SOURCES = "sources"
    PICTURES = "pictures"
    AUTOENCODER = "autoencoder"
    BASE = "base"
    MOTION = "motion"
    PERSONALIZE = "personalize"
    EXPORT = "export"
    ALL = "all"


# Share of the asked minutes or steps that each trained stage gets under ``all``.
SHARES = {Stage.AUTOENCODER: 0.25, Stage.BASE: 0.3, Stage.MOTION: 0.4, Stage.PERSONALIZE: 0.05}
# Learning rate and averaging of each trained stage.
RATES = {Stage.AUTOENCODER: (2e-3, 0.99), Stage.BASE: (1.5e-3, 0.995), Stage.MOTION: (2.4e-3, 0.99)} | {
    Stage.PERSONALIZE: (5e-4, 0.98)
}


@dataclass(frozen=True, kw_only=True)
class Run:
    """A training run: its folder and what was asked for."""

    folder: Path
    seed: int = 1
    device: str = "cpu"
    minutes: float | None = None
    steps: int | None = None
    workers: int = 1
    processes: int = 0
    batch_scale: int = 1
    picture_count: int = 3000
    fetched: Path | None = None
    """What scripts/fetch-training-pictures has written; without it there are photographs and scenes alone."""

    def settings(self, stage: Stage, share: float) -> LoopSettings:
        """Return the loop's settings for ``stage``, which gets ``share`` of the asked length.

        Raises:
            BundleError: when neither minutes nor steps were given.
        """
        if self.minutes is None and self.steps is None:
            raise BundleError("A length was expected, none was given: add --minutes N or --steps N.")
        rate, decay = RATES[stage]
        return LoopSettings(
            minutes=None if self.minutes is None else self.minutes * share,
            steps=None if self.steps is None else max(1, round(self.steps * share)),
            learning_rate=rate,
            ema_decay=decay,
            workers=self.workers,
            processes=self.processes,
            batch_scale=self.batch_scale,
        )

    def remember(self, stage: Stage, settings: LoopSettings) -> None:
        """Record how ``stage`` is trained, and on what."""
        trained_on = torch.cuda.get_device_name() if self.device == "cuda" else "CPU"
        record(self.folder, **{f"{stage}_settings": {"device": trained_on, **asdict(settings)}})


def sources_stage(run: Run) -> None:
    """Gather what pictures are made from into one file; the other stages need nothing else that is fetched."""
    run.folder.mkdir(parents=True, exist_ok=True)
    if run.fetched is not None:
        sources = gather(run.fetched)
    else:
        sources = Sources(photographs=load_photographs(), panoramas={}, cutouts=[])
    save_sources(sources, run.folder / SOURCES)


def pictures_stage(run: Run) -> None:
    """Render the pictures and make the tokenizer from their captions."""
    run.folder.mkdir(parents=True, exist_ok=True)
    if (run.folder / PICTURES).is_file():
        return
    if not (run.folder / SOURCES).is_file():
        sources_stage(run)
    pictures = render_pictures(run.seed, run.picture_count, load_sources(run.folder / SOURCES), run.processes)
    # A restored run's weights know its tokenizer.
    if not (run.folder / "vocab.json").is_file():
        write_tokenizer(run.folder, tokenizer_corpus(pictures.captions))
        record(run.folder, seed=run.seed, picture_count=run.picture_count, photographs=pictures.provenance)
    save_pictures(pictures, run.folder / PICTURES)


def _pictures(run: Run) -> Pictures:
    path = run.folder / PICTURES
    if not path.is_file():
        raise BundleError(f"No pictures at {path}: run the stage 'pictures' first.")
    return load_pictures(path)


def autoencoder_stage(run: Run, share: float = 1.0) -> None:
    """Train the autoencoder and measure the scale of its latents."""
    settings, pictures = run.settings(Stage.AUTOENCODER, share), _pictures(run)
    run.remember(Stage.AUTOENCODER, settings)
    train_autoencoder(pictures, run.folder, settings, run.seed, run.device)
    factor = measure_scaling_factor(load_autoencoder(run.folder), pictures, run.seed)
    record(run.folder, scaling_factor=factor)


def _statistics(run: Run, pictures: Pictures) -> Tensor:
    """Return the affinity statistics, measured once."""
    if "motion_statistics" not in read_run_config(run.folder):
        record(run.folder, motion_statistics=clip_statistics(pictures, run.seed).tolist())
    return motion_statistics(run.folder)


def _frames(run: Run, settings: LoopSettings) -> FrameSource:
    pictures = _pictures(run)
    return FrameSource(
        pictures=pictures,
        statistics=_statistics(run, pictures),
        seed=run.seed,
        workers=settings.workers,
        batch_scale=settings.batch_scale,
    )


def base_stage(run: Run, share: float = 1.0) -> None:
    """Train the text-to-image base."""
    settings = run.settings(Stage.BASE, share)
    run.remember(Stage.BASE, settings)
    train_base(_frames(run, settings), open_encoding(run.folder, run.device), run.folder, settings)


def personalize_stage(run: Run, share: float = 1.0) -> None:
    """Teach the base each style, which gets its part of the length; the temporal layers are not touched."""
    settings = run.settings(Stage.PERSONALIZE, share / len(Style))
    run.remember(Stage.PERSONALIZE, settings)
    frames, encoding = _frames(run, settings), open_encoding(run.folder, run.device)
    for style in Style:
        personalize_base(frames, encoding, style, run.folder, settings)


def motion_stage(run: Run, share: float = 1.0) -> None:
    """Train the temporal layers and the condition module."""
    settings, pictures = run.settings(Stage.MOTION, share), _pictures(run)
    run.remember(Stage.MOTION, settings)
    clips = ClipSource(
        pictures=pictures, statistics=_statistics(run, pictures), seed=run.seed, batch_scale=settings.batch_scale
    )
    train_motion(clips, open_encoding(run.folder, run.device), run.folder, settings)


def export_stage(run: Run) -> None:
    """Write the trained files to ``folder``/export."""
    write_export(run.folder, run.folder / "export")


def run_stage(run: Run, stage: Stage) -> None:
    """Run one stage, or all of them in order."""
    single: dict[Stage, Callable[[Run], None]] = {
        Stage.SOURCES: sources_stage,
        Stage.PICTURES: pictures_stage,
        Stage.AUTOENCODER: autoencoder_stage,
        Stage.BASE: base_stage,
        Stage.MOTION: motion_stage,
        Stage.PERSONALIZE: personalize_stage,
        Stage.EXPORT: export_stage,
    }
    if stage is not Stage.ALL:
        single[stage](run)
        return
    pictures_stage(run)
    autoencoder_stage(run, SHARES[Stage.AUTOENCODER])
    base_stage(run, SHARES[Stage.BASE])
    motion_stage(run, SHARES[Stage.MOTION])
    personalize_stage(run, SHARES[Stage.PERSONALIZE])
    export_stage(run)
