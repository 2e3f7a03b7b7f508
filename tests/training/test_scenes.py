"""Rendered pictures: seeded, varied, and captioned."""

from pathlib import Path

import numpy as np
import pytest
import torch

from pia_edge.training.canvas import Canvas, fractal_noise
from pia_edge.training.photographs import load_photographs, photograph_crop
from pia_edge.training.pictures import load_pictures, render_pictures, save_pictures
from pia_edge.training.scenes import SCENES, render_scene
from pia_edge.training.sources import Sources

RENDERED = Sources(photographs={}, panoramas={}, cutouts=[])


@pytest.mark.parametrize("painter", list(SCENES))
def test_every_scene_fills_the_canvas_and_has_a_caption(painter: object) -> None:
    canvas = Canvas(np.random.default_rng(3), 64)
    caption = painter(canvas)  # type: ignore[operator]
    picture = canvas.finished()
    assert picture.shape == (64, 64, 3)
    assert picture.dtype == np.uint8
    assert len(caption.split()) >= 3
    assert picture.std() > 4


def test_the_seed_decides_the_scene() -> None:
    first, second = (render_scene(np.random.default_rng(7), 48) for _ in range(2))
    np.testing.assert_array_equal(first[0], second[0])
    assert first[1] == second[1]
    other, _ = render_scene(np.random.default_rng(8), 48)
    assert np.abs(other.astype(int) - first[0]).mean() > 5


def test_shapes_lie_where_they_are_asked_for() -> None:
    canvas = Canvas(np.random.default_rng(0), 100)
    box = canvas.box(0.2, 0.1, 0.4, 0.9)
    assert box[50, 30] == 1
    assert box[50, 60] == 0
    triangle = canvas.polygon([(0.5, 0.2), (0.8, 0.8), (0.2, 0.8)])
    assert triangle[60, 50] == 1
    assert triangle[25, 20] == 0
    disc = canvas.ellipse(0.5, 0.5, 0.2, 0.1)
    assert float(disc.sum()) == pytest.approx(np.pi * 20 * 10, rel=0.02)


def test_noise_is_smoother_for_larger_exponents() -> None:
    rough, smooth = (fractal_noise(np.random.default_rng(0), 64, exponent) for exponent in (0.5, 3.0))
    assert rough.std() == pytest.approx(1, abs=1e-3)
    assert np.abs(np.diff(rough)).mean() > 3 * np.abs(np.diff(smooth)).mean()


def test_the_store_survives_the_disk(tmp_path: Path) -> None:
    pictures = render_pictures(5, 4, RENDERED)
    save_pictures(pictures, tmp_path / "pictures.pt")
    again = load_pictures(tmp_path / "pictures.pt")
    assert torch.equal(again.canvases, pictures.canvases)
    assert again.captions == pictures.captions
    assert again.provenance == pictures.provenance


def test_without_photographs_everything_is_rendered() -> None:
    pictures = render_pictures(5, 3, RENDERED)
    assert pictures.provenance == {}
    assert not any("photograph" in caption for caption in pictures.captions)


def test_photographs_are_cut_and_recoloured() -> None:
    photographs = load_photographs()
    if not photographs:
        pytest.skip("scikit-image is not installed")
    generator = np.random.default_rng(1)
    crops = [photograph_crop(generator, photographs, 32) for _ in range(4)]
    assert all(crop.shape == (32, 32, 3) for crop, _ in crops)
    assert all("photograph of" in caption for _, caption in crops)
