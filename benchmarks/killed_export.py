"""Exports that are killed (SIGKILL) at random moments and given again: every file is as if nothing had happened.

The tests kill an export before each of its changes to the disk, with files that are there already; this kills the real
command, whatever it is doing, for each target in turn.
"""

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from export import make_reference
from pia_edge.bundle import Bundle

COMMANDS = {
    "onnx": ["--precision", "w8a8"],
    "openvino": ["--precision", "int8"],
    "coreml": ["--precision", "palette6", "--frames", "4", "--size", "64x48"],
}


def start(reference: Bundle, target: str, folder: Path) -> subprocess.Popen[bytes]:
    """Begin an export into ``folder``/bundle."""
    command = [sys.executable, "-m", "pia_edge.export", str(reference.path), "--target", target, *COMMANDS[target]]
    return subprocess.Popen([*command, "-o", str(folder / "bundle")], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below ``folder``, by its name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def finish(reference: Bundle, target: str, folder: Path) -> dict[str, bytes]:
    """Export to the end, and return every file in ``folder``."""
    folder.mkdir(exist_ok=True)
    process = start(reference, target, folder)
    _, errors = process.communicate()
    if process.returncode != 0:
        raise RuntimeError(errors.decode())
    return contents(folder)


def kill(reference: Bundle, target: str, folder: Path, seconds: float) -> bool:
    """Begin an export, kill it after ``seconds``, and return whether it was still at work."""
    folder.mkdir()
    process = start(reference, target, folder)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def main() -> int:
    """Kill and compare; 1 if a file differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--targets", nargs="+", default=list(COMMANDS), choices=list(COMMANDS))
    arguments = parser.parse_args()
    moments = random.Random(arguments.seed)
    differing = 0
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        reference = make_reference("tiny", root)
        undisturbed: dict[str, tuple[float, dict[str, bytes]]] = {}
        for number in range(arguments.times):
            target = arguments.targets[number % len(arguments.targets)]
            if target not in undisturbed:
                started = time.perf_counter()
                files = finish(reference, target, root / target)
                undisturbed[target] = time.perf_counter() - started, files
            duration, expected = undisturbed[target]
            moment, folder = moments.uniform(0, duration), root / f"killed-{number}"
            killed = kill(reference, target, folder, moment)
            left = len(contents(folder))
            found = finish(reference, target, folder) if killed else contents(folder)
            wrong = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
            differing += bool(wrong)
            print(
                f"{target} {'killed' if killed else 'ended'} after {moment:.1f} of {duration:.1f} s, leaving {left} "
                f"files; given again: {', '.join(wrong) or 'no file'} differs of {len(expected)}",
                flush=True,
            )
            shutil.rmtree(folder)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
