"""What a worker says of models, and what it makes of them."""

import importlib.util
import shutil
from pathlib import Path
from typing import Any

import pytest

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.bundle.store import Store
from pia_edge.cancel import CancelToken
from pia_edge.errors import BundleError, MissingExtraError, ModelError, OutputError, PickleError
from pia_edge.export import Recipe
from pia_edge.importer import ImportRequest, make_plan
from pia_edge.progress import Progress, Stage
from pia_edge.worker.answering import Listener, answer
from pia_edge.worker.model_questions import (
    BundleAdded,
    ExportBundle,
    ExtraFound,
    FindExtra,
    ImportModels,
    ImportPlanned,
    Ingredient,
    ModelChoice,
    PlanImport,
)
from tests.standins.diffusers_base import write_folder
from tests.standins.pia_files import write_pia
from tests.standins.sizes import PAPERS


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base model in ``sd15``, and PIA weights as ``pia.safetensors`` and ``pia.ckpt``."""
    folder = tmp_path_factory.mktemp("models")
    write_folder(folder / "sd15", PAPERS)
    write_pia(folder / "pia.safetensors", PAPERS)
    write_pia(folder / "pia.ckpt", PAPERS)
    return folder


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("PIA_EDGE_HOME", str(tmp_path / "home"))
    return Store.open()


def nobody() -> Listener:
    return Listener(lambda _progress: None, CancelToken())


def test_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answer(FindExtra(), nobody()) == ExtraFound(
        (), "pip install 'pia-edge[export]'", ("openvino", "onnx", "coreml")
    )
    find = importlib.util.find_spec
    gone: set[str] = {"coremltools"}
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in gone else find(name))
    found = answer(FindExtra(), nobody())
    assert isinstance(found, ExtraFound)
    assert (found.missing, found.targets) == ((), ("openvino", "onnx"))
    gone |= {"torch"}
    found = answer(FindExtra(), nobody())
    assert isinstance(found, ExtraFound)
    assert (found.missing, found.targets) == (("torch",), ())
    with pytest.raises(MissingExtraError, match=r"pip install 'pia-edge\[export\]'"):
        answer(PlanImport(ModelChoice()), nobody())
    with pytest.raises(MissingExtraError):
        answer(ExportBundle("sample", "onnx", "fp16", "mine"), nobody())


def test_files_are_looked_at_and_imported(models: Path, store: Store) -> None:
    choice = ModelChoice(base=models / "sd15", pia=models / "pia.safetensors")
    planned = answer(PlanImport(choice), nobody())
    expected = make_plan(ImportRequest(base=choice.base, pia=choice.pia))
    assert planned == ImportPlanned(tuple(expected.lines()), "sd15", expected.num_bytes)
    assert store.names() == []
    steps: list[Progress] = []
    assert answer(ImportModels(choice), Listener(steps.append, CancelToken())) == BundleAdded("sd15")
    assert Bundle.open(store.path("sd15")).manifest.format is Format.TORCH
    with pytest.raises(OutputError, match="already"):
        answer(ImportModels(choice), nobody())
    assert answer(ImportModels(choice, overwrite=True), nobody()) == BundleAdded("sd15")


def test_pickles_are_read_with_consent_alone(models: Path) -> None:
    choice = ModelChoice(base=models / "sd15", pia=models / "pia.ckpt")
    with pytest.raises(PickleError, match="a format that can hide programs"):
        answer(PlanImport(choice), nobody())
    agreed = ModelChoice(base=models / "sd15", pia=models / "pia.ckpt", allow_pickle=True)
    planned = answer(PlanImport(agreed), nobody())
    assert isinstance(planned, ImportPlanned)
    assert any("pia.ckpt, pickle" in line for line in planned.lines)


def test_a_file_in_the_wrong_place(models: Path) -> None:
    choice = ModelChoice(
        base=models / "sd15",
        pia=models / "pia.safetensors",
        loras=(Ingredient(models / "pia.safetensors", 0.5),),
    )
    with pytest.raises(ModelError, match="PIA weights"):
        answer(PlanImport(choice), nobody())


def test_an_export_goes_into_the_store(tiny: Bundle, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    def copy(reference: Bundle, path: Path, *, target: Format, recipe: Recipe, **others: Any) -> Bundle:
        asked.append({"target": target, "precision": recipe.precision, **others})
        others["on_step"](Progress(Stage.CONVERT, 1, 5, None))
        shutil.copytree(reference.path, path)
        return Bundle.open(path)

    monkeypatch.setattr("pia_edge.export.export", copy)
    store.add(tiny.path, "mine", overwrite=False)
    steps: list[Progress] = []
    listener = Listener(steps.append, CancelToken())
    assert answer(ExportBundle("mine", "openvino", "int8", "mine-openvino-int8"), listener) == BundleAdded(
        "mine-openvino-int8"
    )
    assert (asked[0]["target"], asked[0]["precision"], asked[0]["cancel"]) == ("openvino", "int8", listener.token)
    assert Stage.CONVERT in {step.stage for step in steps}
    with pytest.raises(OutputError, match="already"):
        answer(ExportBundle("mine", "openvino", "int8", "mine-openvino-int8"), nobody())
    assert len(asked) == 1, "known before any work is done"
    assert answer(ExportBundle("mine", "onnx", "fp16", "other"), nobody()) == BundleAdded("other")
    assert store.names() == ["mine", "mine-openvino-int8", "other"]


def test_only_reference_bundles_are_exported(store: Store) -> None:
    with pytest.raises(BundleError, match="expected a reference bundle, found format onnx"):
        answer(ExportBundle("sample", "onnx", "fp16", "mine"), nobody())
    assert store.names() == []
