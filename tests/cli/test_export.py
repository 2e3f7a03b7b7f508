"""``pia-edge export`` and ``pia-edge parity``."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.bundle.store import Store
from pia_edge.cli import main
from pia_edge.export import TARGETS, Recipe

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def asked(tiny_openvino: Bundle, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Copy a finished bundle instead of exporting; returns what was asked for."""
    calls: list[dict[str, Any]] = []

    def copy(reference: Bundle, path: Path, *, target: Format, recipe: Recipe, **others: object) -> Bundle:
        calls.append({"reference": reference.path, "target": target, "recipe": recipe, **others})
        shutil.copytree(tiny_openvino.path, path)
        return Bundle.open(path)

    monkeypatch.setattr("pia_edge.export.export", copy)
    return calls


def test_into_a_folder(asked: list[dict[str, Any]], tiny: Bundle, tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / "out"
    assert main(["export", str(tiny.path), "--target", "openvino", "--precision", "int8", "-o", str(target)]) == 0
    captured = capsys.readouterr()
    assert captured.out == f"{target}\n"
    assert "unet" in captured.err
    assert "4 steps" in captured.err
    (call,) = asked
    assert (call["reference"], call["target"], call["recipe"].precision) == (tiny.path, "openvino", "int8")


def test_among_the_users_bundles(
    asked: list[dict[str, Any]], tiny: Bundle, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIA_EDGE_HOME", str(tmp_path))
    assert main(["export", str(tiny.path), "--target", "openvino", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["path"] == str(Store.open().path("tiny-openvino-fp16"))
    assert result["parity"]["unet"]["psnr_db"] > 100
    assert result["run_parity"]["steps"] == 4
    assert list((tmp_path / "exports").iterdir()) == []
    assert main(["export", str(tiny.path), "--target", "openvino"]) == 7
    assert "has a bundle 'tiny-openvino-fp16' already" in capsys.readouterr().err
    assert len(asked) == 1, "known before any work is done"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], []),
        (["--dynamic"], []),
        (["--size", "64x48"], [(16, 64, 48)]),
        (["--frames", "8"], [(8, 64, 64)]),
        (
            ["--size", "64x48", "--size", "32x64", "--frames", "8", "--frames", "4"],
            [(8, 64, 48), (4, 64, 48), (8, 32, 64), (4, 32, 64)],
        ),
    ],
)
def test_sizes(
    arguments: list[str],
    expected: list[tuple[int, int, int]],
    asked: list[dict[str, Any]],
    tiny: Bundle,
    tmp_path: Path,
) -> None:
    """Every size with every number of frames; what is left open is what the bundle was trained for."""
    assert main(["export", str(tiny.path), "--target", "onnx", "-o", str(tmp_path / "out"), *arguments]) == 0
    assert [(clip.frames, clip.width, clip.height) for clip in asked[0]["clips"]] == expected


def test_a_recipe(asked: list[dict[str, Any]], tiny: Bundle, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.json"
    recipe.write_text('{"precision": "int4", "layers": {"up_blocks.3.": "int8"}}')
    arguments = ["export", str(tiny.path), "--target", "onnx", "--recipe", str(recipe), "-o", str(tmp_path / "out")]
    assert main(arguments) == 0
    assert asked[0]["recipe"].layers == {"up_blocks.3.": "int8"}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--target", "coral"], 2, "coral"),
        (["--target", "onnx", "--precision", "fp8"], 2, "fp8"),
        ([], 2, "--target"),
        (
            ["--target", "onnx", "--precision", "palette6"],
            2,
            "onnx: expected weights stored as exact, half, int4, int8",
        ),
        (["--target", "coreml", "--dynamic"], 2, "which Core ML cannot"),
        (["--target", "onnx", "--dynamic", "--size", "64x64"], 2, "Leave out one"),
        (
            ["--target", "onnx", "--size", "64x64", "--size", "32x32"],
            2,
            "onnx: expected one size, or none for all sizes, found 2",
        ),
        (["--target", "onnx", "--piece-size", "1GB"], 2, "onnx: expected no size of pieces"),
        (["--target", "coreml", "--piece-size", "1"], 2, "expected a size such as 900MB or 1.2GB, found '1'"),
        (["--target", "coreml", "--size", "63x64"], 2, "multiples of 8, found 16 frames of 63x64"),
        (["--target", "onnx", "-o", "a", "--name", "b"], 2, "Give one of them"),
        (["--target", "onnx", "--recipe", "missing.json"], 2, "No such file"),
    ],
)
def test_wrong_usage(arguments: list[str], code: int, said: str, tiny: Bundle, capsys: Capture) -> None:
    assert main(["export", str(tiny.path), *arguments]) == code
    assert said in capsys.readouterr().err


def test_only_reference_bundles(tiny_onnx: Bundle, tmp_path: Path, capsys: Capture) -> None:
    assert main(["export", str(tiny_onnx.path), "--target", "onnx", "-o", str(tmp_path / "out")]) == 4
    assert "expected a reference bundle, found format onnx" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_targets_and_precisions_are_those_of_the_room_of_export() -> None:
    from pia_edge.cli import exporting as command
    from pia_edge.export import Precision

    assert set(command._TARGETS) == set(TARGETS)
    assert set(command._PRECISIONS) == set(Precision)


def test_parity(tiny_onnx: Bundle, tiny_openvino: Bundle, capsys: Capture) -> None:
    assert main(["parity", str(tiny_openvino.path), str(tiny_onnx.path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [
        "text_encoder",
        "vae_encoder",
        "vae_decoder",
        "condition",
        "unet",
        "4",
    ]
    assert "prompt acts 1.000 times as much" in lines[-1]


def test_a_missing_extra_says_how_to_install_it(
    tiny: Bundle, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert main(["export", str(tiny.path), "--target", "onnx", "-o", str(tmp_path / "out")]) == 2
    assert "pip install 'pia-edge[export]'" in capsys.readouterr().err
