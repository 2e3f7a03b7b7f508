"""(f) Long clips: how far they drift and how much they flicker at 16, 32 and 64 frames."""

import numpy as np
from clips import FEWER_STEPS, Asked, shown
from experiment import given, keep, one_seed_each, say

from pia_edge.evaluation.measures import colour_shift, drift, flicker, psnr

PROMPTS = ("nothing moves",)
LENGTHS = (16, 32, 64)


def main() -> int:
    """Measure clips of every length."""
    arguments = given(__doc__)
    studio = arguments.studio()
    found: dict[str, dict[str, dict[str, dict[str, list[float]]]]] = {}
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
        say(path.stem)
    keep("length", arguments, {"prompts": PROMPTS, "lengths": LENGTHS, "found": found}, FEWER_STEPS)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
