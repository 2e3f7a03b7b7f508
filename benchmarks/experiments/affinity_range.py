"""(d) How far affinity reaches: one affinity for all frames but the first, from 1 down to 0, and what clips do."""

import numpy as np
from clips import Asked, shown
from experiment import given, keep, one_seed_each, say

from pia_edge import Motion
from pia_edge.affinity_measure import hsv_l1
from pia_edge.evaluation.measures import flicker, psnr

PROMPT = "night falls"
AFFINITIES = (1.0, 0.8, 0.6, 0.4, 0.2, 0.0)


def main() -> int:
    """Measure motion, likeness and flicker at each affinity."""
    arguments = given(__doc__)
    studio = arguments.studio()
    found: dict[str, dict[str, dict[str, list[float]]]] = {}
    for path, seed in one_seed_each(arguments.pictures):
        picture = shown(path)
        for affinity in AFFINITIES:
            curve = (1.0, *[affinity] * 15)
            clip = studio.clip(Asked(picture=path, prompt=PROMPT, motion=Motion(curve=curve), seed=seed))
            found.setdefault(path.stem, {})[f"{affinity:g}"] = {
                "hsv_l1": [float(hsv_l1(clip, 0)[1:].mean())],
                "psnr": [float(np.mean([psnr(frame, picture) for frame in clip[1:]]))],
                "flicker": [flicker(clip) or 0.0],
            }
        say(path.stem)
    keep("affinity_range", arguments, {"prompt": PROMPT, "affinities": AFFINITIES, "found": found})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
