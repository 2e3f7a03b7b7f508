"""Time to first frame, total time and peak memory of the sample, on both CPU backends, as a user meets them.

Each run is a process of its own, from its start: imports, checking the bundle, loading, compiling and animating. The
backends take turns, and the median of the runs is printed.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "docs" / "example.png"
BACKENDS = ("intel", "cpu")


def one_run(backend: str) -> None:
    """Animate once and print the figures as JSON; ``time.time`` at the process's start comes on the command line."""
    started = float(sys.argv[3])
    from pia_edge import AnimationPipeline, AnimationRequest, Progress, read_picture
    from pia_edge.memory import peak_memory
    from pia_edge.progress import Stage

    first_frame: list[float] = []

    def on_step(progress: Progress) -> None:
        if progress.stage is Stage.DECODE and progress.done == 1:
            first_frame.append(time.time() - started)

    pipeline = AnimationPipeline.open(backend=backend)
    request = AnimationRequest(prompt="a boat on the sea, night falls", seed=1)
    animation = pipeline.animate(read_picture(EXAMPLE), request, on_step=on_step)
    versions = animation.recipe.versions if animation.recipe else {}
    total = time.time() - started
    print(json.dumps([first_frame[0], total, (peak_memory() or 0) / 2**20, versions]))


def processor() -> str:
    """Return the processor's name, as Linux tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def main() -> int:
    """Run both backends in turn and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each backend")
    runs = parser.parse_args().runs
    figures: dict[str, list[list[float]]] = {backend: [] for backend in BACKENDS}
    versions: dict[str, str] = {}
    for _ in range(runs):
        for backend in BACKENDS:
            command = [sys.executable, __file__, "one", backend, str(time.time())]
            finished = subprocess.run(command, check=True, capture_output=True, text=True)
            *numbers, found = json.loads(finished.stdout)
            figures[backend].append(numbers)
            versions |= found
    print(f"{processor()}, {platform.system()} {platform.machine()}, Python {platform.python_version()}")
    print(", ".join(f"{name} {version}" for name, version in sorted(versions.items())) + f"; median of {runs} runs\n")
    print("| backend | first frame | whole clip | peak memory |")
    print("|---|---|---|---|")
    for backend, rows in figures.items():
        first, total, memory = (statistics.median(column) for column in zip(*rows, strict=True))
        print(f"| {backend} | {first:.1f} s | {total:.1f} s | {memory:.0f} MB |")
    return 0


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "one":
        one_run(sys.argv[2])
    else:
        sys.exit(main())
