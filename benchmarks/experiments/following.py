"""(e) Whether clips do what the prompt says, judged by an estimator that never saw a clip of the model."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from clips import SEEDS, STEPS, Asked, Studio, shown
from estimator import KINDS, SIZE, MotionEstimator, load_estimator
from experiment import given, keep, say
from numpy.typing import NDArray

from pia_edge import Level, Motion
from pia_edge.training.captions import MotionKind

PROMPTS = {
    MotionKind.NIGHT: "night falls",
    MotionKind.SUNRISE: "the sun rises",
    MotionKind.SUNSET: "the sun sets",
    MotionKind.FLICKER: "the light flickers",
    MotionKind.SNOW: "it snows",
    MotionKind.MIST: "mist comes in",
    MotionKind.ZOOM_IN: "zoom in",
    MotionKind.PAN_LEFT: "camera pans left",
    MotionKind.RIPPLE: "rippling water",
}


def named(estimator: MotionEstimator, clip: NDArray[np.uint8]) -> MotionKind:
    """Return which of the asked motions the estimator sees in a clip."""
    frames = torch.from_numpy(clip).permute(0, 3, 1, 2).float() / 255
    small = F.interpolate(frames, size=(SIZE, SIZE), mode="bilinear", antialias=True, align_corners=False)
    logits = estimator(small[None])[0]
    asked = [KINDS.index(kind) for kind in PROMPTS]
    return KINDS[asked[int(logits[asked].argmax())]]


def following(
    studio: Studio,
    estimator: MotionEstimator,
    path: Path,
    seed: int,
    kinds: Sequence[MotionKind],
    steps: int = STEPS,
) -> dict[str, str]:
    """Return for each of the motions ``kinds``, asked of one picture, the one that was seen."""
    large = Motion(level=Level.LARGE)
    clips = {
        kind: studio.clip(Asked(picture=path, prompt=PROMPTS[kind], motion=large, seed=seed, steps=steps))
        for kind in kinds
    }
    return {kind.value: named(estimator, clip).value for kind, clip in clips.items()}


def main() -> int:
    """Ask every picture for every motion."""
    arguments = given(__doc__)
    if arguments.run is None:
        raise SystemExit("--run is needed: the trained estimator lies there.")
    estimator, studio = load_estimator(arguments.run), arguments.studio()
    found: dict[str, list[dict[str, str]]] = {}
    for path in arguments.pictures:
        found[path.stem] = [following(studio, estimator, path, seed, list(PROMPTS)) for seed in SEEDS]
        right = np.mean([asked == seen for row in found[path.stem] for asked, seen in row.items()])
        say(f"{path.stem}: {right:.0%}")
    brightness = {path.stem: float(shown(path).mean()) / 255 for path in arguments.pictures}
    keep("following", arguments, {"prompts": PROMPTS, "brightness": brightness, "found": found})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
