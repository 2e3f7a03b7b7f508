"""Presets: read from JSON, written by hand or from a clip, and refused in one sentence."""

from pathlib import Path

import pytest

from pia_edge.errors import RequestError
from pia_edge.motion import Level, Motion
from pia_edge.preset import Preset, read_preset
from tests.clip.examples import make_recipe


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_preset_by_hand(tmp_path: Path) -> None:
    text = '{"motion": {"level": "large", "loop": true}, "fps": 12, "guidance_scale": 6.5}'
    expected = Preset(motion=Motion(level=Level.LARGE, loop=True), fps=12, guidance_scale=6.5)
    assert read_preset(written(tmp_path / "preset.json", text)) == expected
    text = '{"motion": {"keyframes": [[0, 1], ["50%", 0.5]]}}'
    expected = Preset(motion=Motion(keyframes=((0, 1.0), ("50%", 0.5))))
    assert read_preset(written(tmp_path / "preset.json", text)) == expected


def test_a_recipe_is_a_preset(tmp_path: Path) -> None:
    recipe = make_recipe()
    preset = read_preset(written(tmp_path / "recipe.json", recipe.to_json()))
    assert preset == Preset(motion=recipe.motion, fps=recipe.fps, guidance_scale=recipe.guidance_scale)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        "null",
        '{"motion": 5}',
        '{"motion": {"level": "huge"}}',
        '{"motion": {"curve": [2]}}',
        '{"motion": {"keyframes": [[0]]}}',
        '{"motion": {"speed": 1}}',
        '{"motion": {}, "sede": 1}',
        '{"motion": {}, "fps": 0}',
        '{"motion": {}, "guidance_scale": 1000}',
        '{"motion": {}, "guidance_scale": "7"}',
        '{"format": "pia-edge recipe"}',
        '{"format": "pia-edge recipe", "schema_version": 99}',
        "[" * 100_000,
    ],
)
def test_other_files_are_refused_in_one_sentence(text: str, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="expected a preset or a recipe in JSON") as refused:
        read_preset(written(tmp_path / "preset.json", text))
    assert "\n" not in str(refused.value)


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="Could not read"):
        read_preset(tmp_path / "nowhere.json")
    with pytest.raises(RequestError, match="Could not read"):
        read_preset(tmp_path)
    with pytest.raises(RequestError, match="at most 1048576 bytes"):
        read_preset(written(tmp_path / "large.json", " " * 2**21))
