"""``pia-edge evaluate``."""

import json
from pathlib import Path

import pytest
from PIL import Image

from pia_edge.cli import main
from tests.evaluation.examples import save, sliding, write_tiny_clip

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A set of two clips with their picture, and a file that is none."""
    made = tmp_path / "sea"
    made.mkdir()
    frames = sliding(5, 2.0, -1.0, height=48, width=64)
    Image.fromarray(frames[0]).save(made / "picture.png")
    for name in ("a.webp", "b.apng"):
        save(frames, made / name, prompt=f"waves of {name}")
    (made / "broken.gif").write_bytes(b"GIF89a")
    return made


def test_the_folder_and_the_table(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    output = tmp_path / "figures"
    assert main(["evaluate", "--set", str(folder), "-o", str(output)]) == 0
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert "note: broken.gif is skipped: No recipe found in broken.gif." in captured.err
    assert "measuring clips: 2 of 2" in captured.err.splitlines()
    assert lines[0] == "2 clips, 1 skipped. Without CLIP"
    assert [line.split()[0] for line in lines[2:6]] == ["Clip", "a.webp", "b.apng", "Mean"]
    assert lines[6:] == ["", str(output)]
    assert sorted(path.name for path in output.iterdir()) == ["contact-sheet.png", "evaluation.json"]
    with Image.open(output / "contact-sheet.png") as sheet:
        assert sheet.width > 1000


def test_json_is_the_file(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    clip = write_tiny_clip(tmp_path / "tiny-clip")
    output = tmp_path / "figures"
    assert main(["evaluate", "--set", str(folder), "--clip", str(clip), "-o", str(output), "--json"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    printed = json.loads(captured.out)
    assert printed == json.loads((output / "evaluation.json").read_text())
    assert printed["backbone"]["folder"] == "tiny-clip"
    assert [each["file"] for each in printed["skipped"]] == ["broken.gif"]
    assert -1 <= printed["mean"]["alignment"]["text_all_frames"]["cosine"] <= 1


def test_an_older_evaluation_is_kept(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    output = tmp_path / "figures"
    arguments = ["evaluate", "--set", str(folder), "-o", str(output)]
    assert main(arguments) == 0
    before = (output / "evaluation.json").read_bytes()
    (output / "contact-sheet-2.png").write_bytes(b"of an older, larger set")
    assert main(arguments) == 7
    assert "is not empty" in capsys.readouterr().err
    assert main([*arguments, "--overwrite"]) == 0
    assert sorted(path.name for path in output.iterdir()) == ["contact-sheet.png", "evaluation.json"]
    assert (output / "evaluation.json").read_bytes() == before


def test_other_files_are_never_replaced(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "thesis.txt").write_text("mine")
    assert main(["evaluate", "--set", str(folder), "-o", str(tmp_path / "figures"), "--overwrite"]) == 7
    assert "thesis.txt" in capsys.readouterr().err
    assert (tmp_path / "figures" / "thesis.txt").read_text() == "mine"


def test_an_evaluation_inside_of_its_set_is_not_of_the_set(folder: Path, capsys: Capture) -> None:
    arguments = ["evaluate", "--set", str(folder), "-o", str(folder / "figures"), "--overwrite", "--json"]
    assert main(arguments) == 0
    assert main(arguments) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == second


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ({}, 3, "expected GIF, WebP, APNG or MP4 files or folders of numbered PNGs, found none"),
        ({"a.gif": "GIF89a", "b.mp4": ""}, 3, "expected clips that can be evaluated, found none.\n  a.gif: No recipe"),
        ({"set.json": "{}"}, 2, "set.json: expected"),
    ],
)
def test_nothing_to_evaluate(content: dict[str, str], code: int, said: str, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "set").mkdir()
    for name, text in content.items():
        (tmp_path / "set" / name).write_text(text)
    assert main(["evaluate", "--set", str(tmp_path / "set"), "-o", str(tmp_path / "figures")]) == code
    captured = capsys.readouterr()
    assert said in captured.err
    assert "Traceback" not in captured.err
    assert not (tmp_path / "figures").exists()


def test_a_wrong_clip(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    arguments = ["evaluate", "--set", str(folder), "--clip", str(tmp_path), "-o", str(tmp_path / "figures"), "--json"]
    assert main(arguments) == 4
    assert json.loads(capsys.readouterr().err)["name"] == "ModelError"


def test_a_missing_extra_says_how_to_install_it(
    folder: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    output = str(tmp_path / "figures")
    assert main(["evaluate", "--set", str(folder), "--clip", str(tmp_path), "-o", output]) == 2
    assert "pip install 'pia-edge[export]'" in capsys.readouterr().err
    assert main(["evaluate", "--set", str(folder), "-o", output]) == 0, "without CLIP nothing more is needed"
