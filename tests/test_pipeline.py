"""The pipeline: equal seeds, motion as an input, and every fault named."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from pia_edge import Animation, AnimationPipeline, AnimationRequest, Fit, Level, Motion, Picture
from pia_edge.backend import Array
from pia_edge.bundle import Bundle
from pia_edge.errors import BackendError, BundleError, NumericError, PiaError, RequestError
from pia_edge.modules import MODULES, Module
from pia_edge.progress import Progress, Stage
from pia_edge.request import SchedulerName
from pia_edge.runtimes import pick
from pia_edge.runtimes.cpu import Cpu
from tests.injection import Change, InjectedBackend, unchanged

BACKENDS = ("reference", "cpu", "intel")


def request_of(seed: int | None = 1, **choices: Any) -> AnimationRequest:
    defaults: dict[str, Any] = {"prompt": "a cat walks", "num_frames": 3, "num_inference_steps": 2}
    return AnimationRequest(**defaults | choices, seed=seed)


def open_on(backend: str, tiny: Bundle, tiny_onnx: Bundle) -> AnimationPipeline:
    return AnimationPipeline.open(tiny if backend == "reference" else tiny_onnx, backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_equal_seeds_give_equal_bytes(backend: str, tiny: Bundle, tiny_onnx: Bundle, picture: Picture) -> None:
    pipeline = open_on(backend, tiny, tiny_onnx)
    first = pipeline.animate(picture, request_of())
    again = pipeline.animate(picture, request_of())
    fresh = open_on(backend, tiny, tiny_onnx).animate(picture, request_of())
    other = pipeline.animate(picture, request_of(seed=2))
    assert first.frames.shape == (3, 24, 32, 3)
    assert first.frames.tobytes() == again.frames.tobytes() == fresh.frames.tobytes()
    assert first.recipe == again.recipe == fresh.recipe
    assert first.frames.tobytes() != other.frames.tobytes()


@pytest.mark.parametrize("name", SchedulerName)
def test_every_scheduler_makes_a_clip_of_its_own(name: SchedulerName, tiny_onnx: Bundle, picture: Picture) -> None:
    pipeline = AnimationPipeline.open(tiny_onnx, "cpu")
    clip, again = (pipeline.animate(picture, request_of(scheduler=name, num_inference_steps=3)) for _ in range(2))
    assert clip.frames.tobytes() == again.frames.tobytes()
    assert clip.recipe is not None
    assert clip.recipe.scheduler == name
    ddim = pipeline.animate(picture, request_of(num_inference_steps=3, guidance_scale=clip.recipe.guidance_scale))
    # With leading timesteps, Euler's method is DDIM at the scale of the UNet.
    alike = name in (SchedulerName.DDIM, SchedulerName.EULER)
    assert (clip.frames.tobytes() == ddim.frames.tobytes()) == alike


def test_lcm_takes_few_steps_and_no_guidance_unless_asked_otherwise(tiny_onnx: Bundle, picture: Picture) -> None:
    pipeline = AnimationPipeline.open(tiny_onnx, "cpu")
    usual = pipeline.settle(picture, AnimationRequest(prompt="a", scheduler=SchedulerName.LCM))
    assert (usual.num_inference_steps, usual.guidance_scale) == (6, 1)
    asked = AnimationRequest(prompt="a", scheduler=SchedulerName.LCM, num_inference_steps=4, guidance_scale=1.5)
    settings = pipeline.settle(picture, asked)
    assert (settings.num_inference_steps, settings.guidance_scale) == (4, 1.5)
    with pytest.raises(RequestError, match="expected 1 to 50"):
        pipeline.animate(picture, AnimationRequest(prompt="a", scheduler=SchedulerName.LCM, num_inference_steps=51))


def test_guidance_may_act_in_a_part_of_the_steps(tiny_onnx: Bundle, picture: Picture) -> None:
    backend = InjectedBackend(Cpu(), unchanged)
    pipeline = AnimationPipeline(tiny_onnx, backend)

    def clip(interval: tuple[float, float] | None) -> tuple[Any, list[int]]:
        backend.calls.clear()
        animation = pipeline.animate(picture, request_of(num_inference_steps=4, guidance_interval=interval))
        assert animation.recipe is not None
        assert animation.recipe.guidance_interval == interval
        return animation.frames.astype(int), [
            len(given["latents"]) for module, given in backend.calls if module is Module.UNET
        ]

    whole, batches = clip(None)
    assert batches == [2] * 4
    split, batches = clip((0, 1))
    assert batches == [1] * 8, "one by one, so that a module has one size of batch"
    assert np.abs(split - whole).max() <= 1
    half, batches = clip((0, 0.4))
    assert len(batches) == 2 * 2 + 2
    assert not np.array_equal(half, whole)
    never, batches = clip((1, 1))
    assert len(batches) == 4
    alone = pipeline.animate(picture, request_of(num_inference_steps=4, guidance_scale=1)).frames.astype(int)
    assert np.abs(never - alone).max() <= 1


def test_what_is_needed_once_is_let_go_of(tiny_onnx: Bundle, picture: Picture) -> None:
    pipeline = AnimationPipeline(tiny_onnx, Cpu())
    animation = pipeline.animate(picture, request_of())
    assert vars(vars(pipeline)["_modules"])["_sessions"].keys() == {Module.UNET, Module.VAE_DECODER}
    assert animation.recipe is not None
    assert animation.recipe.devices == dict.fromkeys(MODULES, "CPU")


def test_devices_by_module(tiny_onnx: Bundle, picture: Picture) -> None:
    AnimationPipeline.open(tiny_onnx, "cpu", "unet=CPU").animate(picture, request_of())
    with pytest.raises(BackendError, match="found device 'NPU'"):
        AnimationPipeline.open(tiny_onnx, "cpu", "unet=NPU,CPU").animate(picture, request_of())
    with pytest.raises(RequestError, match="expected a device, or MODULE=DEVICE"):
        AnimationPipeline.open(tiny_onnx, "cpu", "unett=NPU")


def test_backends_agree(tiny: Bundle, tiny_onnx: Bundle, picture: Picture) -> None:
    clips = [open_on(name, tiny, tiny_onnx).animate(picture, request_of()).frames.astype(int) for name in BACKENDS]
    for clip in clips[1:]:
        assert np.abs(clip - clips[0]).max() <= 2


@pytest.mark.parametrize("seed", [0, 2**63 - 1])
def test_smallest_and_largest_seed(seed: int, tiny_onnx: Bundle, picture: Picture) -> None:
    animation = AnimationPipeline.open(tiny_onnx, "cpu").animate(picture, request_of(seed=seed))
    assert animation.recipe is not None
    assert animation.recipe.seed == seed


def test_a_drawn_seed_is_reported_and_makes_the_clip_again(tiny_onnx: Bundle, picture: Picture) -> None:
    pipeline = AnimationPipeline.open(tiny_onnx, "cpu")
    drawn = [pipeline.animate(picture, request_of(seed=None)) for _ in range(2)]
    seeds = [animation.recipe.seed for animation in drawn if animation.recipe]
    assert len(set(seeds)) == 2
    again = pipeline.animate(picture, request_of(seed=seeds[0]))
    assert again.frames.tobytes() == drawn[0].frames.tobytes()


def test_recipe_holds_what_was_settled(tiny_onnx: Bundle, picture: Picture) -> None:
    animation = AnimationPipeline.open(tiny_onnx, "cpu").animate(picture, AnimationRequest(prompt="a cat"))
    recipe = animation.recipe
    assert recipe is not None
    assert (recipe.num_frames, recipe.num_inference_steps, recipe.guidance_scale) == (16, 25, 7.5)
    assert (recipe.width, recipe.height, recipe.picture_name) == (32, 24, "picture.png")
    assert recipe.bundle_sha256 == tiny_onnx.sha256
    assert recipe.device == "CPU"
    assert recipe.versions.keys() == {"pia-edge", "numpy", "onnxruntime"}


def test_a_picture_name_that_is_not_unicode_does_not_lose_the_clip(
    tiny_onnx: Bundle, picture: Picture, tmp_path: Path
) -> None:
    strange = replace(picture, path=Path("caf\udce9.png"))
    animation = AnimationPipeline.open(tiny_onnx, "cpu").animate(strange, request_of())
    assert animation.save(tmp_path / "clip.gif").is_file()
    assert animation.recipe is not None
    assert animation.recipe.picture_name == "caf\\udce9.png"


def test_motion_is_an_input_of_the_unet_alone(tiny_onnx: Bundle, picture: Picture) -> None:
    clips: list[Animation] = []
    calls: list[dict[Module, dict[str, Array]]] = []
    for level in (Level.SMALL, Level.LARGE):
        backend = InjectedBackend(Cpu(), unchanged)
        pipeline = AnimationPipeline(tiny_onnx, backend)
        clips.append(pipeline.animate(picture, request_of(motion=Motion(level=level))))
        calls.append(dict(reversed(backend.calls)))  # the first call of each module
    assert clips[0].frames.tobytes() != clips[1].frames.tobytes()
    for module in (Module.TEXT_ENCODER, Module.VAE_ENCODER, Module.CONDITION):
        assert all(np.array_equal(calls[0][module][name], calls[1][module][name]) for name in calls[0][module])
    differing = [
        name
        for name in calls[0][Module.UNET]
        if not np.array_equal(calls[0][Module.UNET][name], calls[1][Module.UNET][name])
    ]
    assert differing == ["affinity"]


def test_guidance_of_one_runs_the_prompt_alone(tiny_onnx: Bundle, picture: Picture) -> None:
    backend = InjectedBackend(Cpu(), unchanged)
    pipeline = AnimationPipeline(tiny_onnx, backend)
    alone = pipeline.animate(picture, request_of(guidance_scale=1))
    assert {len(inputs["latents"]) for module, inputs in backend.calls if module is Module.UNET} == {1}
    backend.calls.clear()
    nearly = pipeline.animate(picture, request_of(guidance_scale=1.0000001))
    assert {len(inputs["latents"]) for module, inputs in backend.calls if module is Module.UNET} == {2}
    assert np.abs(alone.frames.astype(int) - nearly.frames).max() <= 1


def test_progress_is_complete_and_in_order(tiny_onnx: Bundle, picture: Picture) -> None:
    seen: list[Progress] = []
    AnimationPipeline.open(tiny_onnx, "cpu").animate(
        picture, request_of(num_frames=4, num_inference_steps=3), on_step=seen.append
    )
    steps = [(progress.stage, progress.done, progress.total) for progress in seen]
    assert steps == [
        *((Stage.ENCODE, done, 3) for done in (1, 2, 3)),
        *((Stage.PREPARE, done, 1) for done in (0, 1)),
        *((Stage.DENOISE, done, 3) for done in (1, 2, 3)),
        *((Stage.DECODE, done, 4) for done in (1, 2, 3, 4)),
    ]
    for progress in seen:
        if progress.done == 0:
            continue
        assert progress.seconds_left is not None
        assert progress.seconds_left > 0 or progress.done == progress.total
        assert (progress.preview is not None) == (progress.stage is Stage.DENOISE)
        if progress.preview is not None:
            assert progress.preview.shape == (4, 3, 4, 3)
            assert progress.preview.dtype == np.uint8


def test_listening_does_not_change_the_clip(tiny_onnx: Bundle, picture: Picture) -> None:
    pipeline = AnimationPipeline.open(tiny_onnx, "cpu")
    silent = pipeline.animate(picture, request_of())
    heard = pipeline.animate(picture, request_of(), on_step=lambda _: None)
    assert silent.frames.tobytes() == heard.frames.tobytes()


def poison(wanted: Module, call: int, value: float) -> Change:
    def change(module: Module, count: int, outputs: tuple[Array, ...]) -> tuple[Array, ...]:
        if module is wanted and count == call:
            outputs[-1].reshape(-1)[7] = value
        return outputs

    return change


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(
    ("module", "call", "where"),
    [
        (Module.TEXT_ENCODER, 0, "text_encoder returned encoder_hidden_states with"),
        (Module.VAE_ENCODER, 0, "vae_encoder returned std with"),
        (Module.CONDITION, 0, "condition returned gain with"),
        (Module.UNET, 0, "at step 1 of 2"),
        (Module.UNET, 1, "unet returned noise_pred with NaN or infinity at step 2 of 2 on cpu"),
        (Module.VAE_DECODER, 2, "vae_decoder returned image with NaN or infinity at frame 3 of 3"),
    ],
)
def test_a_number_that_is_none_is_named_by_module_and_step(
    module: Module, call: int, where: str, value: float, tiny_onnx: Bundle, picture: Picture
) -> None:
    pipeline = AnimationPipeline(tiny_onnx, InjectedBackend(Cpu(), poison(module, call, value)))
    with pytest.raises(NumericError, match=where):
        pipeline.animate(picture, request_of())


def test_infinities_of_both_signs_are_found(tiny_onnx: Bundle, picture: Picture) -> None:
    def change(module: Module, _count: int, outputs: tuple[Array, ...]) -> tuple[Array, ...]:
        if module is Module.UNET:
            outputs[0].reshape(-1)[:2] = np.inf, -np.inf
        return outputs

    with pytest.raises(NumericError, match="at step 1 of 2"):
        AnimationPipeline(tiny_onnx, InjectedBackend(Cpu(), change)).animate(picture, request_of())


def blank(module: Module, _count: int, outputs: tuple[Array, ...]) -> tuple[Array, ...]:
    return (np.full_like(outputs[0], 0.25),) if module is Module.VAE_DECODER else outputs


def test_a_blank_clip_is_a_fault_unless_the_picture_is_blank(tiny_onnx: Bundle, picture: Picture) -> None:
    pipeline = AnimationPipeline(tiny_onnx, InjectedBackend(Cpu(), blank))
    with pytest.raises(NumericError, match="frames of one colour"):
        pipeline.animate(picture, request_of())
    grey = replace(picture, pixels=np.full_like(picture.pixels, 128))
    assert pipeline.animate(grey, request_of()).frames.std() == 0


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"num_frames": 40, "window": 33}, "window: expected 2 to 32"),
        ({"size": (8, 8), "fit": Fit.CROP}, "size: expected each side between 16 and 256"),
        ({"size": (512, 64), "fit": Fit.CROP}, "found 512x64"),
        ({"size": (64, 16)}, "distorted"),
        ({"motion": Motion(curve=(1.0, 0.5)), "num_frames": None}, "motion curve: expected"),
        ({"condition_frame": 16, "num_frames": None}, "condition_frame"),
    ],
)
def test_what_the_bundle_does_not_accept_is_refused_before_any_module_runs(
    choices: dict[str, Any], message: str, tiny_onnx: Bundle, picture: Picture
) -> None:
    backend = InjectedBackend(Cpu(), unchanged)
    with pytest.raises(RequestError, match=message):
        AnimationPipeline(tiny_onnx, backend).animate(picture, request_of(**choices))
    assert backend.calls == []


def test_embeddings_of_the_manifest_are_read(tiny_onnx: Bundle) -> None:
    manifest = msgspec.structs.replace(tiny_onnx.manifest, added_tokens={"<cat-toy>": (514, 515)})
    pipeline = AnimationPipeline(replace(tiny_onnx, manifest=manifest), Cpu())
    assert pipeline.tokens("<cat-toy>").ids[:4].tolist() == [512, 514, 515, 513]
    manifest = msgspec.structs.replace(manifest, added_tokens={"<cat-toy>": (0,)})
    with pytest.raises(BundleError, match="added_tokens"):
        AnimationPipeline(replace(tiny_onnx, manifest=manifest), Cpu())


def test_more_steps_than_trained_are_refused(tiny_onnx: Bundle, picture: Picture) -> None:
    scheduler = msgspec.structs.replace(tiny_onnx.manifest.scheduler, num_train_timesteps=10, steps_offset=0)
    manifest = msgspec.structs.replace(tiny_onnx.manifest, scheduler=scheduler)
    pipeline = AnimationPipeline(replace(tiny_onnx, manifest=manifest), Cpu())
    with pytest.raises(RequestError, match="num_inference_steps: expected 1 to 10"):
        pipeline.settle(picture, request_of(num_inference_steps=11))


def test_a_bundle_without_a_module_is_refused_before_any_work(tiny_onnx: Bundle) -> None:
    modules = {name: artifact for name, artifact in tiny_onnx.manifest.modules.items() if name != Module.VAE_DECODER}
    incomplete = replace(tiny_onnx, manifest=msgspec.structs.replace(tiny_onnx.manifest, modules=modules))
    with pytest.raises(BundleError, match="expected the module vae_decoder"):
        AnimationPipeline(incomplete, Cpu())


def test_a_device_that_does_not_exist(tiny: Bundle, tiny_onnx: Bundle, picture: Picture) -> None:
    for backend in BACKENDS:
        bundle = tiny if backend == "reference" else tiny_onnx
        with pytest.raises(BackendError, match="'TPU'"):
            AnimationPipeline.open(bundle, backend, "TPU").animate(picture, request_of())


def test_the_bundles_defaults_are_used_and_overridden(tiny_onnx: Bundle, picture: Picture) -> None:
    defaults = msgspec.structs.replace(
        tiny_onnx.manifest.defaults, num_inference_steps=3, guidance_scale=2.0, negative_prompt="blurred"
    )
    bundle = replace(tiny_onnx, manifest=msgspec.structs.replace(tiny_onnx.manifest, defaults=defaults))
    pipeline = AnimationPipeline(bundle, Cpu())
    settings = pipeline.settle(picture, AnimationRequest(prompt="a"))
    assert (settings.num_inference_steps, settings.guidance_scale) == (3, 2.0)
    assert (settings.negative_prompt, settings.num_frames) == ("blurred", 16)
    settings = pipeline.settle(
        picture, AnimationRequest(prompt="a", guidance_scale=0, num_inference_steps=1, negative_prompt="ugly")
    )
    assert (settings.num_inference_steps, settings.guidance_scale, settings.negative_prompt) == (1, 0, "ugly")


def test_the_sample_animates(sample_bundle: Bundle, picture: Picture) -> None:
    backend = pick(sample_bundle).backend
    request = request_of(size=(sample_bundle.manifest.sizes.minimum,) * 2, fit=Fit.PAD)
    animation = AnimationPipeline(sample_bundle, backend).animate(picture, request)
    assert animation.frames.std() > 1


def test_opening_nothing_that_is_a_bundle(tmp_path: Path) -> None:
    with pytest.raises(PiaError, match=r"manifest\.json"):
        AnimationPipeline.open(tmp_path)
