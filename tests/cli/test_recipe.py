"""``pia-edge recipe``."""

import json
from pathlib import Path
from typing import Any

import pytest

from pia_edge.bundle import Bundle
from pia_edge.cli import main
from pia_edge.export.precision import Precision
from pia_edge.export.recipe import Group, Recipe, Storage
from pia_edge.export.recipe_file import make_recipe
from pia_edge.export.search import Choice
from pia_edge.export.trial import Quality

Capture = pytest.CaptureFixture[str]
FOUND = Choice(
    Recipe(precision=Precision.INT4, layers={"up_blocks.0.upsamplers.0.conv.weight": Storage.HALF}),
    612_340_000,
    36.04,
    Quality(35.21, 34.0, 0.998, 1.003),
    {Group.SPATIAL: {Storage.INT4: 20, Storage.HALF: 1}, Group.TEMPORAL: {Storage.INT4: 6}},
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Find ``FOUND`` without searching; returns what was asked for."""
    calls: list[Any] = []

    class Found:
        def __init__(self, reference: Bundle, **_: object) -> None:
            calls.append(reference.path)

        def within(self, num_bytes: int, floor: Storage) -> Choice:
            calls.append(("within", num_bytes, floor))
            return FOUND

        def reaching(self, psnr_db: float, floor: Storage) -> Choice:
            calls.append(("reaching", psnr_db, floor))
            return FOUND

    monkeypatch.setattr("pia_edge.export.search.Search", Found)
    return calls


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--size", "900MB"], ("within", 900_000_000, "int4")),
        (["--size", "1.2gb"], ("within", 1_200_000_000, "int4")),
        (["--size", "1.001 kB", "--floor", "int8"], ("within", 1001, "int8")),
        (["--psnr", "35"], ("reaching", 35.0, "int4")),
    ],
)
def test_goals(
    arguments: list[str], expected: tuple[str, float, str], asked: list[Any], tiny: Bundle, tmp_path: Path
) -> None:
    file = tmp_path / "recipe.json"
    assert main(["recipe", str(tiny.path), *arguments, "-o", str(file)]) == 0
    assert asked == [tiny.path, expected]
    assert make_recipe(None, file) == FOUND.recipe


@pytest.mark.usefixtures("asked")
def test_what_is_said(tiny: Bundle, tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "recipe.json"
    assert main(["recipe", str(tiny.path), "--psnr", "35", "-o", str(file)]) == 0
    captured = capsys.readouterr()
    assert captured.out == f"{file}\n"
    assert captured.err.splitlines() == [
        "spatial        1 half, 20 int4",
        "temporal       6 int4",
        "unet           35.2 dB, 34.0 dB on random numbers, prompt acts 0.998 times as much, flicker 1.003 times; "
        "36.0 dB were expected",
        "at most 612.34 MB, int4 but for 1 layers",
    ]
    assert main(["recipe", str(tiny.path), "--psnr", "35", "-o", str(file), "--overwrite", "--json"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert json.loads(captured.out) == {
        "path": str(file),
        "recipe": {"precision": "int4", "layers": {"up_blocks.0.upsamplers.0.conv.weight": "half"}},
        "bytes": 612_340_000,
        "predicted_db": 36.04,
        "quality": {"psnr_db": 35.21, "alone_db": 34.0, "cfg_delta_ratio": 0.998, "flicker_ratio": 1.003},
        "layers": {"spatial": {"int4": 20, "half": 1}, "temporal": {"int4": 6}},
    }


def test_an_older_file_is_kept(asked: list[Any], tiny: Bundle, tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "recipe.json"
    file.write_text("mine")
    assert main(["recipe", str(tiny.path), "--psnr", "35", "-o", str(file)]) == 7
    assert "exists already" in capsys.readouterr().err
    assert file.read_text() == "mine"
    assert asked == [], "known before any work is done"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Give one of them"),
        (["--size", "900MB", "--psnr", "35"], "Give one of them"),
        (["--size", "900"], "expected a size such as 900MB or 1.2GB, found '900'"),
        (["--size", "-3MB"], "expected a size such as"),
        (["--size", "nanMB"], "expected a size such as"),
        (["--size", "1e3MB"], "expected a size such as"),
        (["--size", "9" * 400 + "GB"], "expected a size such as"),
        (["--psnr", "good"], "good"),
        (["--psnr", "35", "--floor", "int2"], "int2"),
    ],
)
def test_wrong_usage(
    arguments: list[str], said: str, asked: list[Any], tiny: Bundle, tmp_path: Path, capsys: Capture
) -> None:
    assert main(["recipe", str(tiny.path), *arguments, "-o", str(tmp_path / "recipe.json")]) == 2
    assert said in capsys.readouterr().err
    assert asked == []
    assert list(tmp_path.iterdir()) == []


def test_a_missing_extra_says_how_to_install_it(
    tiny: Bundle, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert main(["recipe", str(tiny.path), "--psnr", "35", "-o", str(tmp_path / "recipe.json")]) == 2
    assert "pip install 'pia-edge[export]'" in capsys.readouterr().err


def test_a_recipe_for_export(tiny: Bundle, tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "recipe.json"
    assert main(["recipe", str(tiny.path), "--size", "3.14MB", "-o", str(file)]) == 0
    said = capsys.readouterr().err
    assert "measuring all layers: 8 of 8" in said
    assert "at most 3.14 MB, int4 but for" in said
    assert {"spatial", "temporal", "unet"} <= {line.split()[0] for line in said.splitlines()}
    recipe = make_recipe(None, file)
    assert recipe.precision is Precision.INT4
    assert recipe.layers


def test_a_goal_out_of_reach(tiny: Bundle, tmp_path: Path, capsys: Capture) -> None:
    assert main(["recipe", str(tiny.path), "--size", "1kB", "-o", str(tmp_path / "recipe.json"), "--json"]) == 2
    assert json.loads(capsys.readouterr().err)["name"] == "RequestError"
    assert list(tmp_path.iterdir()) == []
