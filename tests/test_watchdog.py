"""A module that gives NaN or infinity computes in float32 from there on; it is said, recorded, and made again so."""

import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from pia_edge import AnimationPipeline, AnimationRequest, Picture, cli, read_recipe
from pia_edge.backend import Array
from pia_edge.bundle import Bundle
from pia_edge.cli.recipes import _changes
from pia_edge.clip import Recipe
from pia_edge.clip.recipe import from_json
from pia_edge.errors import NumericError
from pia_edge.job import Job, run_job
from pia_edge.modules import MODULES, Module
from pia_edge.runtimes import BACKENDS
from pia_edge.runtimes.cpu import Cpu
from tests.injection import Change, InjectedBackend, unchanged

REQUEST = AnimationRequest(prompt="a cat walks", num_frames=3, num_inference_steps=2, seed=1)
CALLS = [(module, 0) for module in MODULES] + [(Module.UNET, 1), (Module.VAE_DECODER, 2)]
Capture = pytest.CaptureFixture[str]


def overflow(wanted: Module, call: int, value: float = np.inf) -> Change:
    """Sessions that round, and at one call to infinity."""

    def change(module: Module, count: int, outputs: tuple[Array, ...]) -> tuple[Array, ...]:
        rounded = tuple(output.astype(np.float16).astype(np.float32) for output in outputs)
        if module is wanted and count == call:
            rounded[-1].reshape(-1)[7] = value
        return rounded

    return change


def recipe_of(animation: Any) -> Recipe:
    assert animation.recipe is not None
    recipe: Recipe = animation.recipe
    return recipe


@pytest.mark.parametrize(("module", "call"), CALLS)
def test_a_module_that_overflows_goes_on_in_float32_alone(
    module: Module, call: int, tiny_onnx: Bundle, picture: Picture
) -> None:
    backend = InjectedBackend(Cpu(), overflow(module, call), exactly=unchanged)
    pipeline = AnimationPipeline(tiny_onnx, backend)
    notes: list[str] = []
    animation = pipeline.animate(picture, REQUEST, on_note=notes.append)
    assert recipe_of(animation).retried == {module: call + 1}
    assert [each for each, exact in backend.loads if exact] == [module]
    (note,) = notes
    assert note.startswith(f"{module} returned ")
    assert "with NaN or infinity" in note
    assert ("at step" in note) == (module is Module.UNET)
    of_module = [inputs for each, inputs in backend.calls if each is module]
    for name, array in of_module[call].items():
        np.testing.assert_array_equal(of_module[call + 1][name], array, "the same call again")
    once = {Module.UNET: 2, Module.VAE_DECODER: 3}.get(module, 1)
    assert len(of_module) == once + 1


@pytest.mark.parametrize(("module", "call"), CALLS)
def test_replaying_computes_in_float32_from_the_same_call_on(
    module: Module, call: int, tiny_onnx: Bundle, picture: Picture
) -> None:
    first = AnimationPipeline(tiny_onnx, InjectedBackend(Cpu(), overflow(module, call), exactly=unchanged))
    made = first.animate(picture, REQUEST)
    recipe = from_json(recipe_of(made).to_json())
    assert recipe.retried == {module: call + 1}
    # What would overflow must not be run again, or it would be noticed here.
    backend = InjectedBackend(Cpu(), overflow(module, call, value=np.nan), exactly=unchanged)
    notes: list[str] = []
    again = AnimationPipeline(tiny_onnx, backend).animate(
        picture, REQUEST, on_note=notes.append, retried=recipe.retried
    )
    assert again.frames.tobytes() == made.frames.tobytes()
    assert again.recipe == made.recipe
    assert len(backend.calls) == 3 + 2 + 3, "no call is repeated"
    (note,) = notes
    assert note.startswith(f"{module} is computed in float32 from here on")


def test_the_next_clip_of_a_pipeline_is_that_of_a_new_one(tiny_onnx: Bundle, picture: Picture) -> None:
    backend = InjectedBackend(Cpu(), overflow(Module.UNET, 1), exactly=unchanged)
    pipeline = AnimationPipeline(tiny_onnx, backend)
    first, again = (pipeline.animate(picture, REQUEST) for _ in range(2))
    assert again.frames.tobytes() == first.frames.tobytes()
    assert recipe_of(again) == recipe_of(first)
    assert [exact for module, exact in backend.loads if module is Module.UNET] == [False, True, False, True]


def test_two_modules_of_one_clip(tiny_onnx: Bundle, picture: Picture) -> None:
    def change(module: Module, count: int, outputs: tuple[Array, ...]) -> tuple[Array, ...]:
        outputs = overflow(Module.UNET, 0)(module, count, outputs)
        return overflow(Module.VAE_DECODER, 1)(module, count, outputs)

    pipeline = AnimationPipeline(tiny_onnx, InjectedBackend(Cpu(), change, exactly=unchanged))
    assert recipe_of(pipeline.animate(picture, REQUEST)).retried == {"unet": 1, "vae_decoder": 2}


@pytest.mark.parametrize("module", MODULES)
def test_what_is_not_finite_in_float32_either_is_an_error(module: Module, tiny_onnx: Bundle, picture: Picture) -> None:
    backend = InjectedBackend(Cpu(), overflow(module, 0), exactly=overflow(module, 0, np.nan))
    notes: list[str] = []
    with pytest.raises(NumericError, match=rf"^{module} returned \w+ with NaN or infinity.* on cpu \(CPU\)\. Try"):
        AnimationPipeline(tiny_onnx, backend).animate(picture, REQUEST, on_note=notes.append)
    assert len(notes) == 1
    assert [exact for each, exact in backend.loads if each is module] == [False, True], "once"


def test_every_later_call_is_looked_at_too(tiny_onnx: Bundle, picture: Picture) -> None:
    backend = InjectedBackend(Cpu(), overflow(Module.VAE_DECODER, 0), exactly=overflow(Module.VAE_DECODER, 1))
    with pytest.raises(NumericError, match="at frame 2 of 3"):
        AnimationPipeline(tiny_onnx, backend).animate(picture, REQUEST)


def test_what_is_exact_already_is_not_tried_again(tiny_onnx: Bundle, picture: Picture) -> None:
    backend = InjectedBackend(Cpu(), overflow(Module.UNET, 0))
    notes: list[str] = []
    with pytest.raises(NumericError, match="at step 1 of 2"):
        AnimationPipeline(tiny_onnx, backend).animate(picture, REQUEST, on_note=notes.append)
    assert notes == []
    assert not any(exact for _, exact in backend.loads)


def test_a_clip_without_trouble_records_none_and_an_old_recipe_is_read(tiny_onnx: Bundle, picture: Picture) -> None:
    recipe = recipe_of(AnimationPipeline(tiny_onnx, InjectedBackend(Cpu(), unchanged)).animate(picture, REQUEST))
    assert recipe.retried == {}
    fields = json.loads(recipe.to_json())
    del fields["retried"]
    assert from_json(json.dumps(fields)) == recipe


def test_a_job_tells_and_keeps_the_note(tiny_onnx: Bundle, picture_file: Path, tmp_path: Path) -> None:
    backend = InjectedBackend(Cpu(), overflow(Module.VAE_DECODER, 1), exactly=unchanged)
    heard: list[str] = []
    made = run_job(
        Job(picture=picture_file, request=REQUEST, output=tmp_path / "clip.gif"),
        open_pipeline=lambda *_: AnimationPipeline(tiny_onnx, backend),
        on_note=heard.append,
    )
    assert tuple(heard) == made.notes
    assert heard[-1].startswith("vae_decoder returned image with NaN or infinity at frame 2 of 3 on CPU.")
    assert read_recipe(made.path).retried == {"vae_decoder": 2}


@pytest.fixture
def overflowing(monkeypatch: pytest.MonkeyPatch) -> InjectedBackend:
    """The backend ``cpu``, whose VAE decoder overflows at its second frame."""
    backend = InjectedBackend(Cpu(), overflow(Module.VAE_DECODER, 1), exactly=unchanged)
    monkeypatch.setitem(BACKENDS, "cpu", lambda: backend)
    return backend


@pytest.mark.usefixtures("overflowing")
def test_the_command_line_says_it_and_replays_it(
    tiny_onnx: Bundle, picture_file: Path, tmp_path: Path, capsys: Capture
) -> None:
    picture, clip, again = tmp_path / "picture.png", tmp_path / "clip.gif", tmp_path / "again.gif"
    shutil.copy(picture_file, picture)
    chosen = ["--frames", "3", "--steps", "2", "--seed", "5", "--backend", "cpu", "--bundle", str(tiny_onnx.path)]
    assert cli.main(["animate", str(picture), "--prompt", "a cat", *chosen, "-o", str(clip)]) == 0
    assert "\nnote: vae_decoder returned image with NaN or infinity at frame 2 of 3" in capsys.readouterr().err
    assert cli.main(["replay", str(clip), "--bundle", str(tiny_onnx.path), "-o", str(again)]) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines()[-1] == "identical: every pixel of every frame"
    assert "\nnote: vae_decoder is computed in float32 from here on at frame 2 of 3" in captured.err
    assert again.read_bytes() == clip.read_bytes()
    assert (
        cli.main(["animate", str(picture), "--prompt", "a cat", *chosen, "-o", str(clip), "--overwrite", "--json"]) == 0
    )
    captured = capsys.readouterr()
    report = json.loads(captured.out)
    assert report["recipe"]["retried"] == {"vae_decoder": 2}
    assert report["notes"][-1].startswith("vae_decoder returned image")
    assert captured.err == ""


def test_replay_says_where_float32_began_if_the_clip_differs(
    overflowing: InjectedBackend, tiny_onnx: Bundle, picture_file: Path, tmp_path: Path
) -> None:
    job = Job(picture=picture_file, request=REQUEST, output=tmp_path / "clip.gif")
    made = run_job(job, open_pipeline=lambda *_: AnimationPipeline(tiny_onnx, overflowing))
    assert made.recipe.retried == {"vae_decoder": 2}
    without = msgspec.structs.replace(made.recipe, retried={"unet": 2})
    assert _changes(made.recipe, made.recipe) == []
    assert _changes(without, made.recipe) == [
        ("unet in float32", "from call 2", "no"),
        ("vae_decoder in float32", "no", "from call 2"),
    ]
