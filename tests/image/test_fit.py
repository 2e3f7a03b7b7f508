"""Pictures fitted to the size of a clip, by Pillow's own resizing."""

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from pia_edge.errors import PictureError, RequestError
from pia_edge.image import Fit, fit_picture


def picture_of(width: int, height: int) -> npt.NDArray[np.uint8]:
    return np.random.default_rng(width * height).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    ("given", "fitted"),
    [
        ((512, 640), (408, 512)),
        ((1024, 1536), (336, 512)),
        ((640, 512), (512, 408)),
        ((512, 512), (512, 512)),
        ((100, 60), (96, 56)),
        ((561, 561), (512, 512)),
        ((8, 8), (8, 8)),
    ],
)
def test_the_original_rule(given: tuple[int, int], fitted: tuple[int, int]) -> None:
    pixels = picture_of(*given)
    result = fit_picture(pixels, fit=Fit.ORIGINAL, size=None, long_edge=512, multiple=8)
    assert result.pixels.shape == (fitted[1], fitted[0], 3)
    assert result.inner_box == (0, 0, *fitted)
    scale = min(1, 512 / max(given))
    once = Image.fromarray(pixels).resize((round(given[0] * scale - 0.01), round(given[1] * scale - 0.01)))
    if max(given) <= 512:
        assert np.array_equal(result.pixels, np.asarray(once.resize(fitted)))
    assert bool(result.notes) == (given != fitted)


def test_the_original_rule_resizes_twice() -> None:
    pixels = picture_of(102, 154)
    result = fit_picture(pixels, fit=Fit.ORIGINAL, size=None, long_edge=64, multiple=8)
    twice = Image.fromarray(pixels).resize((42, 64)).resize((40, 64))
    assert np.array_equal(result.pixels, np.asarray(twice))
    assert result.notes == ("scaled from 102x154 to 40x64",)


@pytest.mark.parametrize("fit", Fit)
@pytest.mark.parametrize("given", [(512, 640), (77, 33), (1537, 1023), (64, 64), (20, 700)])
@pytest.mark.parametrize("multiple", [4, 8])
def test_own_size_is_allowed_and_never_enlarged(given: tuple[int, int], fit: Fit, multiple: int) -> None:
    result = fit_picture(picture_of(*given), fit=fit, size=None, long_edge=512, multiple=multiple)
    height, width, _ = result.pixels.shape
    left, top, right, bottom = result.inner_box
    assert width % multiple == height % multiple == 0
    assert max(width, height) <= 512
    assert right - left <= given[0]
    assert bottom - top <= given[1]


@pytest.mark.parametrize("fit", [Fit.ORIGINAL, Fit.CROP])
@pytest.mark.parametrize("given", [(1, 1), (7, 200), (1, 10000), (3000, 20)])
def test_too_small_without_a_size_is_refused_and_pads(given: tuple[int, int], fit: Fit) -> None:
    with pytest.raises(PictureError, match=r"too small or too narrow.*'pad'"):
        fit_picture(picture_of(*given), fit=fit, size=None, long_edge=512, multiple=8)
    padded = fit_picture(picture_of(*given), fit=Fit.PAD, size=None, long_edge=512, multiple=8)
    assert min(padded.pixels.shape[:2]) >= 8


@pytest.mark.parametrize("fit", [Fit.CROP, Fit.PAD])
@pytest.mark.parametrize("given", [(1, 1), (1, 10000), (10000, 1), (300, 200), (200, 300), (512, 256), (64, 32)])
def test_crop_and_pad_reach_any_size(given: tuple[int, int], fit: Fit) -> None:
    pixels = np.full((given[1], given[0], 3), 99, dtype=np.uint8)
    result = fit_picture(pixels, fit=fit, size=(64, 32), long_edge=512, multiple=8)
    assert result.pixels.shape == (32, 64, 3)
    assert np.all(result.pixels == 99)


def test_crop_keeps_the_middle() -> None:
    pixels = np.zeros((32, 96, 3), dtype=np.uint8)
    pixels[:, 32:64] = 200
    result = fit_picture(pixels, fit=Fit.CROP, size=(32, 32), long_edge=512, multiple=8)
    assert np.all(result.pixels == 200)
    assert result.notes == ("cropped from 96x32 to the middle 32x32, scaled to 32x32",)


def test_pad_repeats_the_edges_and_says_where_the_picture_is() -> None:
    pixels = picture_of(32, 16)
    result = fit_picture(pixels, fit=Fit.PAD, size=(32, 40), long_edge=512, multiple=8)
    left, top, right, bottom = result.inner_box
    assert (left, top, right, bottom) == (0, 12, 32, 28)
    assert np.array_equal(result.pixels[top:bottom, left:right], pixels)
    assert np.all(result.pixels[:top] == pixels[0])
    assert np.all(result.pixels[bottom:] == pixels[-1])
    assert result.notes == ("padded from 32x16 to 32x40 by repeating the edges",)


def test_original_with_a_size_resizes_only_what_has_its_shape() -> None:
    result = fit_picture(picture_of(300, 205), fit=Fit.ORIGINAL, size=(96, 64), long_edge=512, multiple=8)
    assert result.pixels.shape == (64, 96, 3)
    with pytest.raises(RequestError, match=r"distorted at 64x64.*'crop' or 'pad'"):
        fit_picture(picture_of(300, 205), fit=Fit.ORIGINAL, size=(64, 64), long_edge=512, multiple=8)


@pytest.mark.parametrize("size", [(0, 8), (-8, 8), (60, 64), (64, 4)])
def test_a_size_that_is_no_multiple_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(RequestError, match="multiples of 8"):
        fit_picture(picture_of(64, 64), fit=Fit.CROP, size=size, long_edge=512, multiple=8)
