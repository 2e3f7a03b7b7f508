"""What every export does, whatever its target: prove, resume, appear whole or not at all."""

import shutil
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from pia_edge.backend import Session
from pia_edge.bundle import MANIFEST, Bundle
from pia_edge.bundle.manifest import Artifact, Format, RunParity
from pia_edge.cancel import CancelToken
from pia_edge.errors import BundleError, Cancelled, OutputError, ParityError
from pia_edge.export import TARGETS, Precision, Recipe, export, gate
from pia_edge.export.conversion import Conversion, Convert
from pia_edge.export.denoising import ReferenceRun, compare_run
from pia_edge.modules import MODULES, Module
from pia_edge.progress import Progress, Stage
from pia_edge.runtimes import BACKENDS

FP32 = Recipe(precision=Precision.FP32)


@pytest.fixture
def converted(tiny_onnx: Bundle, monkeypatch: pytest.MonkeyPatch) -> list[Module]:
    """Take graphs from the finished bundle and prove them in the runtime that starts fastest; return what was taken."""
    taken: list[Module] = []

    def take(_conversion: Conversion, module: Module, folder: Path) -> Artifact:
        taken.append(module)
        artifact = tiny_onnx.artifact(module)
        for name in (str(artifact.graph), *artifact.weights):
            shutil.copyfile(tiny_onnx.path / name, folder / name)
        return artifact

    set_converter(monkeypatch, take)
    return taken


def set_converter(monkeypatch: pytest.MonkeyPatch, convert: Convert) -> None:
    monkeypatch.setitem(TARGETS, Format.ONNX, replace(TARGETS[Format.ONNX], converter=lambda: convert))


def run(tiny: Bundle, path: Path, *, overwrite: bool = False, cancel: CancelToken | None = None) -> Bundle:
    return export(tiny, path, target=Format.ONNX, recipe=FP32, overwrite=overwrite, cancel=cancel)


def test_equal_content_gives_equal_bytes_and_a_whole_report(
    converted: list[Module], tiny: Bundle, tiny_onnx: Bundle, tmp_path: Path
) -> None:
    seen: list[Progress] = []
    again = export(tiny, tmp_path / "again", target=Format.ONNX, recipe=FP32, on_step=seen.append)
    assert converted == list(MODULES)
    assert again.manifest.files == tiny_onnx.manifest.files
    assert again.manifest.parity.keys() == set(MODULES)
    whole = again.manifest.run_parity
    assert whole is not None
    assert whole.psnr_db > 100
    assert abs(whole.cfg_delta_ratio - 1) < 1e-3
    assert abs(whole.flicker_ratio - 1) < 1e-3
    stages = [(progress.stage, progress.done) for progress in seen]
    assert stages == [(Stage.CONVERT, n) for n in range(1, 6)] + [(Stage.PROVE, n) for n in range(1, 7)]
    assert [path.name for path in tmp_path.iterdir()] == ["again"]


@pytest.mark.parametrize("finished", [0, 1, 4])
def test_an_interrupted_export_goes_on_where_it_stopped(
    finished: int,
    converted: list[Module],
    tiny: Bundle,
    tiny_onnx: Bundle,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take = TARGETS[Format.ONNX].converter()

    def stopping(conversion: Conversion, module: Module, folder: Path) -> Artifact:
        if len(converted) == finished:
            (folder / f"{module}.onnx").write_bytes(b"half")
            raise KeyboardInterrupt
        return take(conversion, module, folder)

    set_converter(monkeypatch, stopping)
    with pytest.raises(KeyboardInterrupt):
        run(tiny, tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()
    set_converter(monkeypatch, take)
    converted.clear()
    bundle = run(tiny, tmp_path / "bundle")
    assert converted == list(MODULES)[finished:]
    assert bundle.manifest.files == tiny_onnx.manifest.files
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_work_of_another_recipe_or_a_damaged_one_is_not_taken_up(
    converted: list[Module], tiny: Bundle, tmp_path: Path
) -> None:
    token = CancelToken()

    def cancel(progress: Progress) -> None:
        if progress.done == 3:
            token.cancel()

    for _ in range(2):
        with pytest.raises(Cancelled):
            export(tiny, tmp_path / "bundle", target=Format.ONNX, recipe=FP32, on_step=cancel, cancel=token)
    assert converted == list(MODULES)[:3], "the second run had nothing to convert before it was cancelled"
    (work,) = tmp_path.glob(".pia-edge-export-*/bundle")
    graph = work / f"{Module.VAE_ENCODER}.onnx"
    graph.write_bytes(graph.read_bytes() + b"\0")
    converted.clear()
    run(tiny, tmp_path / "bundle")
    assert converted == [Module.VAE_ENCODER, Module.CONDITION, Module.UNET]


def tamper(monkeypatch: pytest.MonkeyPatch) -> None:
    take = TARGETS[Format.ONNX].converter()

    def tampered(conversion: Conversion, module: Module, folder: Path) -> Artifact:
        artifact = take(conversion, module, folder)
        if module is Module.UNET:
            with (folder / "temporal.onnx_data").open("r+b") as file:
                file.seek(-64, 2)
                file.write(np.full(32, 3, np.float16).tobytes())
        return artifact

    set_converter(monkeypatch, tampered)


@pytest.mark.usefixtures("converted")
def test_a_module_that_differs_leaves_no_bundle(tiny: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tamper(monkeypatch)
    older = tmp_path / "bundle"
    older.mkdir()
    (older / MANIFEST).write_text("{}")
    with pytest.raises(ParityError, match=r"^unet, .* dB against the reference, 100\.0 dB required"):
        run(tiny, older, overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]
    assert (older / MANIFEST).read_text() == "{}", "the older bundle stays until the new one is proven"


@pytest.mark.usefixtures("converted")
def test_the_run_is_a_gate_of_its_own(tiny: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A UNet that passes alone but forgets the prompt over a run is refused."""

    def deaf(candidate: Session, run: ReferenceRun, runtime: str) -> RunParity:
        return msgspec.structs.replace(compare_run(candidate, run, runtime), cfg_delta_ratio=0.05)

    monkeypatch.setattr(gate, "compare_run", deaf)
    with pytest.raises(ParityError, match=r"effect of the prompt is 0\.050 times the reference's"):
        run(tiny, tmp_path / "bundle")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("converted")
def test_without_a_runtime_nothing_is_proven_and_nothing_written(
    tiny: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "BACKENDS", {"reference": BACKENDS["reference"]})
    with pytest.raises(ParityError, match="No runtime for onnx is installed"):
        run(tiny, tmp_path / "bundle")
    assert list(tmp_path.iterdir()) == []


def test_only_reference_bundles_are_exported(tiny_onnx: Bundle, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="expected a reference bundle, found format onnx"):
        run(tiny_onnx, tmp_path / "bundle")


def test_only_targets_are_written(tiny: Bundle, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="Expected a target out of onnx, openvino, coreml; found torch"):
        export(tiny, tmp_path / "bundle", target=Format.TORCH, recipe=FP32)


def test_other_files_are_never_replaced(tiny: Bundle, tmp_path: Path) -> None:
    (tmp_path / "notes.docx").write_text("mine")
    with pytest.raises(OutputError, match=r"notes\.docx"):
        run(tiny, tmp_path, overwrite=True)
    assert (tmp_path / "notes.docx").read_text() == "mine"


@pytest.mark.usefixtures("converted")
def test_a_full_disk_leaves_no_bundle(tiny: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(OutputError, match="disk is full"):
        run(tiny, tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()
