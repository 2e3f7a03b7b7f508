"""``pia-edge animate``: what it writes where, and that every fault ends in one message and its exit code."""

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pia_edge import Picture, pipeline, read_recipe
from pia_edge.bundle import Bundle
from pia_edge.cli import main
from pia_edge.errors import NumericError, OutOfMemoryError

Capture = pytest.CaptureFixture[str]
Animate = Callable[..., int]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def animate(here: Path, tiny_onnx: Bundle, picture_file: Path) -> Animate:
    """Run ``animate`` with the fewest frames and steps; later options win."""
    assert here.is_dir()

    def run(*options: str | Path, image: str | Path = picture_file) -> int:
        quick = ["--frames", "2", "--steps", "1", "--backend", "cpu", "--bundle", str(tiny_onnx.path)]
        return main(["animate", str(image), "--prompt", "a cat", *quick, *map(str, options)])

    return run


def no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the work began")

    monkeypatch.setattr(pipeline.AnimationPipeline, "animate", refuse)


def assert_message(captured: Any, text: str) -> None:
    """One message on stderr, nothing on stdout, and no trace."""
    assert captured.out == ""
    assert text in captured.err
    assert "Traceback" not in captured.err
    assert "defect" not in captured.err


def test_stdout_is_the_path_and_stderr_the_rest(animate: Animate, here: Path, capsys: Capture) -> None:
    assert animate("--seed", "7", "-o", "clip.webp") == 0
    captured = capsys.readouterr()
    assert captured.out == "clip.webp\n"
    assert "animating: 1 of 1" in captured.err
    assert "2 frames, seed 7" in captured.err
    assert read_recipe(here / "clip.webp").seed == 7


def test_a_process_of_its_own_makes_the_same_clip(animate: Animate, here: Path, capsys: Capture) -> None:
    for name, options in (("here.gif", []), ("there.gif", ["--isolate"])):
        assert animate("--seed", "7", "--ping-pong", *options, "-o", name) == 0
        captured = capsys.readouterr()
        assert captured.out == f"{name}\n"
        assert "animating: 1 of 1" in captured.err
    assert (here / "here.gif").read_bytes() == (here / "there.gif").read_bytes()
    assert animate("--isolate", "-o", "there.gif") == 7
    assert "there.gif" in capsys.readouterr().err


def test_without_output_the_clip_has_the_pictures_name(animate: Animate, here: Path, capsys: Capture) -> None:
    assert animate() == 0
    assert capsys.readouterr().out == "picture.gif\n"
    assert [path.name for path in here.iterdir()] == ["picture.gif"]


def test_json_is_one_object_and_nothing_else(animate: Animate, here: Path, capsys: Capture) -> None:
    assert animate("--json", "--seed", str(2**63 - 1), "-o", "clip.gif") == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    result = json.loads(captured.out)
    assert result["seed"] == 2**63 - 1
    assert result["output"] == ["clip.gif"]
    assert result["seconds"] > 0
    assert result["peak_memory_bytes"] > 2**20
    assert result["recipe"]["prompt"] == "a cat"
    assert result["recipe"]["frames_sha256"] == read_recipe(here / "clip.gif").frames_sha256


@pytest.mark.parametrize("name", ["with space.gif", "köln 日本 🐈.gif", "100%#'1.apng", "a" * 250 + ".gif"])
def test_names_of_any_kind(name: str, animate: Animate, here: Path, picture_file: Path, capsys: Capture) -> None:
    image = here / f"in {name[:40]}"
    image.write_bytes(picture_file.read_bytes())
    assert animate("-o", name, image=image) == 0
    assert capsys.readouterr().out == f"{name}\n"
    assert read_recipe(here / name).picture_name == image.name


@pytest.mark.skipif(os.name == "nt", reason="Windows names are Unicode")
def test_a_name_that_is_not_unicode(animate: Animate, here: Path, picture_file: Path, capsys: Capture) -> None:
    image = os.fsdecode(b"caf\xe9.png")
    (here / image).write_bytes(picture_file.read_bytes())
    assert animate(image=image) == 0
    assert [path.suffix for path in here.iterdir() if path.name != image] == [".gif"]
    assert "Traceback" not in capsys.readouterr().err


def test_a_folder_gets_one_png_per_frame(animate: Animate, here: Path, capsys: Capture) -> None:
    assert animate("-o", "frames/") == 0
    assert capsys.readouterr().out.strip().rstrip("/") == "frames"
    assert sorted(path.name for path in (here / "frames").iterdir()) == ["0000.png", "0001.png"]
    assert main(["info", str(here / "frames")]) == 0


def test_affinity_states_the_motion(animate: Animate, here: Path) -> None:
    assert animate("--affinity", "1,0.25", "-o", "curve.gif") == 0
    assert read_recipe(here / "curve.gif").affinity == (1.0, 0.25)
    assert animate("--affinity", "1..0.5", "-o", "range.gif") == 0
    assert read_recipe(here / "range.gif").affinity == (1.0, 0.5)


def test_a_long_prompt_says_what_is_not_read(animate: Animate, capsys: Capture) -> None:
    assert animate("--prompt", "walking " * 12 + "sunset", "-o", "clip.gif") == 0
    assert "note: the prompt is too long: this end of it is not read: " in capsys.readouterr().err
    assert animate("--prompt", "walking " * 12 + "sunset", "-o", "other.gif", "--json") == 0
    assert "sunset" in json.loads(capsys.readouterr().out)["notes"][-1]


def test_an_existing_file_is_refused_before_any_work(
    animate: Animate, here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "clip.gif").write_text("mine")
    with monkeypatch.context() as patched:
        no_work(patched)
        assert animate("-o", "clip.gif") == 7
    assert_message(capsys.readouterr(), "exists already")
    assert (here / "clip.gif").read_text() == "mine"
    assert animate("-o", "clip.gif", "--overwrite") == 0
    assert read_recipe(here / "clip.gif").num_frames == 2


@pytest.mark.parametrize(
    ("options", "code", "text"),
    [
        (["--frames", "0"], 2, "num_frames: expected a whole number from 1"),
        (["--frames", "1025"], 2, "num_frames: expected a whole number from 1 to 1024"),
        (["--frames", "two"], 2, "'two' is not a valid integer"),
        (["--steps", "0"], 2, "num_inference_steps"),
        (["--seed", "-1"], 2, "seed: expected a whole number from 0"),
        (["--seed", str(2**63)], 2, "seed: expected a whole number from 0"),
        (["--size", "64"], 2, "expected a size such as 128x96"),
        (["--size", "63x64"], 2, "multiples of 8"),
        (["--size", "512x512", "--fit", "crop"], 2, "between 16 and 256 pixels"),
        (["--guidance-scale", "nan"], 2, "guidance_scale"),
        (["--fps", "0"], 2, "fps"),
        (["--fps", "100"], 2, "fps"),
        (["--motion", "huge"], 2, "'huge' is not one of"),
        (["--affinity", "1,x"], 2, "expected one number from 0 to 1 per frame"),
        (["--affinity", "2..0"], 2, "linear motion[0]: expected a number from 0 to 1"),
        (["--affinity", "1..0.5", "--loop"], 2, "leave out --motion, --loop"),
        (["--loop", "--style-transfer"], 2, "either a loop or a style transfer"),
        (["--condition-frame", "2"], 2, "condition_frame"),
        (["--prompt", "a" * 8193], 2, "at most 8192 characters"),
        (["-o", "clip.avi"], 2, "Expected a name that ends in"),
        (["-o", "no/such/clip.gif"], 7, "no such folder"),
        (["-o", "/dev/null/clip.gif"], 7, "not a folder"),
        (["--bundle", "nowhere"], 4, "expected a bundle"),
        (["--backend", "tpu"], 5, "Expected a backend out of auto"),
        (["--backend", "reference"], 5, "runs torch bundles, not onnx"),
        (["--device", "GPU"], 5, "runs on CPU only"),
        (["--no-such-option"], 2, "No such option"),
    ],
)
def test_each_kind_of_error_has_its_code_and_message(
    options: list[str], code: int, text: str, animate: Animate, here: Path, capsys: Capture
) -> None:
    assert animate(*options) == code
    assert_message(capsys.readouterr(), text)
    assert animate("--json", *options) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    report = json.loads(captured.err)
    assert report["code"] == code
    assert text in report["message"]
    assert list(here.iterdir()) == []


def test_pictures_that_are_none(animate: Animate, here: Path, capsys: Capture) -> None:
    (here / "page.png").write_text("<html>")
    (here / "empty.png").write_bytes(b"")
    (here / "folder").mkdir()
    Image.new("RGB", (4, 4)).save(here / "small.png")
    for name, text in (
        ("page.png", "picture"),
        ("empty.png", "is empty"),
        ("folder", "is a folder"),
        ("none.png", "No such file"),
        ("small.png", "too small"),
        ("", "is a folder"),
    ):
        assert animate("-o", "clip.gif", image=name) == 3, name
        assert_message(capsys.readouterr(), text)
    assert not (here / "clip.gif").exists()


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (NumericError("unet returned NaN"), 8, "unet returned NaN"),
        (OutOfMemoryError("too much"), 6, "too much"),
        (MemoryError(), 6, "fewer frames or a smaller size"),
        (KeyboardInterrupt(), 130, "nothing was written"),
    ],
)
def test_faults_while_working(
    error: BaseException, code: int, text: str, animate: Animate, here: Path,
    capsys: Capture, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(pipeline.AnimationPipeline, "animate", fail)
    assert animate() == code
    assert_message(capsys.readouterr(), text)
    assert list(here.iterdir()) == []


def test_a_defect_of_ours_is_one_message_and_the_trace_only_on_request(
    animate: Animate, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(pipeline.AnimationPipeline, "animate", fail)
    assert animate() == 1
    captured = capsys.readouterr()
    assert "ZeroDivisionError: oops" in captured.err
    assert "PIA_EDGE_LOG=debug" in captured.err
    assert "Traceback" not in captured.err
    monkeypatch.setenv("PIA_EDGE_LOG", "debug")
    assert animate() == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_disk_that_fills_up_keeps_the_older_clip(
    animate: Animate, here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "clip.gif").write_text("older")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert animate("-o", "clip.gif", "--overwrite") == 7
    assert_message(capsys.readouterr(), "The disk is full")
    assert (here / "clip.gif").read_text() == "older"
    assert [path.name for path in here.iterdir()] == ["clip.gif"]


def test_it_works_in_a_thread_too(animate: Animate, picture: Picture, here: Path) -> None:
    """Signals belong to the main thread; elsewhere the command runs without handling them."""
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(animate("-o", "clip.gif")))
    thread.start()
    thread.join()
    assert codes == [0]
    assert picture.path.stem == "picture"
    assert (here / "clip.gif").is_file()


def test_the_picture_itself_is_never_replaced(
    tiny_onnx: Bundle, picture_file: Path, tmp_path: Path, capsys: Capture
) -> None:
    still = tmp_path / "still.gif"
    with Image.open(picture_file) as opened:
        opened.save(still)
    before = still.read_bytes()
    arguments = ["animate", str(still), "-p", "a", "-o", str(still), "--overwrite", "--bundle", str(tiny_onnx.path)]
    assert main(arguments) == 7
    assert "is the picture itself" in capsys.readouterr().err
    assert still.read_bytes() == before


def test_a_dry_run_says_what_would_be_done_and_does_nothing(
    animate: Animate, here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_work(monkeypatch)
    assert animate("--dry-run", "-o", "clip.gif") == 0
    shown = capsys.readouterr().out
    assert "2 frames of" in shown
    assert "GB" in shown
    assert "the UNet stays loaded" in shown
    assert animate("--dry-run", "--json", "-o", "clip.gif") == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["frames"] == 2
    assert plan["backend"] == "cpu"
    assert max(plan["memory"].values()) == plan["peak_memory"]
    assert not (here / "clip.gif").exists()


def test_more_memory_than_is_allowed_is_refused_before_the_work(
    animate: Animate, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_work(monkeypatch)
    assert animate("--max-memory", "1MB") == OutOfMemoryError.exit_code
    assert_message(capsys.readouterr(), "0.001 GB are allowed")
    assert animate("--max-memory", "much") == 2
    assert_message(capsys.readouterr(), "expected a size such as 900MB")
