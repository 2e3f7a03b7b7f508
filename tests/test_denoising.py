"""Windows, prompts by frame and a second picture, on a few lines of NumPy in place of the network."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from pia_edge import Animation, AnimationPipeline, AnimationRequest, Motion, Picture
from pia_edge.affinity import affinity_curve
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize
from pia_edge.cancel import CancelToken
from pia_edge.denoising import denoise
from pia_edge.device_choice import DeviceChoice
from pia_edge.encoding import Conditions
from pia_edge.errors import RequestError
from pia_edge.loaded_modules import LoadedModules
from pia_edge.memory_plan import MemoryPlan
from pia_edge.modules import Module
from pia_edge.motion import Level
from pia_edge.progress import Progress, Stage
from pia_edge.request import Fit, SchedulerName
from pia_edge.schedulers import open_walk
from tests.plain_backend import CHANNELS, PlainBackend

LOOP = Motion(loop=True)


def drawn_picture(seed: int, height: int = 64, width: int = 80) -> Picture:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Picture(pixels=pixels, path=Path(f"{seed}.png"), format="PNG")


FIRST, SECOND = drawn_picture(1), drawn_picture(2)


@pytest.fixture
def roomy(sample_bundle: Bundle) -> Bundle:
    """The sample as if its UNet had been exported with room for a second picture."""
    return replace(sample_bundle, manifest=msgspec.structs.replace(sample_bundle.manifest, second_picture=True))


def made(
    bundle: Bundle, *, mixing: float = 0.0, last: Picture | None = None, on_step: Any = None, **choices: Any
) -> tuple[Animation, PlainBackend]:
    backend = PlainBackend(mixing)
    request: dict[str, Any] = {"prompt": "day", "seed": 1, "num_inference_steps": 2, "num_frames": 16} | choices
    pipeline = AnimationPipeline(bundle, backend)
    return pipeline.animate(FIRST, AnimationRequest(**request), last_picture=last, on_step=on_step), backend


def differ(one: Animation, other: Animation) -> int:
    return int(np.abs(one.frames.astype(int) - other.frames).max())


def frames_of_calls(backend: PlainBackend) -> list[int]:
    return [inputs["latents"].shape[2] for inputs in backend.unet_calls()]


@pytest.mark.parametrize("scheduler", SchedulerName)
def test_one_window_is_the_plain_clip_bit_by_bit(scheduler: SchedulerName, roomy: Bundle) -> None:
    plain, once = made(roomy, mixing=0.5, scheduler=scheduler)
    window, again = made(roomy, mixing=0.5, scheduler=scheduler, window=16)
    assert plain.frames.tobytes() == window.frames.tobytes()
    assert plain.recipe == window.recipe
    assert len(once.calls) == len(again.calls)


@pytest.mark.parametrize("scheduler", SchedulerName)
@pytest.mark.parametrize(("window", "overlap"), [(16, 4), (8, 7), (5, 1)])
def test_where_frames_know_nothing_of_each_other_windows_change_nothing(
    window: int, overlap: int, scheduler: SchedulerName, roomy: Bundle
) -> None:
    whole, _ = made(roomy, num_frames=30, scheduler=scheduler, window=30)
    parts, backend = made(roomy, num_frames=30, scheduler=scheduler, window=window, overlap=overlap)
    assert differ(whole, parts) <= 1
    assert set(frames_of_calls(backend)) == {window}


def test_where_frames_mix_they_mix_within_windows(roomy: Bundle) -> None:
    whole, _ = made(roomy, num_frames=30, mixing=0.9, window=30)
    parts, _ = made(roomy, num_frames=30, mixing=0.9, window=8)
    assert differ(whole, parts) > 1


def test_long_clips_cost_as_much_as_they_are_long(roomy: Bundle) -> None:
    calls = {}
    for num_frames in (64, 112, 160):
        clip, backend = made(roomy, num_frames=num_frames)
        assert clip.frames.shape == (num_frames, 64, 80, 3)
        assert clip.recipe is not None
        assert (clip.recipe.window, clip.recipe.overlap) == (16, 4)
        assert set(frames_of_calls(backend)) == {16}
        assert [module for module, _ in backend.calls].count(Module.CONDITION) == 1
        calls[num_frames] = len(backend.unet_calls())
    # A step of strided windows, then one of neighbouring frames.
    assert calls == {64: 4 + 5, 112: 7 + 9, 160: 10 + 13}


def test_every_window_has_the_affinity_of_its_frames(roomy: Bundle) -> None:
    motion = Motion(linear=(1, 0.2))
    _, backend = made(roomy, num_frames=40, motion=motion, num_inference_steps=1)
    curve = affinity_curve(motion, 40)
    given = [inputs["affinity"][0] for inputs in backend.unet_calls()]
    assert [np.flatnonzero(curve == each[0])[0] for each in given] == [0, 12, 24]
    for each, start in zip(given, (0, 12, 24), strict=True):
        np.testing.assert_array_equal(each, curve[start : start + 16])


def test_the_first_half_of_the_steps_goes_through_all_of_the_clip(roomy: Bundle) -> None:
    motion = Motion(linear=(1, 0))
    _, backend = made(roomy, num_frames=48, motion=motion, num_inference_steps=5)
    given = [inputs["affinity"][0] for inputs in backend.unet_calls()]
    curve = affinity_curve(motion, 48)
    strided, neighbouring = given[: 2 * 3], given[2 * 3 :]
    assert len(neighbouring) == 3 * 4
    for number, each in enumerate(strided):
        np.testing.assert_array_equal(each, curve[number % 3 :: 3])
    for number, each in enumerate(neighbouring):
        assert each[0] - each[-1] == pytest.approx(15 / 47), number


def test_equal_seeds_give_equal_clips_of_any_length(roomy: Bundle) -> None:
    first, second, other = (made(roomy, num_frames=50, seed=seed)[0] for seed in (3, 3, 4))
    assert first.frames.tobytes() == second.frames.tobytes() != other.frames.tobytes()
    assert first.recipe == second.recipe


def test_a_loop_in_windows_goes_on_from_its_end(roomy: Bundle) -> None:
    clip, backend = made(roomy, num_frames=24, window=16, motion=LOOP)
    assert clip.recipe is not None
    assert clip.recipe.affinity[0] == 1 > clip.recipe.affinity[-1]
    assert set(frames_of_calls(backend)) == {16}
    around = backend.unet_calls()[-1]["affinity"][0]
    curve = affinity_curve(LOOP, 24, circular=True)
    np.testing.assert_array_equal(around, np.take(curve, range(12, 28), mode="wrap"))


def test_a_loop_in_windows_has_no_seam(roomy: Bundle) -> None:
    """In windows of neighbouring frames, noise turned by a window gives the clip turned: any place may be its end."""
    request = AnimationRequest(prompt="a", num_frames=24, window=16, motion=LOOP, guidance_scale=1, seed=0)
    pipeline = AnimationPipeline(roomy, PlainBackend())
    settings = pipeline.settle(FIRST, request)
    settings = replace(settings, strided_windows=settings.windows)
    random = np.random.default_rng(0)
    noise = random.standard_normal((1, 4, 24, 16, 20), dtype=np.float32)
    plane = random.standard_normal((1, CHANNELS, 16, 20), dtype=np.float32)

    def denoised(start: NDArray[np.float32]) -> NDArray[np.float32]:
        modules = LoadedModules(roomy, PlainBackend(mixing=0.8), DeviceChoice.parse(None))
        conditions = Conditions(
            negative=None,
            prompts=np.zeros((1, 77, CHANNELS), np.float32),
            image_latents=noise[:, :, 0],
            appearance=plane,
            gain=plane,
            affinity=np.ones((1, 24), np.float32),
            noise=start,
        )
        walk = open_walk(settings.scheduler, settings.num_inference_steps, np.random.default_rng(0))
        return denoise(modules, settings, MemoryPlan(), walk, conditions, None, CancelToken())

    turned = np.roll(noise, 12, axis=2)
    np.testing.assert_allclose(denoised(turned), np.roll(denoised(noise), 12, axis=2), atol=1e-5)


def test_fixed_sizes_are_windows_too(roomy: Bundle) -> None:
    manifest = msgspec.structs.replace(roomy.manifest, clips=(ClipSize(frames=8, width=64, height=64),))
    clip, backend = made(replace(roomy, manifest=manifest), num_frames=20)
    assert clip.frames.shape == (20, 64, 64, 3)
    assert {inputs["latents"].shape for inputs in backend.unet_calls()} == {(2, 4, 8, 16, 16)}
    alone, backend = made(replace(roomy, manifest=manifest), num_frames=None)
    assert len(alone.frames) == 8
    with pytest.raises(RequestError, match="found 7 frames"):
        made(replace(roomy, manifest=manifest), num_frames=7)


def test_progress_tells_every_window(roomy: Bundle) -> None:
    seen: list[Progress] = []
    made(roomy, num_frames=40, on_step=seen.append)
    denoising = [progress for progress in seen if progress.stage is Stage.DENOISE]
    assert [(progress.done, progress.total) for progress in denoising] == [(done, 6) for done in range(1, 7)]
    assert [progress.preview is not None for progress in denoising] == [False, False, True] * 2
    assert denoising[2].preview is not None
    assert len(denoising[2].preview) == 40


def test_equal_prompts_are_the_plain_clip_bit_by_bit(roomy: Bundle) -> None:
    plain, once = made(roomy)
    same, again = made(roomy, prompts_at=((4, "day"), ("100%", "day")))
    assert plain.frames.tobytes() == same.frames.tobytes()
    assert len(once.calls) == len(again.calls)


def test_each_prompt_acts_alone_at_its_keyframe(roomy: Bundle) -> None:
    """Frames know nothing of each other here, so that a frame is that of the clip with its prompt alone."""
    day, night = made(roomy)[0], made(roomy, prompt="night")[0]
    travelling, backend = made(roomy, prompts_at=((8, "night"),))
    assert np.abs(travelling.frames[0].astype(int) - day.frames[0]).max() <= 1
    assert np.abs(travelling.frames[8:].astype(int) - night.frames[8:]).max() <= 1
    assert np.abs(travelling.frames[4].astype(int) - day.frames[4]).max() > 1
    assert np.abs(travelling.frames[4].astype(int) - night.frames[4]).max() > 1
    # One call for no prompt, one for each of the two, in both steps; never two prompts at once.
    assert [len(inputs["latents"]) for inputs in backend.unet_calls()] == [1] * 6
    assert travelling.recipe is not None
    assert travelling.recipe.prompts_at == ((8, "night"),)


def test_what_is_blended_is_the_noise_that_the_unet_says(roomy: Bundle) -> None:
    """Without guidance and in one step, the clip at a frame is a mean of both clips before they are decoded."""
    choices: dict[str, Any] = {"guidance_scale": 1, "num_inference_steps": 1}
    pipeline = AnimationPipeline(roomy, PlainBackend())
    settings = pipeline.settle(FIRST, AnimationRequest(prompt="day", num_frames=16, prompts_at=((8, "night"),)))
    np.testing.assert_allclose(settings.travel.weights[1, :9], np.arange(9) / 8)
    _, backend = made(roomy, prompts_at=((8, "night"),), **choices)
    assert len(backend.unet_calls()) == 2


def test_in_windows_only_the_prompts_that_act_there_are_asked(roomy: Bundle) -> None:
    prompts_at = ((30, "day"), (31, "night"))
    clip, backend = made(roomy, num_frames=64, prompts_at=prompts_at)
    pipeline = AnimationPipeline(roomy, PlainBackend())
    request = AnimationRequest(prompt="day", num_frames=64, prompts_at=prompts_at, num_inference_steps=2)
    settings = pipeline.settle(FIRST, request)
    # Four strided windows without a prompt and with both. Then five without a prompt and with one, but for that of the
    # frames 24 to 39, which has both.
    assert len(backend.unet_calls()) == settings.unet_calls == (4 + 4 * 2) + (5 + 5 + 1)
    assert len(clip.frames) == 64


def test_guidance_in_a_part_of_the_steps_counts(roomy: Bundle) -> None:
    choices: dict[str, Any] = {"num_inference_steps": 4, "guidance_interval": (0.0, 0.4)}
    _, backend = made(roomy, prompts_at=((8, "night"),), **choices)
    request = AnimationRequest(prompt="day", num_frames=16, prompts_at=((8, "night"),), **choices)
    settings = AnimationPipeline(roomy, PlainBackend()).settle(FIRST, request)
    assert len(backend.unet_calls()) == settings.unet_calls == 4 * 2 + 2


def test_each_frame_has_the_appearance_of_the_nearer_picture(roomy: Bundle) -> None:
    """Recomputed from the two pictures' latents, without the trick that the planes are."""
    clip, backend = made(roomy, last=SECOND, motion=Motion(level=Level.LARGE))
    given = backend.unet_calls()[0]
    planes = given["appearance"][:, None] + np.einsum("gf,gchw->fchw", given["affinity"], given["gain"])[None]
    first, second = (inputs["image_latents"] for module, inputs in backend.calls if module is Module.CONDITION)
    for frame in range(16):
        latents = first if frame < 8 else second
        expected = np.concatenate([latents, -latents], axis=1) + given["affinity"][0, frame] * 0.5
        np.testing.assert_allclose(planes[0, frame], expected[0], atol=1e-5)
    assert clip.recipe is not None
    assert (clip.recipe.picture_name, clip.recipe.last_picture_name) == ("1.png", "2.png")
    assert len(clip.recipe.last_picture_sha256) == 64
    assert clip.recipe.affinity[0] == clip.recipe.affinity[-1] == 1


def test_two_equal_pictures_differ_from_one_by_the_affinity_and_the_draw_alone(roomy: Bundle) -> None:
    plain, _ = made(roomy, motion=Motion(linear=(1, 1)))
    twice, _ = made(roomy, last=FIRST, motion=Motion(linear=(1, 1)))
    # Image latents are drawn for each picture, so the second half is near the first, and not equal.
    assert np.abs(plain.frames[:8].astype(int) - twice.frames[:8]).max() <= 1
    assert differ(plain, twice) > 0


@pytest.mark.parametrize("choices", [{"num_frames": 40}, {"prompts_at": ((8, "night"),)}, {"condition_frame": 3}])
def test_a_second_picture_goes_with_everything_else(choices: dict[str, Any], roomy: Bundle) -> None:
    clip, backend = made(roomy, last=SECOND, **choices)
    again, _ = made(roomy, last=SECOND, **choices)
    assert clip.frames.tobytes() == again.frames.tobytes()
    assert all(len(inputs["affinity"]) == len(inputs["gain"]) == 2 for inputs in backend.unet_calls())
    assert clip.recipe is not None
    assert clip.recipe.affinity[choices.get("condition_frame", 0)] == clip.recipe.affinity[-1] == 1


def test_a_bundle_without_room_for_a_second_picture_says_so(sample_bundle: Bundle) -> None:
    manifest = msgspec.structs.replace(sample_bundle.manifest, second_picture=False)
    with pytest.raises(RequestError, match="takes one picture"):
        made(replace(sample_bundle, manifest=manifest), last=SECOND)


def test_the_second_picture_is_brought_to_the_size_of_the_first(roomy: Bundle) -> None:
    wide = drawn_picture(3, height=64, width=160)
    with pytest.raises(RequestError, match="would be distorted"):
        made(roomy, last=wide)
    clip, _ = made(roomy, last=wide, fit=Fit.CROP)
    assert clip.frames.shape == (16, 64, 80, 3)


@pytest.mark.parametrize("condition_frame", [0, 5, 15])
@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"motion": LOOP},
        {"motion": LOOP, "window": 8},
        {"motion": Motion(style_transfer=True)},
        {"motion": Motion(keyframes=((0, 1.0), ("100%", 0.5)))},
        {"prompts_at": (("50%", "night"),)},
        {"window": 8, "prompts_at": (("50%", "night"),)},
    ],
)
def test_any_frame_may_be_the_picture(choices: dict[str, Any], condition_frame: int, roomy: Bundle) -> None:
    clip, _ = made(roomy, condition_frame=condition_frame, **choices)
    assert clip.recipe is not None
    assert clip.recipe.condition_frame == condition_frame
    named = choices.get("motion", Motion())
    if named.named and not named.style_transfer:
        assert clip.recipe.affinity[condition_frame] == 1


def test_latents_are_the_same_for_every_reader(roomy: Bundle) -> None:
    """What the UNet is given of a window is laid out as a clip of its own."""
    _, backend = made(roomy, num_frames=40)
    contiguous: list[NDArray[Any]] = [inputs["latents"] for inputs in backend.unet_calls()]
    assert all(array.flags.c_contiguous for array in contiguous)
