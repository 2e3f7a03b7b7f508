"""Exports of whole networks: how exact they are, and what they took; docs/parity.md is made from the reports.

Each export is a process of its own, proof included; its memory is the largest resident size. The full-size reference
bundle is made from stand-ins as benchmarks/import.py writes them (9 GB in --folder, written once); the tiny one is the
tests', and the sample's is read back from what ships. Every export leaves a report in benchmarks/exports/.
"""

import argparse
import importlib.metadata
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize, Format, Parity, RunParity
from pia_edge.modules import MODULES, Module

REPORTS = Path(__file__).with_name("exports")
TABLE = Path(__file__).parents[1] / "docs" / "parity.md"
NETWORKS = {
    "tiny": "Tiny network of the tests (random weights)",
    "sample": "The sample that ships",
    "full": "Full size (Stable Diffusion 1.5 with PIA; random weights)",
}
PRECISIONS = {
    "onnx": ("fp32", "fp16", "int8", "int4", "w8a8"),
    "openvino": ("fp32", "fp16", "int8", "int4", "w8a8"),
    "coreml": ("fp32", "fp16", "int8", "int4", "w8a8", "palette8", "palette6", "palette4"),
}
CLIPS = {
    "tiny": ClipSize(frames=4, width=64, height=48),
    "sample": ClipSize(frames=16, width=128, height=128),
    "full": ClipSize(frames=8, width=256, height=256),
}
"""What Core ML packages are made for; the other targets leave it free."""
_LIBRARIES = ("torch", "onnx", "onnxruntime", "openvino", "coremltools", "numpy")


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One export: what its gate measured, and what it took."""

    network: str
    target: str
    precision: str
    seconds: float
    peak_memory: int
    num_bytes: int
    parity: dict[Module, Parity]
    run: RunParity
    machine: str
    versions: dict[str, str]


def make_reference(network: str, folder: Path) -> Bundle:
    """Return the reference bundle of a network; it is made in ``folder`` unless it is there."""
    path = folder / f"{network}-reference"
    if path.exists():
        return Bundle.open(path)
    if network == "full":
        from pia_edge.importer import ImportRequest, import_bundle

        command = [sys.executable, str(Path(__file__).with_name("import.py")), "write", str(folder)]
        subprocess.run(command, check=True)
        base, pia = folder / "base16.safetensors", folder / "pia.ckpt"
        import_bundle(ImportRequest(base=base, pia=pia, allow_pickle=True, name="full-size"), path)
    elif network == "sample":
        from sample_reference import sample_reference

        sample_reference(path)
    else:
        sys.path.append(str(TABLE.parents[1]))
        from tests.bundles import tiny_bundle

        with tempfile.TemporaryDirectory(dir=folder) as place:
            tiny_bundle(Path(place)).path.rename(path)
    return Bundle.open(path)


def one_export(network: str, folder: Path, target: str, precision: str) -> Report:
    """Export once, in this process."""
    from pia_edge.export import Precision, Recipe, export
    from pia_edge.memory import peak_memory

    reference = make_reference(network, folder)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=folder) as place:
        recipe = Recipe(precision=Precision(precision))
        clips = (CLIPS[network],) if target == Format.COREML else ()
        bundle = export(reference, Path(place) / "bundle", target=Format(target), recipe=recipe, clips=clips)
        seconds = time.perf_counter() - started
    manifest = bundle.manifest
    if manifest.run_parity is None:
        raise TypeError("every export is proven over a run")
    return Report(
        network=network,
        target=target,
        precision=precision,
        seconds=seconds,
        peak_memory=peak_memory() or 0,
        num_bytes=sum(file.size for file in manifest.files.values()),
        parity=manifest.parity,
        run=manifest.run_parity,
        machine=f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        versions={name: importlib.metadata.version(name) for name in _LIBRARIES},
    )


def table() -> str:
    """Return docs/parity.md, made from the reports."""
    reports = [msgspec.json.decode(path.read_bytes(), type=Report) for path in sorted(REPORTS.glob("*.json"))]
    lines = ["# Parity of exports", "", *_HEAD, *_limits(), ""]
    for network, title in NETWORKS.items():
        of_network = [report for report in reports if report.network == network]
        if not of_network:
            continue
        lines += [f"## {title}", "", *_COLUMNS]
        for target, precisions in PRECISIONS.items():
            found = {report.precision: report for report in of_network if report.target == target}
            lines += [_row(found[precision]) for precision in precisions if precision in found]
        lines.append("")
    made = {(report.machine, *sorted(report.versions.items())) for report in reports}
    for machine, *versions in sorted(made):
        lines.append(f"Made on {machine}; " + ", ".join(f"{name} {version}" for name, version in versions) + ".")
    return "\n".join(lines) + "\n"


def _limits() -> list[str]:
    from pia_edge.export.precision import THRESHOLDS

    least = [f"{name} {limit.minimum_db:.0f} and {limit.run_db:.0f}" for name, limit in THRESHOLDS.items()]
    return [f"The gate asks at least, in dB of each module and of the run: {', '.join(least)}."]


_HEAD = (
    "`python benchmarks/export.py` makes this page from the reports of the gate, which every export passes before it",
    "exists. Decibels are the peak signal-to-noise ratio against the reference in PyTorch, the least of all cases,",
    "computed in float32; Core ML packages are run by our evaluator, float16 rounding included. The run is",
    "that of four denoising steps fed with the reference's latents; the prompt's effect and the flicker are relative",
    "to the reference's. Times and peak memory are of one run each, proof included; some ran beside other work, among",
    "them the 4-bit palettes at full size.",
)
_COLUMNS = (
    "| target | precision | text | VAE in, out | condition | UNet | run | prompt | flicker | size | time | memory |",
    "|---|---|---|---|---|---|---|---|---|---|---|---|",
)


def _row(report: Report) -> str:
    text, into, out, condition, unet = (f"{report.parity[module].psnr_db:.0f}" for module in MODULES)
    run = report.run
    return (
        f"| {report.target} | {report.precision} | {text} dB | {into}, {out} dB | {condition} dB | {unet} dB | "
        f"{run.psnr_db:.0f} dB | {run.cfg_delta_ratio:.3f} × | {run.flicker_ratio:.3f} × | "
        f"{_size(report.num_bytes)} | {_time(report.seconds)} | {report.peak_memory / 1e9:.1f} GB |"
    )


def _size(num_bytes: int) -> str:
    return f"{num_bytes / 1e9:.2f} GB" if num_bytes > 1e8 else f"{num_bytes / 1e6:.1f} MB"


def _time(seconds: float) -> str:
    return f"{seconds / 60:.1f} min" if seconds > 100 else f"{seconds:.0f} s"


def main() -> int:
    """Run every export that is asked for, and make the page anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("runs/import"), help="where stand-ins are kept")
    parser.add_argument("--networks", nargs="*", default=list(NETWORKS), choices=list(NETWORKS))
    parser.add_argument("--targets", nargs="+", default=list(PRECISIONS), choices=list(PRECISIONS))
    parser.add_argument("--precisions", nargs="+", help="all that a target has, if not given")
    parser.add_argument("--one", action="store_true", help="in this process, without the page")
    arguments = parser.parse_args()
    REPORTS.mkdir(exist_ok=True)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for network in arguments.networks:
        for target in arguments.targets:
            for precision in arguments.precisions or PRECISIONS[target]:
                if arguments.one:
                    report = one_export(network, arguments.folder, target, precision)
                    content = msgspec.json.format(msgspec.json.encode(report), indent=1)
                    (REPORTS / f"{network}-{target}-{precision}.json").write_bytes(content + b"\n")
                    continue
                chosen = ["--networks", network, "--targets", target, "--precisions", precision]
                command = [sys.executable, __file__, "--one", "--folder", str(arguments.folder), *chosen]
                finished = subprocess.run(command, capture_output=True, text=True, check=False)
                said = "done" if finished.returncode == 0 else finished.stderr.strip().splitlines()[-1]
                print(f"{network} {target} {precision}: {said}", flush=True)
    if not arguments.one:
        TABLE.write_text(table(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
