"""docs/parity.md is what the reports of exports say, and no report is below what its precision must reach."""

import importlib.util
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from pia_edge.export.precision import THRESHOLDS, Precision

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("export_benchmark", ROOT / "benchmarks" / "export.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_made_from_the_reports(benchmark: ModuleType) -> None:
    assert benchmark.TABLE.read_text(encoding="utf-8") == benchmark.table()


def test_every_report_is_above_its_threshold(benchmark: ModuleType) -> None:
    paths = sorted(benchmark.REPORTS.glob("*.json"))
    assert paths
    for path in paths:
        report = msgspec.json.decode(path.read_bytes(), type=benchmark.Report)
        threshold = THRESHOLDS[Precision(report.precision)]
        assert min(each.psnr_db for each in report.parity.values()) >= threshold.minimum_db, path.name
        assert report.run.psnr_db >= threshold.run_db, path.name
