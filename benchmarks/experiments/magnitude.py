"""(b) Levels of motion against measured motion, and affinity asked against affinity measured."""

import json

import numpy as np
from clips import SEEDS, Asked
from experiment import given, keep, say

from pia_edge import Level, Motion
from pia_edge.affinity import affinity_curve
from pia_edge.affinity_measure import hsv_l1, measured_affinity
from pia_edge.evaluation.optical_flow import flow_length
from pia_edge.training.captions import MotionKind

PROMPTS = {"night falls": MotionKind.NIGHT, "zoom in": MotionKind.ZOOM_IN}


def main() -> int:
    """Measure every level with every prompt."""
    arguments = given(__doc__)
    if arguments.run is None:
        raise SystemExit("--run is needed: its run.json has the range of each motion.")
    statistics = np.array(json.loads((arguments.run / "run.json").read_text())["motion_statistics"])
    studio = arguments.studio()
    found: dict[str, dict[str, dict[str, dict[str, list[float]]]]] = {}
    for path in arguments.pictures:
        for prompt, kind in PROMPTS.items():
            for level in Level:
                rows = found.setdefault(path.stem, {}).setdefault(prompt, {})
                kept = rows.setdefault(level.value, {"hsv_l1": [], "flow": [], "affinity": []})
                for seed in SEEDS:
                    clip = studio.clip(Asked(picture=path, prompt=prompt, motion=Motion(level=level), seed=seed))
                    kept["hsv_l1"].append(float(hsv_l1(clip, 0)[1:].mean()))
                    kept["flow"].append(flow_length(clip) or 0.0)
                    affinity = measured_affinity(clip, 0, statistics=statistics[list(MotionKind).index(kind)])
                    kept["affinity"].append(float(affinity[1:].mean()))
        say(path.stem)
    asked = {level.value: float(affinity_curve(Motion(level=level), 16, 0)[1:].mean()) for level in Level}
    keep("magnitude", arguments, {"prompts": list(PROMPTS), "asked": asked, "found": found})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
