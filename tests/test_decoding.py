"""Which decoder makes the frames: chosen, recorded, replayed, and refused where there is none."""

import shutil
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from pia_edge import AnimationPipeline, AnimationRequest, Decoder, Picture, read_recipe
from pia_edge.bundle import Bundle
from pia_edge.cli import main
from pia_edge.clip.recipe import from_json
from pia_edge.errors import NumericError, RequestError
from pia_edge.modules import Module
from pia_edge.runtimes.cpu import Cpu
from pia_edge.runtimes.reference import Reference
from tests.clip.examples import make_recipe
from tests.injection import InjectedBackend, unchanged

Capture = pytest.CaptureFixture[str]

REQUEST = AnimationRequest(prompt="a cat walks", num_frames=3, num_inference_steps=2, seed=1)
OPTIONS = ["--frames", "2", "--steps", "1", "--seed", "5", "--backend", "reference", "--device", "cpu"]


def test_the_tiny_decoder_is_given_scaled_latents(tiny_and_decoder: Bundle, picture: Picture) -> None:
    backend = InjectedBackend(Reference(), unchanged)
    pipeline = AnimationPipeline(tiny_and_decoder, backend, "cpu")
    clips = {decoder: pipeline.animate(picture, REQUEST, decoder=decoder) for decoder in Decoder}
    given = {
        decoder: np.stack([inputs["latents"] for module, inputs in backend.calls if module is decoder.module])
        for decoder in Decoder
    }
    assert given[Decoder.TINY].shape == (3, 1, 4, 3, 4)
    assert np.array_equal(given[Decoder.TINY] / np.float32(0.18215), given[Decoder.FULL])
    for decoder, clip in clips.items():
        assert clip.frames.shape == (3, 24, 32, 3)
        assert clip.recipe is not None
        assert clip.recipe.decoder == decoder
        assert (decoder.module in clip.recipe.devices) or decoder is Decoder.TINY
    assert not np.array_equal(clips[Decoder.FULL].frames, clips[Decoder.TINY].frames)


def test_full_is_the_choice_if_none_is_made(tiny_and_decoder: Bundle, tiny: Bundle, picture: Picture) -> None:
    """A tiny decoder in the bundle changes nothing else."""
    usual, plain = (
        AnimationPipeline.open(bundle, "reference", "cpu").animate(picture, REQUEST)
        for bundle in (tiny_and_decoder, tiny)
    )
    assert np.array_equal(usual.frames, plain.frames)


@pytest.mark.parametrize(
    ("decoder", "text"),
    [
        (Decoder.TINY, r"decoder: expected full, the only one that the bundle tiny holds, found tiny\. Leave it out"),
        ("huge", r"decoder: expected one of full, tiny, found 'huge'\. Choose one"),
    ],
)
def test_a_decoder_that_is_not_there_is_refused_before_any_work(
    decoder: str, text: str, tiny_onnx: Bundle, picture: Picture
) -> None:
    backend = InjectedBackend(Cpu(), unchanged)
    with pytest.raises(RequestError, match=text):
        AnimationPipeline(tiny_onnx, backend).animate(picture, REQUEST, decoder=decoder)
    assert backend.calls == []


def test_a_blank_clip_is_blamed_on_the_decoder_that_made_it(tiny_and_decoder: Bundle, picture: Picture) -> None:
    def blank(module: Module, _count: int, outputs: tuple[Any, ...]) -> tuple[Any, ...]:
        return (np.zeros_like(outputs[0]),) if module is Module.TINY_DECODER else outputs

    pipeline = AnimationPipeline(tiny_and_decoder, InjectedBackend(Reference(), blank), "cpu")
    with pytest.raises(NumericError, match=r"^tiny_decoder: expected a clip, found frames of one colour"):
        pipeline.animate(picture, REQUEST, decoder=Decoder.TINY)


def test_a_device_of_its_own(tiny_and_decoder: Bundle, picture: Picture) -> None:
    pipeline = AnimationPipeline.open(tiny_and_decoder, "reference", "tiny_decoder=cpu")
    clip = pipeline.animate(picture, REQUEST, decoder="tiny")
    assert clip.recipe is not None
    assert clip.recipe.devices["tiny_decoder"] == "cpu"


@pytest.mark.parametrize("isolate", [[], ["--isolate"]])
def test_replay_obeys_the_recipe(
    isolate: list[str], tiny_and_decoder: Bundle, picture_file: Path, tmp_path: Path, capsys: Capture
) -> None:
    image, clip = tmp_path / "picture.png", tmp_path / "clip.webp"
    shutil.copy(picture_file, image)
    bundle = ["--bundle", str(tiny_and_decoder.path)]
    arguments = ["animate", str(image), "--prompt", "a cat", *OPTIONS, *bundle, "--decoder", "tiny", *isolate]
    assert main([*arguments, "-o", str(clip)]) == 0
    assert read_recipe(clip).decoder == "tiny"
    assert main(["replay", str(clip), *bundle]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "identical: every pixel of every frame"


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_the_command_line_refuses_a_bundle_without_one(
    dry: list[str], tiny_onnx: Bundle, picture_file: Path, tmp_path: Path, capsys: Capture
) -> None:
    arguments = ["animate", str(picture_file), "--prompt", "a cat", "--bundle", str(tiny_onnx.path)]
    assert main([*arguments, *dry, "--decoder", "tiny", "-o", str(tmp_path / "clip.gif")]) == 2
    assert "decoder: expected full" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_recipes_of_earlier_versions_are_of_the_full_decoder() -> None:
    old = msgspec.json.decode(make_recipe().to_json())
    del old["decoder"]
    assert from_json(msgspec.json.encode(old)).decoder == Decoder.FULL
