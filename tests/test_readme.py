"""What the README and the other guides say works as it stands there."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from pia_edge import read_recipe
from pia_edge.bundle import Bundle
from pia_edge.cli.main import pia_edge as command_line

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


GUIDES = {
    path.name: path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
}


def blocks(language: str, text: str = README) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_python_example_runs(sample_bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sample_bundle.manifest.name == "sample"
    (example,) = blocks("python")
    assert len(example.splitlines()) <= 6
    shutil.copyfile(ROOT / "docs" / "example.png", tmp_path / "photo.jpg")
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "README.md", "exec"), {})
    assert read_recipe("clip.webp").motion.loop


@pytest.mark.parametrize(("guide", "least"), [("README.md", 7), ("models.md", 4), ("motion.md", 3)])
def test_every_command_line_parses(guide: str, least: int) -> None:
    lines = [
        line for block in blocks("sh", GUIDES[guide]) for line in block.splitlines() if line.startswith("pia-edge ")
    ]
    assert len(lines) >= least
    for line in lines:
        name, *arguments = shlex.split(line, comments=True)[1:]
        command = command_line.commands[name]
        command.make_context(name, arguments)


def test_the_clips_shown_are_the_samples_and_as_their_commands_say(sample_bundle: Bundle) -> None:
    commands = re.findall(r"^pia-edge (animate docs/clips/.*)$", README, re.MULTILINE)
    assert len(commands) == 5
    for command in commands:
        name, *arguments = shlex.split(command)
        asked = command_line.commands[name].make_context(name, arguments).params
        clip = ROOT / "docs" / "clips" / str(asked["output"])
        assert f'src="{clip.relative_to(ROOT)}"' in README
        recipe = read_recipe(clip)
        assert recipe.bundle_sha256 == sample_bundle.sha256, "another sample ships now: run scripts/make-clips"
        assert recipe.picture_name == Path(str(asked["image"])).name
        assert (recipe.prompt, recipe.seed) == (asked["prompt"], asked["seed"])
        assert recipe.motion.level == asked["motion"]
        assert recipe.motion.loop == asked["loop"]


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)|src=\"([^\"]+)\"", README)
    local = [target for pair in links for target in pair if target and not target.startswith("https://")]
    assert len(local) >= 6
    assert [target for target in local if not (ROOT / target).exists()] == []
