"""``pia-edge info`` and ``pia-edge replay``."""

import json
import shutil
from pathlib import Path

import msgspec
import pytest

from pia_edge import read_recipe
from pia_edge.bundle import MANIFEST, Bundle, write_manifest
from pia_edge.cli import main
from pia_edge.errors import RequestError

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def clip(tmp_path: Path, tiny_onnx: Bundle, picture_file: Path, capsys: Capture) -> Path:
    """A clip beside its picture."""
    shutil.copy(picture_file, tmp_path / "picture.png")
    path = tmp_path / "clip.gif"
    options = ["--frames", "2", "--steps", "2", "--seed", "5", "--backend", "cpu", "--bundle", str(tiny_onnx.path)]
    assert main(["animate", str(tmp_path / "picture.png"), "--prompt", "a cat 🐈", *options, "-o", str(path)]) == 0
    capsys.readouterr()
    return path


def test_info_shows_the_recipe(clip: Path, capsys: Capture) -> None:
    assert main(["info", str(clip)]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    lines = dict(line.split(":", 1) for line in captured.out.splitlines())
    assert lines["prompt"].strip() == "a cat 🐈"
    assert lines["seed"].strip() == "5"


def test_info_as_json_is_the_recipe(clip: Path, capsys: Capture) -> None:
    assert main(["info", str(clip), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(read_recipe(clip).to_json())


@pytest.mark.parametrize("command", ["info", "replay"])
@pytest.mark.parametrize("name", ["picture.png", "none.gif", "."])
def test_a_file_without_a_recipe(command: str, name: str, clip: Path, capsys: Capture) -> None:
    target = str(clip.parent / name)
    if name == ".":
        (clip.parent / "empty").mkdir()
        target = str(clip.parent / "empty")
    assert main([command, target]) == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("pia-edge: ")
    assert "Traceback" not in captured.err


def test_replay_walks_with_the_scheduler_of_the_clip(clip: Path, tiny_onnx: Bundle, capsys: Capture) -> None:
    picture, other = clip.with_name("picture.png"), clip.with_name("other.webp")
    chosen = ["--scheduler", "euler_ancestral", "--steps", "2", "--seed", "5", "-o", str(other)]
    bundle = ["--bundle", str(tiny_onnx.path)]
    assert main(["animate", str(picture), "--prompt", "a cat", "--frames", "3", *chosen, *bundle]) == 0
    assert main(["replay", str(other), *bundle]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "identical: every pixel of every frame"


def test_a_scheduler_of_a_later_version_is_named(clip: Path) -> None:
    recipe = msgspec.structs.replace(read_recipe(clip), scheduler="teleport")
    with pytest.raises(RequestError, match=r"scheduler: expected one of ddim, .*found 'teleport'"):
        recipe.request()


def test_replay_makes_the_same_clip(clip: Path, tiny_onnx: Bundle, capsys: Capture) -> None:
    again = clip.with_name("again.gif")
    assert main(["replay", str(clip), "--bundle", str(tiny_onnx.path), "-o", str(again)]) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [str(again), "identical: every pixel of every frame"]
    assert again.read_bytes() == clip.read_bytes()


def test_replay_refuses_an_existing_output_before_any_work(clip: Path, tiny_onnx: Bundle, capsys: Capture) -> None:
    assert main(["replay", str(clip), "--bundle", str(tiny_onnx.path), "-o", str(clip)]) == 7
    captured = capsys.readouterr()
    assert "exists already" in captured.err
    assert "animating" not in captured.err


def test_replay_without_the_picture(clip: Path, tiny_onnx: Bundle, picture_file: Path, capsys: Capture) -> None:
    (clip.parent / "picture.png").unlink()
    assert main(["replay", str(clip), "--bundle", str(tiny_onnx.path)]) == 3
    assert "Name it with --image" in capsys.readouterr().err
    assert main(["replay", str(clip), "--bundle", str(tiny_onnx.path), "--image", str(picture_file)]) == 0


def test_replay_on_another_backend_or_bundle_says_what_differs(
    clip: Path, tiny_onnx: Bundle, tmp_path: Path, capsys: Capture
) -> None:
    other = tmp_path / "other"
    shutil.copytree(tiny_onnx.path, other)
    (other / MANIFEST).unlink()
    vae = msgspec.structs.replace(tiny_onnx.manifest.vae, scaling_factor=0.2)
    write_manifest(other, msgspec.structs.replace(tiny_onnx.manifest, name="other", vae=vae))
    assert main(["replay", str(clip), "--bundle", str(other), "--backend", "intel"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "different"
    assert [line.split(":")[0].strip() for line in lines[1:]] == ["bundle", "backend", "onnxruntime", "openvino"]
    assert "tiny" in lines[1]
    assert "cpu CPU then, intel CPU now" in lines[2]


def test_replay_with_another_picture_says_so(clip: Path, tiny_onnx: Bundle, tmp_path: Path, capsys: Capture) -> None:
    assert main(["replay", str(clip), "--bundle", str(tiny_onnx.path), "--image", str(clip)]) == 1
    out = capsys.readouterr().out
    assert out.startswith("different\n  picture: ")
    assert "bundle" not in out
    assert tmp_path.is_dir()


def test_a_recipe_of_a_backend_that_is_not_here(clip: Path, tiny_onnx: Bundle, capsys: Capture) -> None:
    assert main(["replay", str(clip), "--bundle", str(tiny_onnx.path), "--backend", "vulkan"]) == 5
    assert "Expected a backend out of" in capsys.readouterr().err
