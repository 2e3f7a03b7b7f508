"""What clips of 16 to 128 frames cost: the work, the time and the memory, shown by docs/performance.md.

Each is made with the sample by a process of its own; lengths take turns, so that the machine is alike for all.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

from quickstart import EXAMPLE, processor

LENGTHS = (16, 32, 64, 128)
BACKENDS = ("intel", "cpu")
STEPS, WINDOW = 2, 16
RESULTS = Path(__file__).with_name("results") / "long_clips.json"


def one(backend: str, num_frames: int) -> None:
    """Make one clip and print what it took as JSON."""
    from pia_edge import AnimationPipeline, AnimationRequest, read_picture
    from pia_edge.memory import peak_memory
    from pia_edge.progress import Progress, Stage

    decoding: list[float] = []

    def on_step(progress: Progress) -> None:
        if progress.stage is Stage.DECODE and not decoding:
            decoding.append(time.monotonic())

    pipeline = AnimationPipeline.open(backend=backend)
    picture = read_picture(EXAMPLE)
    request = AnimationRequest(
        prompt="night falls", seed=1, num_frames=num_frames, window=WINDOW, num_inference_steps=STEPS
    )
    calls = pipeline.settle(picture, request).unet_calls
    started = time.monotonic()
    animation = pipeline.animate(picture, request, on_step=on_step)
    finished = time.monotonic()
    found = {
        "calls": calls,
        "before_decoding": decoding[0] - started,
        "whole": finished - started,
        "peak": peak_memory(),
        "versions": animation.recipe.versions if animation.recipe else {},
    }
    print(json.dumps(found))


def main() -> int:
    """Make clips of all lengths, in turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        one(arguments.one[0], int(arguments.one[1]))
        return 0
    runs: dict[str, dict[str, list[dict[str, float]]]] = {
        name: {str(each): [] for each in LENGTHS} for name in BACKENDS
    }
    versions: dict[str, str] = {}
    for _ in range(arguments.rounds):
        for backend, lengths in runs.items():
            for length, found in lengths.items():
                command = [sys.executable, __file__, "--one", backend, length]
                done = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
                versions |= done.pop("versions")
                found.append(done)
                print(f"{backend}, {length} frames: {done}", flush=True)
    described = {"machine": processor(), "versions": versions, "steps": STEPS, "runs": runs}
    RESULTS.write_text(json.dumps(described, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
