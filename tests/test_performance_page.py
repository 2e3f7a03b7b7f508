"""docs/performance.md shows what was measured, and what is said of memory is near what clips took."""

import json
import runpy
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CLIPS = json.loads((ROOT / "benchmarks" / "results" / "memory.json").read_text())


def test_the_page_is_generated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT / "benchmarks"), *sys.path])
    page = runpy.run_path(str(ROOT / "benchmarks" / "performance.py"))["page"]
    assert page() == (ROOT / "docs" / "performance.md").read_text()


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: f"{clip['bundle']}-{clip['backend']}-{clip['size']}")
def test_what_is_said_of_memory_is_within_a_fifth(clip: dict[str, float]) -> None:
    assert abs(clip["said"] / clip["taken"] - 1) <= 0.2


def test_at_least_twelve_clips_were_measured() -> None:
    assert len(CLIPS) >= 12
