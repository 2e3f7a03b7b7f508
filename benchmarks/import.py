"""Time and memory of importing the full-size network, with stand-ins of random numbers for the real files.

Each import is a process of its own. Its memory is the largest resident size; "beyond the interpreter" leaves out what
Python and the libraries take before anything is read. The stand-ins (9 GB) are written once into --folder.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
SCENARIOS = {
    "single file fp32, pia.ckpt": {"base": "base32.safetensors"},
    "single file fp16, pia.ckpt": {"base": "base16.safetensors"},
    "… and a LoRA of rank 32": {"base": "base16.safetensors", "lora": "lora.safetensors"},
    "single file fp32, pia.ckpt, fp32 kept": {"base": "base32.safetensors", "precision": "fp32"},
}


def write_stand_ins(folder: Path) -> None:
    """Write a base model, PIA's weights and a LoRA at full size, unless they are there.

    A process of its own, too: Linux hands the peak of a parent's memory down to its children.
    """
    sys.path.insert(0, str(ROOT))
    import torch

    from tests.standins.ldm_base import LdmForm, write_single_file
    from tests.standins.lora_files import write_kohya
    from tests.standins.pia_files import write_pia
    from tests.standins.sizes import FULL
    from tests.standins.vocabulary import write_tokenizer

    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "done").exists():
        return
    write_single_file(folder / "base32.safetensors", FULL, LdmForm(dtype=torch.float32))
    write_single_file(folder / "base16.safetensors", FULL)
    write_pia(folder / "pia.ckpt", FULL)
    write_kohya(folder / "lora.safetensors", FULL, rank=32, alpha=16.0)
    write_tokenizer(folder, FULL)
    (folder / "done").touch()


def one_import(folder: Path, scenario: dict[str, str]) -> None:
    """Import once and print seconds, memory and size as JSON."""
    from pia_edge.importer import ImportRequest, Precision, ScaledPath, import_bundle
    from pia_edge.memory import peak_memory

    before = peak_memory() or 0
    started = time.perf_counter()
    request = ImportRequest(
        base=folder / scenario["base"],
        pia=folder / "pia.ckpt",
        loras=(ScaledPath(folder / scenario["lora"], 0.8),) if "lora" in scenario else (),
        precision=Precision(scenario.get("precision", "fp16")),
        allow_pickle=True,
    )
    with tempfile.TemporaryDirectory(dir=folder) as target:
        bundle = import_bundle(request, Path(target) / "bundle")
        seconds = time.perf_counter() - started
        size = sum(file.size for file in bundle.manifest.files.values())
    print(json.dumps([seconds, (peak_memory() or 0) - before, before, size]))


def main() -> int:
    """Run every scenario in turn, several times, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("runs/import"), help="where the stand-ins are kept")
    parser.add_argument("--runs", type=int, default=3, help="runs of each scenario")
    arguments = parser.parse_args()
    subprocess.run([sys.executable, __file__, "write", str(arguments.folder)], check=True)
    figures: dict[str, list[list[float]]] = {name: [] for name in SCENARIOS}
    for _ in range(arguments.runs):
        for name, scenario in SCENARIOS.items():
            command = [sys.executable, __file__, "one", str(arguments.folder), json.dumps(scenario)]
            finished = subprocess.run(command, check=True, capture_output=True, text=True)
            figures[name].append(json.loads(finished.stdout))
    print(f"{platform.system()} {platform.machine()}, Python {platform.python_version()}; median of {arguments.runs}\n")
    print("| import | time | size of the bundle | memory beyond the interpreter | that is | interpreter |")
    print("|---|---|---|---|---|---|")
    for name, rows in figures.items():
        seconds, memory, before, size = (statistics.median(column) for column in zip(*rows, strict=True))
        print(
            f"| {name} | {seconds:.0f} s | {size / 1e9:.2f} GB | {memory / 1e9:.2f} GB | {memory / size:.2f} × size "
            f"| {before / 1e9:.2f} GB |"
        )
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        one_import(Path(sys.argv[2]), json.loads(sys.argv[3]))
    elif sys.argv[1:2] == ["write"]:
        write_stand_ins(Path(sys.argv[2]))
    else:
        sys.exit(main())
