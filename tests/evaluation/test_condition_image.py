"""The condition image, fitted as the pipeline fitted it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pia_edge.bundle import Bundle
from pia_edge.clip import sha256_of_pixels
from pia_edge.evaluation.condition_image import fitted_as_recorded, fitted_to
from pia_edge.image import Fit, fit_picture, read_picture
from pia_edge.request import AnimationRequest
from pia_edge.settings import settle
from tests.clip.examples import make_recipe


def noise(width: int, height: int) -> np.ndarray:
    return np.random.default_rng(4).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize("fit", list(Fit))
@pytest.mark.parametrize("picture", [(64, 48), (63, 50), (200, 150), (61, 203)])
@pytest.mark.parametrize("size", [None, (64, 48)])
def test_as_the_pipeline_does(
    tmp_path: Path, tiny: Bundle, fit: Fit, picture: tuple[int, int], size: tuple[int, int] | None
) -> None:
    Image.fromarray(noise(*picture)).save(tmp_path / "picture.png")
    if fit is Fit.ORIGINAL and size is not None and picture == (61, 203):
        pytest.skip("the pipeline refuses to distort the picture")
    opened = read_picture(tmp_path / "picture.png")
    expected = settle(tiny.manifest, opened, AnimationRequest(prompt="a", fit=fit, size=size)).picture.pixels
    height, width = expected.shape[:2]
    recipe = make_recipe(
        fit=fit, width=width, height=height, size_given=size is not None, picture_sha256=sha256_of_pixels(expected)
    )
    found, certain = fitted_as_recorded(opened.pixels, recipe)
    assert certain
    assert np.array_equal(found, expected)


def test_bundles_of_fixed_sizes_crop() -> None:
    picture = noise(90, 50)
    expected = fit_picture(picture, fit=Fit.CROP, size=(64, 48), long_edge=64, multiple=8).pixels
    recipe = make_recipe(fit=Fit.ORIGINAL, width=64, height=48, picture_sha256=sha256_of_pixels(expected))
    assert fitted_as_recorded(picture, recipe)[1]


def test_another_picture() -> None:
    recipe = make_recipe(width=64, height=48, picture_sha256="ab" * 32)
    found, certain = fitted_as_recorded(noise(90, 50), recipe)
    assert not certain
    assert np.array_equal(found, fitted_to(noise(90, 50), 64, 48))


@pytest.mark.parametrize("size", [(64, 48), (50, 51), (7, 90)])
def test_the_shape_of_any_clip(size: tuple[int, int]) -> None:
    found = fitted_to(noise(40, 30), *size)
    assert found.shape == (size[1], size[0], 3)
    if size == (64, 48):
        expected = Image.fromarray(noise(40, 30)).resize(size, Image.Resampling.BICUBIC)
        assert np.array_equal(found, np.asarray(expected))
