"""The finished clip: saved, read back, and played to and fro."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from pia_edge.clip import Animation, Recipe, read_recipe, sha256_of_pixels
from pia_edge.errors import OutputError, RequestError
from pia_edge.request import Motion

FRAMES = np.random.default_rng(2).integers(0, 256, (5, 8, 12, 3), dtype=np.uint8)


def make_animation() -> Animation:
    recipe = Recipe(
        prompt="a bear",
        seed=7,
        motion=Motion(),
        affinity=(1.0,) * 5,
        num_frames=5,
        width=12,
        height=8,
        num_inference_steps=4,
        guidance_scale=7.5,
        fps=10.0,
        scheduler="ddim",
        bundle_name="sample",
        backend="cpu",
        frames_sha256=sha256_of_pixels(FRAMES),
    )
    return Animation(frames=FRAMES, fps=10.0, recipe=recipe)


def test_save_returns_the_path_and_keeps_frames_rate_and_recipe(tmp_path: Path) -> None:
    animation = make_animation()
    path = animation.save(str(tmp_path / "clip.apng"))
    assert path == tmp_path / "clip.apng"
    assert read_recipe(path) == animation.recipe
    decoded = []
    with Image.open(path) as image:
        for index in range(5):
            image.seek(index)
            assert image.info["duration"] == 100
            decoded.append(np.asarray(image.convert("RGB")))
    assert sha256_of_pixels(np.stack(decoded)) == read_recipe(path).frames_sha256


def test_save_overwrites_only_when_told(tmp_path: Path) -> None:
    animation = make_animation()
    animation.save(tmp_path / "clip.gif")
    with pytest.raises(OutputError, match="exists already"):
        animation.save(tmp_path / "clip.gif")
    animation.save(tmp_path / "clip.gif", overwrite=True)


@pytest.mark.parametrize(("num_frames", "order"), [(1, [0]), (2, [0, 1]), (3, [0, 1, 2, 1]), (4, [0, 1, 2, 3, 2, 1])])
def test_ping_pong_repeats_neither_end(num_frames: int, order: list[int]) -> None:
    animation = Animation(frames=FRAMES[:num_frames], fps=8)
    assert np.array_equal(animation.ping_pong().frames, FRAMES[order])
    assert len(animation.frames) == num_frames


def test_the_recipe_of_a_ping_pong_tells_it(tmp_path: Path) -> None:
    animation = make_animation()
    both_ways = animation.ping_pong()
    assert animation.recipe is not None
    assert both_ways.recipe == msgspec.structs.replace(animation.recipe, ping_pong=True)
    recipe = read_recipe(both_ways.save(tmp_path / "clip.webp"))
    assert recipe.ping_pong
    assert recipe.num_frames == 5
    assert recipe.frames_sha256 == sha256_of_pixels(both_ways.frames[:5])
    with pytest.raises(RequestError, match="both ways"):
        both_ways.ping_pong()


def test_an_animation_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        make_animation().fps = 3.0  # type: ignore[misc]


def test_a_loop_leaves_out_the_frame_that_is_the_first_again(tmp_path: Path) -> None:
    animation = make_animation()
    loop = animation.without_last()
    assert np.array_equal(loop.frames, FRAMES[:-1])
    assert animation.recipe is not None
    assert loop.recipe == msgspec.structs.replace(animation.recipe, without_last=True)
    recipe = read_recipe(loop.save(tmp_path / "clip.webp"))
    assert recipe.num_frames == 5
    assert recipe.frames_sha256 == sha256_of_pixels(FRAMES)
    with pytest.raises(RequestError, match="at least 2 frames"):
        loop.without_last()
    with pytest.raises(RequestError, match="at least 2 frames"):
        Animation(frames=FRAMES[:1], fps=8).without_last()
