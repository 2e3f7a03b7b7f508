"""(f) Long clips: how far they drift and flicker at 16, 32 and 64 frames, and whether night falls once in them."""

import numpy as np
from clips import FEWER_STEPS, Asked, shown
from experiment import given, keep, one_seed_each, say
from numpy.typing import NDArray

from pia_edge import Level, Motion
from pia_edge.evaluation.measures import colour_shift, drift, flicker, psnr

PROMPTS = ("nothing moves",)
LENGTHS = (16, 32, 64)
NIGHT, LARGE = "night falls", Motion(level=Level.LARGE)


def falling(clip: NDArray[np.uint8]) -> dict[str, list[float]]:
    """Return by how many levels a clip darkens, and which part of that is undone before its end."""
    brightness = clip.mean((1, 2, 3))
    darkens = float(brightness[0] - brightness.min())
    undone = float((brightness - np.minimum.accumulate(brightness)).max())
    return {"darkens": [darkens], "undone": [undone / darkens if darkens > 0 else 1.0]}


def main() -> int:
    """Measure clips of every length."""
    arguments = given(__doc__)
    studio = arguments.studio()
    found: dict[str, dict[str, dict[str, dict[str, list[float]]]]] = {}
    nights: dict[str, dict[str, list[float]]] = {}
    for path, seed in one_seed_each(arguments.pictures):
        picture = shown(path)
        for prompt in PROMPTS:
            for length in LENGTHS:
                asked = Asked(picture=path, prompt=prompt, seed=seed, num_frames=length, steps=FEWER_STEPS)
                clip = studio.clip(asked)
                quarter = clip[-length // 4 :]
                found.setdefault(path.stem, {}).setdefault(prompt, {})[str(length)] = {
                    "drift": [drift(clip, 0) or 0.0],
                    "colour_shift": [colour_shift(clip, 0) or 0.0],
                    "flicker": [flicker(clip) or 0.0],
                    "last_psnr": [float(np.mean([psnr(frame, picture) for frame in quarter]))],
                }
        longest = Asked(picture=path, prompt=NIGHT, motion=LARGE, seed=seed, num_frames=LENGTHS[-1], steps=FEWER_STEPS)
        nights[path.stem] = falling(studio.clip(longest))
        say(path.stem)
    keep(
        "length",
        arguments,
        {"prompts": PROMPTS, "lengths": LENGTHS, "found": found, "night": NIGHT, "nights": nights},
        FEWER_STEPS,
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
