"""What the options of motion stand for, alone and in a whole clip."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import click
import numpy as np
import pytest
from PIL import Image

from pia_edge import read_recipe
from pia_edge.bundle import Bundle
from pia_edge.cli import main
from pia_edge.cli.motion import affinity_option, motion_option, prompts_option
from pia_edge.errors import RequestError
from pia_edge.motion import Level, Motion
from pia_edge.preset import Preset

Capture = pytest.CaptureFixture[str]
Animate = Callable[..., int]


@pytest.mark.parametrize(
    ("text", "motion"),
    [
        ("1,0.9,0.8", Motion(curve=(1, 0.9, 0.8))),
        ("0.5", Motion(curve=(0.5,))),
        ("1..0.5", Motion(linear=(1, 0.5))),
        ("0:1,8:0.5,15:1", Motion(keyframes=((0, 1.0), (8, 0.5), (15, 1.0)))),
        ("50%:0.5", Motion(keyframes=(("50%", 0.5),))),
        ("[1, 0.9, 0.8]", Motion(curve=(1, 0.9, 0.8))),
        ('[[0, 1], ["100%", 0]]', Motion(keyframes=((0, 1.0), ("100%", 0.0)))),
        ('{"0": 1, "50%": 0.5}', Motion(keyframes=((0, 1.0), ("50%", 0.5)))),
    ],
)
def test_every_form_of_a_curve(text: str, motion: Motion, tmp_path: Path) -> None:
    assert affinity_option(text) == motion
    if text.startswith(("[", "{")):
        (tmp_path / "curve.json").write_text(text)
        assert affinity_option(str(tmp_path / "curve.json")) == motion


@pytest.mark.parametrize("text", ["", "x", "1,x", "..", "1..", "nan", "inf,1", "1;0"])
def test_no_curve(text: str) -> None:
    with pytest.raises(click.BadParameter, match="expected one number from 0 to 1 per frame"):
        affinity_option(text)


@pytest.mark.parametrize("text", ["[1,", "{", "[]", "[2]", "{}", "0:", "nowhere.json", "[" * 5000])
def test_no_curve_in_json(text: str) -> None:
    with pytest.raises(RequestError, match=r"expected|Could not read") as refused:
        affinity_option(text)
    assert "\n" not in str(refused.value)


def test_one_option_states_the_motion() -> None:
    preset = Preset(motion=Motion(level=Level.LARGE))
    assert motion_option(None, False, False, None, None, None) == Motion()
    assert motion_option("small", True, False, None, None, None) == Motion(level=Level.SMALL, loop=True)
    assert motion_option(None, False, False, None, None, preset) == preset.motion
    assert motion_option(None, False, False, None, Path("a.gif"), None) == Motion()
    for options in (
        ("small", False, False, "1..0", None, None),
        (None, True, False, None, Path("a.gif"), None),
        (None, False, True, None, None, preset),
        (None, False, False, "1..0", None, preset),
    ):
        with pytest.raises(click.UsageError, match="leave out --motion, --loop and --style-transfer"):
            motion_option(*options)


def test_prompts_and_where_they_act() -> None:
    assert prompts_option(("8:night falls", "50%: at 10:30")) == ((8, "night falls"), ("50%", "at 10:30"))
    for text in ("night", "x:night", "-1:night"):
        with pytest.raises(RequestError, match="expected a frame"):
            prompts_option((text,))


@pytest.fixture
def animate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny_onnx: Bundle, picture_file: Path) -> Animate:
    monkeypatch.chdir(tmp_path)
    shutil.copy(picture_file, "picture.png")
    Image.fromarray(np.random.default_rng(9).integers(0, 256, (24, 32, 3), dtype=np.uint8)).save("last.png")

    def run(*options: str) -> int:
        quick = ["--frames", "4", "--steps", "1", "--backend", "cpu", "--seed", "3", "--bundle", str(tiny_onnx.path)]
        return main(["animate", "picture.png", "--prompt", "a cat", *quick, *options])

    return run


@pytest.mark.parametrize(
    "options",
    [
        ["--frames", "6", "--window", "4", "--overlap", "2"],
        ["--frames", "40"],
        ["--loop"],
        ["--loop", "--window", "4"],
        ["--prompt-at", "2:a dog", "--prompt-at", "100%:a bird"],
        ["--last-picture", "last.png", "--motion", "large"],
        ["--last-picture", "last.png", "--frames", "6", "--window", "4", "--prompt-at", "50%:a dog"],
        ["--affinity", "0:1,50%:0.25,100%:1"],
    ],
)
def test_every_motion_is_replayed(options: list[str], animate: Animate, tiny_onnx: Bundle, capsys: Capture) -> None:
    assert animate(*options, "-o", "clip.webp") == 0
    capsys.readouterr()
    assert main(["replay", "clip.webp", "--bundle", str(tiny_onnx.path), "-o", "again.webp"]) == 0
    assert capsys.readouterr().out.splitlines() == ["again.webp", "identical: every pixel of every frame"]
    assert Path("clip.webp").read_bytes() == Path("again.webp").read_bytes()


def test_a_copied_motion_needs_its_clip_no_more(animate: Animate, tiny_onnx: Bundle, capsys: Capture) -> None:
    assert animate("--frames", "8", "--motion", "large", "-o", "driving.gif") == 0
    assert animate("--motion-from", "driving.gif", "-o", "copy.webp") == 0
    recipe = read_recipe("copy.webp")
    assert recipe.motion.copied_from is not None
    assert recipe.motion.copied_from.name == "driving.gif"
    assert recipe.affinity[0] == 1
    assert len(recipe.affinity) == 4
    Path("driving.gif").unlink()
    capsys.readouterr()
    assert main(["replay", "copy.webp", "--bundle", str(tiny_onnx.path)]) == 0
    assert "identical" in capsys.readouterr().out


def test_a_copied_motion_in_a_process_of_its_own(animate: Animate) -> None:
    assert animate("--frames", "8", "--motion", "large", "-o", "driving.gif") == 0
    both = ["--motion-from", "driving.gif", "--last-picture", "last.png"]
    assert animate(*both, "-o", "here.webp") == 0
    assert animate(*both, "--isolate", "-o", "there.webp") == 0
    assert Path("here.webp").read_bytes() == Path("there.webp").read_bytes()


def test_a_preset_from_a_clip(animate: Animate, capsys: Capture) -> None:
    assert animate("--affinity", "1,0.5,0.25,1", "--fps", "5", "--guidance-scale", "2", "-o", "first.webp") == 0
    capsys.readouterr()
    assert main(["info", "first.webp", "--json"]) == 0
    Path("wave.json").write_text(capsys.readouterr().out)
    assert animate("--preset", "wave.json", "-o", "second.webp") == 0
    assert Path("first.webp").read_bytes() == Path("second.webp").read_bytes()
    assert animate("--preset", "wave.json", "--fps", "9", "-o", "third.webp") == 0
    assert (read_recipe("third.webp").fps, read_recipe("third.webp").guidance_scale) == (9, 2)


def test_a_loop_shows_no_frame_twice(animate: Animate) -> None:
    for options, shown in ((["--loop"], 3), (["--loop", "--window", "4"], 4), (["--loop", "--ping-pong"], 6)):
        assert animate(*options, "-o", "clip.webp", "--overwrite") == 0
        with Image.open("clip.webp") as clip:
            assert clip.n_frames == shown  # type: ignore[attr-defined]
        recipe = read_recipe("clip.webp")
        assert recipe.num_frames == 4
        assert recipe.without_last == (shown == 3)


def test_a_dry_run_knows_windows_and_prompts(animate: Animate, capsys: Capture) -> None:
    assert animate("--frames", "40", "--prompt-at", "39:a dog", "--dry-run", "-o", "clip.gif") == 0
    out = capsys.readouterr().out
    assert "40 frames of 32x24 in 3 windows of 16" in out
    assert "times through the UNet, each for one prompt and one window" in out
    assert animate("--frames", "40", "--loop", "--dry-run", "--json", "-o", "clip.gif") == 0
    plan = json.loads(capsys.readouterr().out)
    assert (plan["window"], plan["windows"], plan["prompts"], plan["unet_calls"]) == (16, 4, 1, 8)
    shorter = plan["memory"]["denoise"]
    assert animate("--frames", "32", "--window", "32", "--dry-run", "--json", "-o", "clip.gif") == 0
    assert json.loads(capsys.readouterr().out)["memory"]["denoise"] > shorter


@pytest.mark.parametrize(
    ("options", "code", "text"),
    [
        (["--frames", "40", "--window", "33"], 2, "window: expected 2 to 32 frames"),
        (["--window", "4", "--overlap", "4"], 2, "overlap: expected fewer frames"),
        (["--affinity", "0:1,9:0.5"], 2, "expected frames of the clip, 0 to 3, found 9"),
        (["--affinity", "nowhere.json"], 2, "Could not read nowhere.json"),
        (["--preset", "nowhere.json"], 2, "Could not read nowhere.json"),
        (["--preset", "picture.png"], 2, "expected a preset or a recipe in JSON"),
        (["--motion-from", "nowhere.gif"], 3, "nowhere.gif: could not be read"),
        (["--motion-from", "picture.png", "--loop"], 2, "--motion-from states the motion itself"),
        (["--prompt-at", "night"], 2, "expected a frame, a colon and a prompt"),
        (["--prompt-at", "4:night"], 2, "found 4"),
        (["--last-picture", "nowhere.png"], 3, "No such file"),
        (["--last-picture", "last.png", "--loop"], 2, "is no loop"),
        (["--last-picture", "last.png", "--condition-frame", "3"], 2, "a frame before the last"),
        (["--last-picture", "last.png", "-o", "last.png"], 2, "Name it .apng"),
    ],
)
def test_each_fault_is_one_message(options: list[str], code: int, text: str, animate: Animate, capsys: Capture) -> None:
    assert animate(*options) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert text in captured.err
    assert "Traceback" not in captured.err


def test_frames_in_between_are_made_again(animate: Animate, tiny_onnx: Bundle, capsys: Capture) -> None:
    pytest.importorskip("av")
    size = ("--size", "64x48", "--fit", "crop")
    for options, shown in (([], 10), (["--loop"], 9), (["--ping-pong"], 18)):
        assert animate(*size, "--interpolate", "3", *options, "-o", "clip.webp", "--overwrite") == 0
        with Image.open("clip.webp") as clip:
            assert clip.n_frames == shown  # type: ignore[attr-defined]
        again = ["--bundle", str(tiny_onnx.path), "-o", "again.webp", "--overwrite"]
        assert main(["replay", "clip.webp", *again]) == 0
        assert Path("again.webp").read_bytes() == Path("clip.webp").read_bytes()
    capsys.readouterr()
    assert animate("--interpolate", "3", "-o", "small.webp") == 2
    assert "expected a clip of at least 32 pixels on each side, found 32x24" in capsys.readouterr().err
