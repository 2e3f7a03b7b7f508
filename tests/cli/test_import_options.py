"""``pia-edge import``: how its options are read, and what it asks the importer for."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

import pia_edge.importer
from pia_edge.cancel import CancelToken
from pia_edge.cli import main
from pia_edge.cli.options import path_and_scale, path_and_word
from pia_edge.importer import ImportRequest, LoraScaling, NamedPath, Precision, ScaledPath
from pia_edge.nn.config import NormMode
from pia_edge.nn.weights import ConvIn


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


class AskedError(Exception):
    """Raised in place of an import."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the importer is asked for: the request, then the folder, then everything else."""
    seen: list[Any] = []

    def note(request: ImportRequest, path: Path | None, **others: Any) -> None:
        seen.extend([request, path, others])
        raise AskedError

    monkeypatch.setattr(pia_edge.importer, "import_bundle", note)
    return seen


def test_every_option_reaches_the_importer(here: Path, asked: list[Any]) -> None:
    texts = (
        "--base a.safetensors --pia p.ckpt --vae v.pt --text-encoder t --tokenizer k --lora l.safetensors:0.8 "
        "--lora b.safetensors --motion-lora zoom.ckpt:-1.5 --embedding e.pt:<cat> --embedding f.pt --conv-in pia "
        "--lora-scaling original --norm-mode diffusers --precision fp32 --name both "
        "-o out/made --overwrite --allow-pickle"
    )
    assert main(["import", *texts.split()]) == 1
    request, path, others = asked
    assert request == ImportRequest(
        base=Path("a.safetensors"),
        pia=Path("p.ckpt"),
        vae=Path("v.pt"),
        text_encoder=Path("t"),
        tokenizer=Path("k"),
        loras=(
            ScaledPath(Path("l.safetensors"), 0.8),
            ScaledPath(Path("b.safetensors"), 1.0),
            ScaledPath(Path("zoom.ckpt"), -1.5),
        ),
        embeddings=(NamedPath(Path("e.pt"), "<cat>"), NamedPath(Path("f.pt"))),
        conv_in=ConvIn.PIA,
        lora_scaling=LoraScaling.ORIGINAL,
        norm_mode=NormMode.DIFFUSERS,
        precision=Precision.FP32,
        name="both",
        allow_pickle=True,
    )
    assert path == Path("out/made")
    assert others["overwrite"] is True
    assert isinstance(others["cancel"], CancelToken)
    assert callable(others["on_step"])
    assert list(here.iterdir()) == []


def test_what_is_not_given_is_left_to_the_importer(asked: list[Any], here: Path) -> None:
    assert main(["import", "--base", "a", "--pia", "b", "--json"]) == 1
    assert asked[0] == ImportRequest(base=Path("a"), pia=Path("b"))
    assert asked[1] is None
    assert asked[2]["overwrite"] is False
    assert asked[2]["on_step"] is None, "no progress beside JSON"
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "path", "scale"),
    [
        ("ink.safetensors", "ink.safetensors", 1.0),
        ("ink.safetensors:0.8", "ink.safetensors", 0.8),
        ("ink.safetensors:-1.5", "ink.safetensors", -1.5),
        ("folder/ink:2", "folder/ink", 2.0),
        ("C:\\models\\ink.safetensors", "C:\\models\\ink.safetensors", 1.0),
        ("C:/ink.safetensors", "C:/ink.safetensors", 1.0),
        ("C:\\ink.safetensors:0.5", "C:\\ink.safetensors", 0.5),
        ("ink:v2.safetensors:0.5", "ink:v2.safetensors", 0.5),
        ("here:0.5", "here:0.5", 1.0),
        ("here:0.5:0.25", "here:0.5", 0.25),
        ("ink.safetensors:", "ink.safetensors:", 1.0),
        (":0.5", ":0.5", 1.0),
    ],
)
def test_a_path_and_its_scale(text: str, path: str, scale: float, here: Path) -> None:
    (here / "here:0.5").touch()
    assert path_and_scale(text) == (Path(path), scale)


@pytest.mark.parametrize(
    ("text", "path", "word"),
    [
        ("word.pt", "word.pt", None),
        ("word.pt:<cat>", "word.pt", "<cat>"),
        ("word.pt:two words", "word.pt", "two words"),
        ("C:\\word.pt", "C:\\word.pt", None),
        ("C:\\word.pt:cat", "C:\\word.pt", "cat"),
        ("here:cat", "here:cat", None),
        ("here:cat:dog", "here:cat", "dog"),
    ],
)
def test_a_path_and_its_word(text: str, path: str, word: str | None, here: Path) -> None:
    (here / "here:cat").touch()
    assert path_and_word(text) == (Path(path), word)


@pytest.mark.parametrize("scale", ["x", "nan", "inf", "1e999", "0,8", "v2.safetensors", " "])
def test_scales_that_are_none(scale: str) -> None:
    with pytest.raises(click.BadParameter, match=r"expected a scale such as 0\.8 after the colon, found"):
        path_and_scale(f"ink.safetensors:{scale}")


def test_help_needs_neither_torch_nor_the_importer() -> None:
    code = "import sys; from pia_edge.cli import main; assert main(['import', '--help']) == 0; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    loaded = set(ended.stdout.splitlines()[-1].split())
    assert (
        loaded & {"torch", "numpy", "diffusers", "transformers", "safetensors", "tokenizers", "pia_edge.importer"}
        == set()
    )
