"""(g) Plug and play: three bases, the same temporal layers and condition module, never trained again.

Each base is given pictures in its own look, as in the paper: the held-out ones, redrawn.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from clips import FEWER_STEPS, SIZE, Asked, Studio, shown
from estimator import CHECKED, HELD_OUT, MotionEstimator, load_estimator
from experiment import given, keep, one_seed_each, say
from following import following, named
from numpy.typing import NDArray
from PIL import Image

from pia_edge.evaluation.measures import flicker, psnr
from pia_edge.training.captions import MotionKind
from pia_edge.training.clips import draw_clips
from pia_edge.training.course import NUM_FRAMES
from pia_edge.training.pictures import render_pictures
from pia_edge.training.run_folder import SOURCES
from pia_edge.training.sources import load_sources
from pia_edge.training.styles import Style, redrawn, styled

PLAIN = "plain"
PROMPT = "nothing moves"
FILMED = 40
"""Clips of each motion in each look, to see whether the estimator can tell it there at all."""
ASKED = (MotionKind.NIGHT, MotionKind.SNOW)


def in_its_look(path: Path, style: Style, folder: Path) -> Path:
    """Return a file in ``folder`` with the picture as clips show it, in ``style``."""
    target = folder / f"{path.stem}-{style.value}.png"
    if not target.is_file():
        canvas = redrawn(torch.from_numpy(shown(path)).permute(2, 0, 1)[None], style)[0]
        folder.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".partial.png")
        Image.fromarray(canvas.permute(1, 2, 0).numpy()).save(partial)
        partial.replace(target)
    return target


def measured(studio: Studio, estimator: MotionEstimator, path: Path, seed: int) -> dict[str, Any]:
    """Return what one base does with one picture."""
    picture = shown(path)
    still = studio.clip(Asked(picture=path, prompt=PROMPT, seed=seed, num_frames=NUM_FRAMES, steps=FEWER_STEPS))
    seen = following(studio, estimator, path, seed, ASKED, FEWER_STEPS)
    return {
        "psnr": [float(np.mean([psnr(frame, picture) for frame in still]))],
        "flicker": [flicker(still) or 0.0],
        "seen": seen,
    }


def filmed(run: Path, estimator: MotionEstimator) -> dict[str, dict[str, float]]:
    """Return for each base how often the motions are told when they are filmed, not made, in its look."""
    pictures = render_pictures(*HELD_OUT, load_sources(run / SOURCES))
    shares: dict[str, dict[str, float]] = {}
    for style in (None, *Style):
        in_style = pictures if style is None else styled(pictures, style)
        clips = {kind: draw_clips(in_style, np.random.default_rng(HELD_OUT[0]), SIZE, FILMED, kind) for kind in ASKED}
        shares[style.value if style else PLAIN] = {
            kind.value: float(np.mean([named(estimator, frames) == kind for frames in as_pictures(drawn.frames)]))
            for kind, drawn in clips.items()
        }
    return shares


def as_pictures(clips: torch.Tensor) -> NDArray[np.uint8]:
    """Return RGB clips (clips, frames, 3, height, width) in [0, 1] as (clips, frames, height, width, 3)."""
    return (clips.permute(0, 1, 3, 4, 2).numpy() * 255 + 0.5).astype(np.uint8)


def main() -> int:
    """Ask every base for the same motions."""
    arguments = given(__doc__)
    if arguments.run is None or not arguments.styles:
        raise SystemExit("--run (the estimator lies there) and at least one --style are needed.")
    estimator = load_estimator(arguments.run)
    found: dict[str, dict[str, Any]] = {}
    bundles = {PLAIN: arguments.bundle, **arguments.styles}
    studios = {name: arguments.studio(bundle) for name, bundle in bundles.items()}
    for path, seed in one_seed_each(arguments.pictures):
        for name, studio in studios.items():
            picture = path if name == PLAIN else in_its_look(path, Style(name), arguments.clips / "redrawn")
            found.setdefault(path.stem, {})[name] = measured(studio, estimator, picture, seed)
        say(path.stem)
    shares: dict[str, float] = json.loads((arguments.run / CHECKED).read_text(encoding="utf-8"))
    control = filmed(arguments.run, estimator)
    measured_with = {"prompt": PROMPT, "asked": ASKED, "estimator": shares, "filmed": control, "found": found}
    keep("bases", arguments, measured_with, FEWER_STEPS)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
