"""(a) What the condition module does: clips with it against clips in which what it says is zero."""

import numpy as np
from clips import SEEDS, Asked, shown
from experiment import given, keep, say
from skimage.metrics import structural_similarity

from pia_edge.evaluation.measures import psnr

PROMPT = "night falls"


def main() -> int:
    """Measure how near frames are to the picture, with the module and without it."""
    arguments = given(__doc__)
    studio = arguments.studio()
    found: dict[str, dict[str, dict[str, list[float]]]] = {}
    for path in arguments.pictures:
        picture = shown(path)
        for conditioned, name in ((True, "with"), (False, "without")):
            for seed in SEEDS:
                clip = studio.clip(Asked(picture=path, prompt=PROMPT, seed=seed, conditioned=conditioned))
                of_picture = found.setdefault(path.stem, {}).setdefault(name, {"psnr": [], "ssim": []})
                of_picture["psnr"].append(float(np.mean([psnr(frame, picture) for frame in clip])))
                alike = [structural_similarity(frame, picture, channel_axis=2) for frame in clip]
                of_picture["ssim"].append(float(np.mean(alike)))
        say(path.stem)
    keep("condition", arguments, {"prompt": PROMPT, "found": found})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
