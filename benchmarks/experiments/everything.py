"""Runs every experiment on a finished training run, one after the other, and writes the page.

``python benchmarks/experiments/everything.py --run RUN --pictures FOLDER --work FOLDER``; stopped and run again,
it goes on: bundles, the estimator and every clip are kept below ``--work``.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

from estimator import CHECKED

from pia_edge.bundle.manifest import Format
from pia_edge.export import Precision, Recipe, export
from pia_edge.training.bundle import write_sample_reference
from pia_edge.training.export_folder import write_export
from pia_edge.training.run_folder import SOURCES
from pia_edge.training.styles import Style

HERE = Path(__file__).parent
ORDER = ("condition", "magnitude", "following", "affinity_range", "bases", "length")
"""What is asked for first comes first; ``start``, which trains, comes last."""


def main() -> int:
    """Do what is not done yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder of the training run")
    parser.add_argument("--pictures", type=Path, required=True, help="from scripts/fetch-held-out-pictures")
    parser.add_argument("--work", type=Path, required=True, help="bundles and clips")
    parser.add_argument("--estimator-minutes", type=float, default=20)
    arguments = parser.parse_args()
    run, work = arguments.run, arguments.work
    work.mkdir(parents=True, exist_ok=True)
    bundles = {
        name: bundle_of(run, work, style) for name, style in {"plain": None, **{s.value: s for s in Style}}.items()
    }
    sources, minutes = str(run / SOURCES), str(arguments.estimator_minutes)
    if not (run / CHECKED).is_file():
        script("estimator", "--sources", sources, "--folder", str(run), "--minutes", minutes)
    styles = [part for style in Style for part in ("--style", f"{style.value}={bundles[style.value]}")]
    shared = ["--bundle", str(bundles["plain"]), "--pictures", str(arguments.pictures), "--clips", str(work / "clips")]
    for name in ORDER:
        script(name, *shared, "--run", str(run), *styles)
        script("page")
    script("start", "--run", str(run), "--folder", str(work / "starts"), "--bundle", str(bundles["plain"]))
    script("page")
    return 0


def bundle_of(run: Path, work: Path, style: Style | None) -> Path:
    """Return the OpenVINO bundle of a base in 16 bits, exported where it is not there yet."""
    target = work / f"sample-{style.value if style else 'plain'}"
    if not target.is_dir():
        write_export(run, run / "export")
        reference = write_sample_reference(
            run / "export", work / f"{target.name}-reference", style=style, overwrite=True
        )
        export(reference, target, target=Format.OPENVINO, recipe=Recipe(precision=Precision.FP16))
    return target


def script(name: str, *arguments: str) -> None:
    """Run one of the scripts beside this one."""
    began = time.monotonic()
    subprocess.run([sys.executable, str(HERE / f"{name}.py"), *arguments], check=True)
    print(f"{name}: {(time.monotonic() - began) / 60:.0f} min", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
