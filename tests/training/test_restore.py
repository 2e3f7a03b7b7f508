"""A run begun again from published weights: those of the sample model itself."""

import json
from pathlib import Path

import pytest
from safetensors.torch import load_file

from pia_edge.errors import BundleError
from pia_edge.training.export_folder import write_export
from pia_edge.training.network import SAMPLE_CONFIG, TextToImage, base_weights, vocabulary_size
from pia_edge.training.restore import restore_run
from pia_edge.training.stages import Run, Stage, run_stage

PUBLISHED = Path(__file__).parents[2] / "docs" / "sample-model"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("restored") / "run"
    restore_run(PUBLISHED, path)
    return path


def test_what_a_restored_run_exports_is_what_was_published(folder: Path, tmp_path: Path) -> None:
    write_export(folder, tmp_path / "export")
    published = {path.name: path.read_bytes() for path in (PUBLISHED / "export").iterdir()}
    again = {path.name: path.read_bytes() for path in (tmp_path / "export").iterdir()}
    assert again.keys() == published.keys()
    assert [name for name, content in published.items() if again[name] != content] == []


def test_the_base_is_shown_pictures_through_the_condition_module(folder: Path) -> None:
    network = TextToImage(SAMPLE_CONFIG, vocabulary_size(folder))
    network.load_state_dict(base_weights(folder))
    condition = load_file(PUBLISHED / "export" / "condition.safetensors")
    assert all((network.hint.state_dict()[name] == weight).all() for name, weight in condition.items())


def test_pictures_are_rendered_anew_and_the_tokenizer_stays(folder: Path) -> None:
    before = [(folder / name).read_bytes() for name in ("vocab.json", "merges.txt", "run.json")]
    run_stage(Run(folder=folder, picture_count=2), Stage.PICTURES)
    assert (folder / "pictures.pt").is_file()
    assert [(folder / name).read_bytes() for name in ("vocab.json", "merges.txt", "run.json")] == before


def test_a_run_that_is_there_is_not_overwritten(folder: Path) -> None:
    before = (folder / "base.pt").read_bytes()
    with pytest.raises(BundleError, match="holds checkpoints"):
        restore_run(PUBLISHED, folder)
    assert (folder / "base.pt").read_bytes() == before


def test_a_published_stage_cannot_be_gone_on_with(folder: Path) -> None:
    run_stage(Run(folder=folder, picture_count=2), Stage.PICTURES)
    with pytest.raises(BundleError, match=r"motion\.pt holds published weights alone"):
        run_stage(Run(folder=folder, steps=1), Stage.MOTION)


def test_a_folder_that_is_not_a_published_run(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps({"seed": 1}))
    with pytest.raises(BundleError, match=r"Expected a published run with .*config\.json"):
        restore_run(tmp_path, tmp_path / "run")
    assert not (tmp_path / "run").exists()
