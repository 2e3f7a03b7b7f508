"""What clips take of memory, and what ``pia-edge animate --dry-run`` says of it; docs/performance.md shows both.

Every clip is a process of its own, of two steps, whose memory is its largest resident size. The bundles are those of
benchmarks/peers.py, in the same --folder. ``runtimes/memory_use.py`` holds the numbers that this script checks.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pia_edge import AnimationPipeline
    from pia_edge.memory_plan import MemoryPlan

RESULTS = Path(__file__).with_name("results")
EXAMPLE = Path(__file__).parents[1] / "docs" / "example.png"
# Bundle below --folder, backend, frames, size, guidance, and whether the UNet has to go before frames are decoded.
CLIPS = (
    ("full-openvino-fp16", "intel", 8, 256, 7.5, True),
    ("full-openvino-fp16", "intel", 8, 256, 7.5, False),
    ("full-openvino-fp16", "intel", 16, 384, 7.5, True),
    ("full-openvino-int8", "intel", 8, 256, 7.5, True),
    ("full-openvino-w8a8", "intel", 8, 256, 7.5, True),
    ("full-openvino-w8a8", "intel", 16, 256, 1.0, True),
    ("full-openvino-w8a8", "intel", 8, 512, 7.5, True),
    ("full-onnx-int8", "cpu", 8, 256, 7.5, True),
    ("full-onnx-int8", "cpu", 4, 384, 1.0, True),
    ("sample-openvino-fp32", "intel", 16, 128, 2.0, False),
    ("sample-openvino-fp32", "intel", 16, 256, 2.0, False),
    ("sample-onnx-fp32", "cpu", 16, 128, 2.0, False),
    ("sample-onnx-fp32", "cpu", 16, 256, 2.0, False),
    ("sample-onnx-fp32", "intel", 16, 256, 2.0, False),
    ("full-reference", "reference", 8, 256, 7.5, False),
    ("sample-reference", "reference", 16, 256, 2.0, False),
    ("full-openvino-fp16", "intel", 12, 320, 7.5, True),
    ("full-openvino-w8a8", "intel", 8, 384, 7.5, False),
    ("sample-openvino-fp16", "intel", 24, 192, 2.0, False),
    ("sample-onnx-fp32", "cpu", 8, 224, 1.0, False),
)
_FITTED = 16
"""The numbers of ``runtimes/memory_use.py`` were fitted to the first of them; the others check what they say."""


def planned(folder: Path, number: int) -> tuple["AnimationPipeline", "MemoryPlan"]:
    """Return the pipeline for a clip, and what is said of its memory."""
    from pia_edge import AnimationPipeline
    from pia_edge.memory_plan import ClipShape, MemoryPlan, estimate

    name, backend, frames, size, scale, freed = CLIPS[number]
    pipeline = AnimationPipeline.open(folder / name, backend)
    use = pipeline.backend.memory_use(pipeline.bundle)
    if use is None:
        raise TypeError(f"nothing is known of {backend}")
    shape = ClipShape(frames=frames, width=size, height=size, guided=scale != 1)
    return pipeline, estimate(pipeline.bundle, use, shape, MemoryPlan(keep_unet=not freed))


def one(folder: Path, number: int) -> None:
    """Make one clip and print what it took, and what was said, as JSON."""
    from pia_edge import AnimationRequest, read_picture
    from pia_edge.memory import peak_memory

    name, backend, frames, size, scale, _ = CLIPS[number]
    pipeline, plan = planned(folder, number)
    request = AnimationRequest(
        prompt="a boat", seed=1, num_frames=frames, size=(size, size), num_inference_steps=2, guidance_scale=scale
    )
    pipeline.animate(read_picture(EXAMPLE), request, plan=plan)
    result = {
        "bundle": name,
        "backend": backend,
        "frames": frames,
        "size": size,
        "guided": scale != 1,
        "keep_unet": plan.keep_unet,
        "fitted": number < _FITTED,
        "said": plan.peak,
        "taken": peak_memory(),
    }
    print(json.dumps(result))


def main() -> int:
    """Make all clips and write what they took to benchmarks/results/memory.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where bundles are kept")
    parser.add_argument("--say", action="store_true", help="only say anew, of the clips that were made before")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one is not None:
        one(arguments.folder, arguments.one)
        return 0
    path = RESULTS / "memory.json"
    found = json.loads(path.read_text()) if arguments.say else []
    for number in range(len(CLIPS)):
        if arguments.say:
            found[number]["said"] = planned(arguments.folder, number)[1].peak
        else:
            command = [sys.executable, __file__, "--folder", str(arguments.folder), "--one", str(number)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            found.append(json.loads(done.stdout))
        said, taken = found[number]["said"] / 1e9, found[number]["taken"] / 1e9
        RESULTS.mkdir(exist_ok=True)
        path.write_text(json.dumps(found, indent=1) + "\n")
        print(f"{CLIPS[number]}: said {said:.2f} GB, took {taken:.2f} GB, {said / taken - 1:+.0%}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
