"""Our backends against ``diffusers.PIAPipeline``: same weights, sizes, steps and machine, taking turns in one run.

UNet steps are timed in processes that all hold their network and take turns; whole clips in fresh processes, from
their start. Every figure is the median, over the rounds, of a run's ratio to diffusers' in the same round. The bundles
are exported once into --folder (benchmarks/export.py makes the reference bundles there); results go to
benchmarks/results/, and benchmarks/performance.py makes docs/performance.md of them.
"""

import argparse
import importlib.util
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

RESULTS = Path(__file__).with_name("results")
EXAMPLE = Path(__file__).parents[1] / "docs" / "example.png"
PEER = "diffusers"


@dataclass(frozen=True)
class Runner:
    """One way to run a network."""

    name: str
    backend: str
    """``diffusers``, or one of ours."""
    bundle: str
    """Below --folder."""
    dtype: str = ""
    """What PyTorch computes in."""
    apart: bool = False
    """Whether the UNet is called for one prompt after the other; steps alone are timed so."""


@dataclass(frozen=True)
class Case:
    """One network, and the clip that is made with it."""

    frames: int
    size: int
    steps: int
    runners: tuple[Runner, ...]


def _ours(network: str, *kinds: str) -> Iterator[Runner]:
    names = {"onnx": "cpu", "openvino": "intel"}
    for kind in kinds:
        target, precision = kind.split("-")
        yield Runner(f"{names[target]} {precision}", names[target], f"{network}-{kind}")


CASES = {
    "tiny": Case(
        4,
        64,
        4,
        (Runner("diffusers fp32", PEER, "tiny-reference", "float32"), *_ours("tiny", "openvino-fp32", "onnx-fp32")),
    ),
    "sample": Case(
        16,
        128,
        4,
        (
            Runner("diffusers fp32", PEER, "sample-reference", "float32"),
            Runner("diffusers bf16", PEER, "sample-reference", "bfloat16"),
            *_ours("sample", "openvino-fp32", "openvino-fp16", "openvino-w8a8", "onnx-fp32"),
            Runner("intel fp16, one prompt after the other", "intel", "sample-openvino-fp16", apart=True),
            Runner("cpu fp32, one prompt after the other", "cpu", "sample-onnx-fp32", apart=True),
        ),
    ),
    "full": Case(
        8,
        256,
        4,
        (
            Runner("diffusers bf16", PEER, "full-reference", "bfloat16"),
            *_ours("full", "openvino-fp16", "openvino-int8", "openvino-w8a8"),
            Runner("intel fp16, one prompt after the other", "intel", "full-openvino-fp16", apart=True),
        ),
    ),
}
"""The peer comes first: ratios are to it."""


def main() -> int:
    """Measure the cases asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where bundles are kept")
    parser.add_argument("--network", choices=CASES, nargs="+", default=list(CASES))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--whole-rounds", type=int, default=2, help="rounds of whole clips; 0 keeps the last")
    arguments = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    for network in arguments.network:
        case = CASES[network]
        prepare(network, case, arguments.folder)
        steps = time_steps(network, arguments.folder, arguments.rounds)
        path = RESULTS / f"peers-{network}.json"
        if arguments.whole_rounds:
            wholes = time_wholes(network, arguments.folder, arguments.whole_rounds)
        else:
            wholes = json.loads(path.read_text())["whole"]
        found = {
            "network": network,
            "frames": case.frames,
            "size": case.size,
            "steps": case.steps,
            "unet_step": steps,
            "whole": wholes,
            **_circumstances(),
        }
        path.write_text(json.dumps(found, indent=1) + "\n")
    return 0


def prepare(network: str, case: Case, folder: Path) -> None:
    """Make the bundles that are not there."""
    from pia_edge import sample
    from pia_edge.bundle.manifest import Format
    from pia_edge.export import Precision, Recipe, export

    spec = importlib.util.spec_from_file_location("exports", Path(__file__).with_name("export.py"))
    if spec is None or spec.loader is None:
        raise ImportError("benchmarks/export.py is missing")
    exports = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(exports)
    reference = exports.make_reference(network, folder)
    for runner in case.runners:
        path = folder / runner.bundle
        if runner.bundle == "sample-onnx-fp32":
            path.unlink(missing_ok=True)
            path.symlink_to(sample.path())
        elif not path.exists():
            _, target, precision = runner.bundle.split("-")
            export(reference, path, target=Format(target), recipe=Recipe(precision=Precision(precision)))


def time_steps(network: str, folder: Path, rounds: int) -> dict[str, list[float]]:
    """Return for every runner the seconds of one guided step of the UNet in each round."""
    runners = CASES[network].runners
    with ExitStack() as stack:
        children = {runner.name: stack.enter_context(_child("step", network, runner, folder)) for runner in runners}
        for child in children.values():  # loads, compiles and runs once
            _ask(child)
        found: dict[str, list[float]] = {name: [] for name in children}
        for _ in range(rounds):
            for name, child in children.items():
                # Threads of the one before still wait for work for a while, and what has waited long is slow at first.
                time.sleep(1)
                _ask(child)
                found[name].append(_ask(child)["seconds"])
        return found


def time_wholes(network: str, folder: Path, rounds: int) -> dict[str, list[dict[str, float]]]:
    """Return for every runner what each whole clip took."""
    runners = [runner for runner in CASES[network].runners if not runner.apart]
    found: dict[str, list[dict[str, float]]] = {runner.name: [] for runner in runners}
    for _ in range(rounds):
        for runner in runners:
            with _child("whole", network, runner, folder) as child:
                found[runner.name].append(_ask(child))
    return found


def _child(what: str, network: str, runner: Runner, folder: Path) -> "subprocess.Popen[str]":
    told = json.dumps({"network": network, "folder": str(folder), "started": time.time(), **asdict(runner)})
    command = [sys.executable, str(Path(__file__).with_name("peer_process.py")), what, told]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _ask(child: "subprocess.Popen[str]") -> dict[str, Any]:
    if child.stdin is None or child.stdout is None:
        raise TypeError("the child has no pipes")
    child.stdin.write("go\n")
    child.stdin.flush()
    line = child.stdout.readline()
    if not line:
        raise RuntimeError(f"{child.args} ended")
    answer: dict[str, Any] = json.loads(line)
    return answer


def ratio(ours: list[float], theirs: list[float]) -> float:
    """Return how many times faster ours is: the median of the rounds' ratios."""
    return statistics.median(theirs / our for our, theirs in zip(ours, theirs, strict=True))


def _circumstances() -> dict[str, Any]:
    import importlib.metadata
    import os

    from quickstart import processor

    libraries = ("torch", "diffusers", "onnxruntime", "openvino", "numpy")
    return {
        "machine": f"{processor()}, {os.cpu_count()} cores",
        "versions": {name: importlib.metadata.version(name) for name in libraries},
        "product_flops": product_speed(),
    }


def product_speed() -> dict[str, float]:
    """Return the fastest product of two matrices of 2048x2048 in PyTorch, in operations per second, for each type."""
    import torch

    found = {}
    for dtype in (torch.bfloat16, torch.float32):
        left, right = (torch.from_numpy(np.random.default_rng(0).standard_normal((2048, 2048))).to(dtype) for _ in "ab")
        seconds = []
        for _ in range(20):
            started = time.perf_counter()
            left @ right
            seconds.append(time.perf_counter() - started)
        found[str(dtype).removeprefix("torch.")] = 2 * 2048**3 / min(seconds)
    return found


if __name__ == "__main__":
    sys.exit(main())
