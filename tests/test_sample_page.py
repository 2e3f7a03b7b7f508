"""docs/sample-model: weights, logs and page are of the sample that ships."""

import importlib.util
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from safetensors.numpy import load_file

from pia_edge.bundle import Bundle

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs" / "sample-model"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    loader = SourceFileLoader("describe_sample", str(ROOT / "scripts" / "describe-sample"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_the_table_of_stages_is_the_one_that_is_generated(script: ModuleType) -> None:
    page = (DOCS / "README.md").read_text(encoding="utf-8")
    assert script.BEGIN + script.table(DOCS) + script.END in page


def test_every_stage_has_its_log(script: ModuleType) -> None:
    assert [stage for stage in script.STAGES if not (DOCS / f"{stage}.jsonl").is_file()] == []


def test_the_weights_shown_are_those_that_ship(sample_bundle: Bundle) -> None:
    weights = load_file(DOCS / "export" / "condition.safetensors")
    (weight,) = (values for values in weights.values() if values.ndim == 4)
    shipped = (sample_bundle.path / "condition.onnx_data").read_bytes()
    assert weight.astype(np.float16).tobytes() in shipped
