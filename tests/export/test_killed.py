"""An export that is killed (SIGKILL) before any of its changes to the disk, and given again, is as if undisturbed."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pia_edge.bundle import Bundle, read_manifest
from pia_edge.bundle.manifest import Artifact, Format, Parity
from pia_edge.export import TARGETS, Precision, Recipe, export, exporting
from pia_edge.export.conversion import Conversion
from pia_edge.modules import Module
from tests.killing import kill_everywhere

ROOT = Path(__file__).parents[2]
RECIPE = Recipe(precision=Precision.FP16)


def kill(root: Path, reference: Path, finished: Path) -> None:
    """Kill an export that takes its files from a finished bundle: the same changes to the disk, without threads."""
    tiny, done = Bundle.open(reference), Bundle.open(finished)
    smallest = f"{Module.CONDITION}.mlpackage"

    def take(_conversion: Conversion, module: Module, folder: Path) -> Artifact:
        name = f"{module}.mlpackage"
        shutil.copytree(done.path / smallest, folder / name, copy_function=shutil.copyfile)
        artifact = done.artifact(Module.CONDITION)
        files = [file.replace(smallest, name) for file in (str(artifact.graph), *artifact.weights)]
        return Artifact(graph=files[0], weights=tuple(files[1:]), precision=artifact.precision)

    parity = Parity(psnr_db=60.0, max_abs_error=0.0, runtime="none")
    replaced = {
        "TARGETS": {Format.COREML: replace(TARGETS[Format.COREML], converter=lambda: take)},
        "prove_module": lambda *_: parity,
        "prove_run": lambda *_: done.manifest.run_parity,
        "run_reference": lambda *_, clip: clip,
        "proving_backend": lambda _: None,
    }
    for name, value in replaced.items():
        setattr(exporting, name, value)

    def work(folder: Path) -> None:
        export(tiny, folder / "bundle", target=Format.COREML, recipe=RECIPE, clips=done.manifest.clips)

    (root / "undisturbed").mkdir()
    work(root / "undisturbed")
    expected = Bundle.open(root / "undisturbed" / "bundle").manifest

    def check(folder: Path) -> None:
        if not (folder / "bundle").exists():
            work(folder)
            assert [path.name for path in folder.iterdir()] == ["bundle"]
        assert read_manifest(folder / "bundle")[0] == expected
        shutil.rmtree(folder)

    print(kill_everywhere(root / "killed", lambda _: None, work, check))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has neither fork nor SIGKILL")
def test_killed_at_every_change(tiny: Bundle, tiny_coreml: Bundle, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.export.test_killed", *map(str, (tmp_path, tiny.path, tiny_coreml.path))]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) >= 50, "it was killed many times"


if __name__ == "__main__":
    kill(*(Path(argument) for argument in sys.argv[1:]))
