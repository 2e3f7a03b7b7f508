"""The plan is the fastest way that fits, and a refusal names settings that do."""

import re
from dataclasses import replace

import pytest

from pia_edge import AnimationPipeline, AnimationRequest, Picture
from pia_edge.bundle import Bundle
from pia_edge.bundle.layout import layout_of
from pia_edge.bundle.manifest import ClipSize, Layout
from pia_edge.errors import OutOfMemoryError
from pia_edge.memory_plan import ClipShape, MemoryPlan, estimate, plan_memory
from pia_edge.memory_use import MemoryUse
from pia_edge.modules import Module
from tests.injection import InjectedBackend

USE = MemoryUse(process=10**8, unet=2.0, others=0.1, values=30.0, scores=4.0, pixels=10.0)
SHAPE = ClipShape(frames=16, width=128, height=96, guided=True)


def peak(bundle: Bundle, shape: ClipShape, way: MemoryPlan) -> int:
    return estimate(bundle, USE, shape, way).peak or 0


def test_the_estimate_is_the_sum_of_what_is_loaded(tiny: Bundle) -> None:
    manifest = tiny.manifest
    unet = sum(manifest.files[name].size for name in manifest.modules[Module.UNET].weights)
    layout = layout_of(manifest)
    positions = (128 // manifest.vae.downscale) * (96 // manifest.vae.downscale)
    level = layout.attention.index(True)
    work = positions * layout.channels[0] * 30.0 + (positions / 4**level) ** 2 * layout.heads * 4.0
    stages = estimate(tiny, USE, SHAPE, MemoryPlan()).stages
    assert stages is not None
    assert stages["denoise"] == round(10**8 + 2.0 * unet + 2 * 16 * work)


def test_the_fastest_way_that_fits_is_taken(tiny: Bundle) -> None:
    ways = [MemoryPlan(), MemoryPlan(keep_unet=False), MemoryPlan(keep_unet=False, split_guidance=True)]
    peaks = [peak(tiny, SHAPE, way) for way in ways]
    assert peaks == sorted(peaks, reverse=True)
    assert len(set(peaks)) == 3
    for way, needed in zip(ways, peaks, strict=True):
        assert replace(plan_memory(tiny, USE, SHAPE, needed), stages=None) == way
    assert plan_memory(tiny, USE, SHAPE, None).keep_unet
    with pytest.raises(OutOfMemoryError):
        plan_memory(tiny, USE, SHAPE, peaks[-1] - 1)
    leanest = plan_memory(tiny, USE, SHAPE, 1, allowed=False)
    assert leanest.split_guidance, "what is merely free refuses nothing"


def test_without_guidance_there_is_nothing_to_split(tiny: Bundle) -> None:
    plan = plan_memory(tiny, USE, replace(SHAPE, guided=False), 1, allowed=False)
    assert not plan.split_guidance


def test_a_refusal_names_settings_that_fit(tiny: Bundle) -> None:
    least = MemoryPlan(keep_unet=False, split_guidance=True)
    limit = peak(tiny, replace(SHAPE, frames=9), least)
    with pytest.raises(OutOfMemoryError, match="at least") as refused:
        plan_memory(tiny, USE, SHAPE, limit)
    found = re.search(r"(\d+) frames or a size of (\d+)x(\d+) would fit", str(refused.value))
    assert found is not None
    frames, width, height = (int(number) for number in found.groups())
    assert frames == 9
    assert peak(tiny, replace(SHAPE, width=width, height=height), least) <= limit
    assert width < 128
    assert abs(width / height - 128 / 96) < 0.2
    with pytest.raises(OutOfMemoryError, match="lower precision"):
        plan_memory(tiny, USE, SHAPE, 10)


def test_of_fixed_clips_one_that_fits_is_named(tiny: Bundle) -> None:
    import msgspec

    clips = (ClipSize(frames=16, width=128, height=96), ClipSize(frames=8, width=64, height=64))
    fixed = replace(tiny, manifest=msgspec.structs.replace(tiny.manifest, clips=clips))
    least = MemoryPlan(keep_unet=False, split_guidance=True)
    limit = peak(tiny, replace(SHAPE, frames=8, width=64, height=64), least)
    with pytest.raises(OutOfMemoryError, match="8 frames of 64x64 fit"):
        plan_memory(fixed, USE, SHAPE, limit)


def test_what_nobody_has_measured_is_not_planned(tiny: Bundle) -> None:
    plan = plan_memory(tiny, None, SHAPE, 1)
    assert plan == MemoryPlan()
    assert plan.peak is None


def test_exported_bundles_know_their_layout(tiny: Bundle, tiny_onnx: Bundle) -> None:
    assert tiny_onnx.manifest.layout == layout_of(tiny.manifest)
    assert tiny_onnx.manifest.layout != Layout(
        channels=(320, 640, 1280, 1280), attention=(True, True, True, False), heads=8
    )


def test_the_pipeline_obeys(tiny_onnx: Bundle, picture: Picture) -> None:
    from pia_edge.runtimes import BACKENDS

    backend = InjectedBackend(BACKENDS["cpu"](), lambda _module, _count, outputs: outputs)
    pipeline = AnimationPipeline(tiny_onnx, backend)
    request = AnimationRequest(prompt="a cat", seed=3, num_frames=3, num_inference_steps=2, guidance_scale=3)
    usual = pipeline.animate(picture, request, plan=MemoryPlan())
    once = unet_calls(backend)
    split = pipeline.animate(picture, request, plan=MemoryPlan(keep_unet=False, split_guidance=True))
    assert (once, unet_calls(backend) - once) == (2, 4)
    assert split.recipe is not None
    assert split.recipe.split_guidance
    assert abs(split.frames.astype(int) - usual.frames.astype(int)).max() <= 1


def unet_calls(backend: InjectedBackend) -> int:
    return [module for module, _ in backend.calls].count(Module.UNET)


def test_windows_take_what_one_of_them_takes(tiny: Bundle) -> None:
    once, long, longer = (
        estimate(tiny, USE, replace(SHAPE, whole=whole), MemoryPlan()).stages for whole in (0, 64, 1024)
    )
    assert once is not None
    assert long is not None
    assert longer is not None
    latents = 4 * 4 * (128 // 8) * (96 // 8)
    assert long["denoise"] - once["denoise"] == 6 * 64 * latents
    assert longer["denoise"] - once["denoise"] == 6 * 1024 * latents
    assert longer["decode"] - once["decode"] == 1024 * (6 * latents + 3 * 128 * 96)
    assert long["encode"] == once["encode"]


def test_a_refusal_of_windows_names_a_window_that_fits(tiny: Bundle) -> None:
    shape = replace(SHAPE, whole=64)
    limit = peak(tiny, replace(shape, frames=9), MemoryPlan(keep_unet=False, split_guidance=True))
    with pytest.raises(OutOfMemoryError, match="a window of 9 frames or a size of"):
        plan_memory(tiny, USE, shape, limit)
