"""Previews: the linear map from latents to colours."""

import warnings

import numpy as np
import pytest

from pia_edge.preview import LatentPreview

RANDOM = np.random.default_rng(0)
MATRIX = RANDOM.normal(0, 20, (4, 3))


def colours_of(latents: np.ndarray) -> np.ndarray:
    """Colours that depend on latents (4, height, width) in a linear way, (height, width, 3)."""
    return np.clip(np.rint(np.moveaxis(latents, 0, -1) @ MATRIX + 128), 0, 255).astype(np.uint8)


def test_a_linear_relation_is_found_again() -> None:
    image_latents = RANDOM.standard_normal((1, 4, 9, 12)).astype(np.float32)
    pixels = colours_of(image_latents[0]).repeat(8, axis=0).repeat(8, axis=1)
    preview = LatentPreview(pixels, image_latents)
    clip = RANDOM.standard_normal((1, 4, 5, 9, 12)).astype(np.float32)
    frames = preview.frames(clip)
    assert frames.shape == (5, 9, 12, 3)
    assert frames.dtype == np.uint8
    for index in range(5):
        # The pixels it was fitted to are rounded and clipped.
        assert np.abs(frames[index].astype(int) - colours_of(clip[0, :, index])).max() <= 4


@pytest.mark.parametrize("shape", [(16, 16), (24, 32), (64, 8)])
def test_a_picture_of_one_colour_previews_as_that_colour(shape: tuple[int, int]) -> None:
    pixels = np.full((*shape, 3), (10, 200, 77), np.uint8)
    image_latents = np.full((1, 4, shape[0] // 8, shape[1] // 8), 0.3, np.float32)
    clip = np.broadcast_to(image_latents[:, :, None], (1, 4, 2, *image_latents.shape[2:]))
    frames = LatentPreview(pixels, image_latents).frames(clip)
    assert np.abs(frames.astype(int) - (10, 200, 77)).max() <= 1


def test_extreme_latents_are_clipped_without_a_warning() -> None:
    pixels = RANDOM.integers(0, 256, (32, 32, 3), dtype=np.uint8)
    image_latents = RANDOM.standard_normal((1, 4, 4, 4)).astype(np.float32)
    clip = np.full((1, 4, 1, 4, 4), 1e30, np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frames = LatentPreview(pixels, image_latents).frames(clip)
    assert set(np.unique(frames)) <= {0, 255}
