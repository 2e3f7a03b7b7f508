"""Time and memory of exporting the full-size network, with random weights, and how exact the result is.

Each export is a process of its own, proof included; its memory is the largest resident size. The reference bundle is
made from stand-ins as benchmarks/import.py writes them (9 GB in --folder, written once).
"""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PRECISIONS = {
    "onnx": ("fp16", "int8", "int4", "w8a8"),
    "openvino": ("fp16", "int8", "int4", "w8a8"),
    "coreml": ("fp16", "palette8", "palette6", "palette4", "int8", "int4", "w8a8"),
}
FRAMES, EDGE = 8, 256
"""Of the clip that Core ML packages are made for; the other targets leave it free."""


def make_reference(folder: Path) -> None:
    """Import the stand-ins into the bundle ``reference`` of ``folder``, unless it is there."""
    from pia_edge.importer import ImportRequest, import_bundle

    if (folder / "reference").exists():
        return
    request = ImportRequest(
        base=folder / "base16.safetensors", pia=folder / "pia.ckpt", allow_pickle=True, name="full-size"
    )
    import_bundle(request, folder / "reference")


def one_export(folder: Path, target: str, precision: str) -> None:
    """Export once and print what it took and what it gave as JSON."""
    from pia_edge.bundle import Bundle
    from pia_edge.bundle.manifest import ClipSize, Format
    from pia_edge.export import Precision, Recipe, export
    from pia_edge.memory import peak_memory

    reference = Bundle.open(folder / "reference")
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=folder) as place:
        recipe = Recipe(precision=Precision(precision))
        clips = (ClipSize(frames=FRAMES, width=EDGE, height=EDGE),) if target == Format.COREML else ()
        bundle = export(reference, Path(place) / "bundle", target=Format(target), recipe=recipe, clips=clips)
        seconds = time.perf_counter() - started
        size = sum(file.size for file in bundle.manifest.files.values())
    unet, run = bundle.manifest.parity["unet"], bundle.manifest.run_parity  # type: ignore[index]
    flicker = run.flicker_ratio if run else 0.0
    delta = run.cfg_delta_ratio if run else 0.0
    print(json.dumps([seconds, peak_memory() or 0, size, unet.psnr_db, run.psnr_db if run else 0.0, delta, flicker]))


def main() -> int:
    """Run every export once and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("runs/import"), help="where the stand-ins are kept")
    parser.add_argument("--targets", nargs="+", default=list(PRECISIONS), choices=list(PRECISIONS))
    parser.add_argument("--precisions", nargs="+", help="all that a target has, if not given")
    arguments = parser.parse_args()
    subprocess.run(
        [sys.executable, str(Path(__file__).with_name("import.py")), "write", str(arguments.folder)], check=True
    )
    subprocess.run([sys.executable, __file__, "reference", str(arguments.folder)], check=True)
    print(f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, one run each\n")
    print("| target | precision | time | peak memory | bundle | UNet | over 4 steps | prompt acts | flicker |")
    print("|---|---|---|---|---|---|---|---|---|")
    for target in arguments.targets:
        for precision in arguments.precisions or PRECISIONS[target]:
            command = [sys.executable, __file__, "one", str(arguments.folder), target, precision]
            finished = subprocess.run(command, capture_output=True, text=True, check=False)
            if finished.returncode:
                print(f"| {target} | {precision} | {finished.stderr.strip().splitlines()[-1]} |", flush=True)
                continue
            seconds, memory, size, unet, run, delta, flicker = json.loads(finished.stdout.splitlines()[-1])
            print(
                f"| {target} | {precision} | {seconds / 60:.1f} min | {memory / 1e9:.1f} GB | {size / 1e9:.2f} GB | "
                f"{unet:.1f} dB | {run:.1f} dB | {delta:.3f} × | {flicker:.3f} × |",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        one_export(Path(sys.argv[2]), sys.argv[3], sys.argv[4])
    elif sys.argv[1:2] == ["reference"]:
        make_reference(Path(sys.argv[2]))
    else:
        sys.exit(main())
