"""``pia-edge bench``."""

import json

import pytest

from pia_edge.bundle import Bundle
from pia_edge.cli import main
from pia_edge.modules import MODULES
from pia_edge.runtimes.timing import clip_seconds, time_modules
from tests.injection import InjectedBackend, unchanged

Capture = pytest.CaptureFixture[str]


def test_the_result_as_json(tiny_onnx: Bundle, capsys: Capture) -> None:
    options = ["--backend", "cpu", "--frames", "3", "--size", "64x48", "--runs", "2", "--json"]
    assert main(["bench", str(tiny_onnx.path), *options]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["clip"] == {"frames": 3, "width": 64, "height": 48}
    assert [each["module"] for each in result["modules"]] == [
        "text_encoder",
        "vae_encoder",
        "condition",
        "unet",
        "vae_decoder",
    ]
    for each in result["modules"]:
        assert 0 < each["fastest"] <= each["run"]
        assert each["device"] == "CPU"
    by_module = {each["module"]: each for each in result["modules"]}
    others = sum(each["first"] for each in result["modules"])
    expected = others + (result["steps"] - 1) * by_module["unet"]["run"] + 2 * by_module["vae_decoder"]["run"]
    assert result["clip_seconds"] == pytest.approx(expected)


def test_the_result_as_text(tiny_onnx: Bundle, capsys: Capture) -> None:
    assert main(["bench", str(tiny_onnx.path), "--runs", "1", "--frames", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[3] == "tiny (onnx) on intel"
    assert [line.split()[0] for line in lines[5:10]] == [
        "text_encoder",
        "vae_encoder",
        "condition",
        "unet",
        "vae_decoder",
    ]
    assert lines[-1].startswith("a clip of ")


def test_every_run_that_is_asked_for(tiny: Bundle, tiny_onnx: Bundle) -> None:
    from pia_edge.runtimes.cpu import Cpu
    from pia_edge.runtimes.example_run import usual_clip

    assert tiny.manifest.name == tiny_onnx.manifest.name
    backend = InjectedBackend(Cpu(), unchanged)
    timed = time_modules(tiny_onnx, backend, None, usual_clip(tiny_onnx, frames=2, edge=64), runs=3)
    assert len(backend.calls) == 4 * len(MODULES)
    assert clip_seconds(timed, steps=1, frames=1) == pytest.approx(sum(each.first for each in timed))


@pytest.mark.parametrize("options", [["--size", "65x64"], ["--size", "8x8"], ["--frames", "1000"]])
def test_clips_that_the_bundle_does_not_take(options: list[str], tiny_onnx: Bundle, capsys: Capture) -> None:
    assert main(["bench", str(tiny_onnx.path), *options]) == 2
    assert "Expected sides of" in capsys.readouterr().err


def test_fixed_sizes(tiny_coreml: Bundle, capsys: Capture) -> None:
    assert main(["bench", str(tiny_coreml.path), "--frames", "7"]) == 5
    assert "Core ML is part of macOS" in capsys.readouterr().err
