"""How a picture is brought to the size of the clip: the paper's rule, crop, or pad."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from pia_edge.errors import PictureError, RequestError
from pia_edge.request import Fit

Pixels = npt.NDArray[np.uint8]
Size = tuple[int, int]


@dataclass(frozen=True, kw_only=True, eq=False)
class FittedPicture:
    """A picture at the size of the clip, uint8 sRGB (height, width, 3).

    `inner_box` is (left, top, right, bottom) of the picture in it, in pixels: all of it unless padded.
    """

    pixels: Pixels
    inner_box: tuple[int, int, int, int]
    notes: tuple[str, ...] = ()


def fit_picture(
    pixels: Pixels, *, fit: Fit, size: tuple[int, int] | None, long_edge: int, multiple: int
) -> FittedPicture:
    """The picture at a size the bundle accepts: `size` (width, height), or one chosen from its own.

    Without `size`, a long edge over `long_edge` is scaled to it and nothing is ever enlarged; then both sides
    are brought to multiples of `multiple`. `original` does what the paper's code does (`preprocess_img`): two
    bicubic resizes, the second flooring each side, so that the aspect changes by less than `multiple` pixels.
    `crop` cuts that remainder off evenly; `pad` repeats the edge pixels outwards, which suits diffusion best.
    With `size`, small pictures are enlarged, and `original` serves only a size that the whole picture fills
    to within `multiple` pixels.

    Raises:
        RequestError: `size` is no multiple of `multiple`, or `original` would distort the picture.
        PictureError: without `size`, a side is shorter than `multiple` (`pad` takes such pictures too).
    """
    height, width = pixels.shape[:2]
    if long_edge < multiple:
        raise RequestError(f"long_edge: expected at least {multiple}, found {long_edge}. Give a larger one.")
    if size is None:
        return _fit_own_size(pixels, fit, long_edge, multiple)
    if min(size) < multiple or size[0] % multiple or size[1] % multiple:
        raise RequestError(f"size: expected multiples of {multiple}, found {size[0]}x{size[1]}. Choose one of these.")
    if fit is Fit.CROP:
        return _cropped(pixels, size)
    inner = _inside(width, height, size)
    if fit is Fit.PAD:
        return _padded(pixels, inner, size)
    if max(size[0] - inner[0], size[1] - inner[1]) >= multiple:
        raise RequestError(
            f"A picture of {width}x{height} pixels would be distorted at {size[0]}x{size[1]}. Choose the fit 'crop' "
            f"or 'pad', or leave the size to the picture."
        )
    return _fitted(_resized(pixels, size), _scaling(pixels, size))


def _fit_own_size(pixels: Pixels, fit: Fit, long_edge: int, multiple: int) -> FittedPicture:
    if fit is Fit.PAD:
        inner = _limited(pixels, long_edge // multiple * multiple)
        around = (-(-inner[0] // multiple) * multiple, -(-inner[1] // multiple) * multiple)
        return _padded(pixels, inner, around)
    scaled = _limited(pixels, long_edge)
    floored = (scaled[0] // multiple * multiple, scaled[1] // multiple * multiple)
    if 0 in floored:
        height, width = pixels.shape[:2]
        raise PictureError(
            f"The picture is too small or too narrow: expected at least {multiple} pixels on each side once the longer "
            f"is at most {long_edge}, found {width}x{height}. Choose the fit 'pad', or 'crop' with a size."
        )
    resized = _resized(pixels, scaled)
    if fit is Fit.ORIGINAL:
        return _fitted(_resized(resized, floored), _scaling(pixels, floored))
    left, top = (scaled[0] - floored[0]) // 2, (scaled[1] - floored[1]) // 2
    cut = resized[top : top + floored[1], left : left + floored[0]]
    notes = _scaling(pixels, scaled)
    if scaled != floored:
        notes += (f"cropped from {_text(scaled)} to {_text(floored)}",)
    return _fitted(np.ascontiguousarray(cut), notes)


def _cropped(pixels: Pixels, size: Size) -> FittedPicture:
    """The largest centred part of the shape of `size`, resized in one step: a ribbon is never blown up first."""
    height, width = pixels.shape[:2]
    part_width, part_height = min(width, height * size[0] / size[1]), min(height, width * size[1] / size[0])
    left, top = (width - part_width) / 2, (height - part_height) / 2
    box = (left, top, left + part_width, top + part_height)
    if (part_width, part_height) == (width, height):
        return _fitted(_resized(pixels, size), _scaling(pixels, size))
    resized = np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC, box=box))
    part = f"{part_width:.0f}x{part_height:.0f}"
    return _fitted(resized, (f"cropped from {width}x{height} to the middle {part}, scaled to {_text(size)}",))


def _padded(pixels: Pixels, inner: Size, size: Size) -> FittedPicture:
    left, top = (size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2
    right, bottom = size[0] - inner[0] - left, size[1] - inner[1] - top
    padded = np.pad(_resized(pixels, inner), ((top, bottom), (left, right), (0, 0)), mode="edge")
    notes = _scaling(pixels, inner)
    if inner != size:
        notes += (f"padded from {_text(inner)} to {_text(size)} by repeating the edges",)
    return FittedPicture(pixels=padded, inner_box=(left, top, left + inner[0], top + inner[1]), notes=notes)


def _limited(pixels: Pixels, long_edge: int) -> Size:
    """The size at which the longer side is at most `long_edge`, each side rounded down, at least 1."""
    height, width = pixels.shape[:2]
    longest = max(width, height)
    if longest <= long_edge:
        return width, height
    # In whole numbers: floating point gives 511 for 512 at some sizes, and the floor then loses 8 pixels.
    return max(1, width * long_edge // longest), max(1, height * long_edge // longest)


def _inside(width: int, height: int, size: Size) -> Size:
    """The largest size of the picture's shape inside `size`, rounded to the nearest pixel, at least 1."""
    if width * size[1] >= height * size[0]:
        return size[0], min(size[1], max(1, (2 * height * size[0] + width) // (2 * width)))
    return min(size[0], max(1, (2 * width * size[1] + height) // (2 * height))), size[1]


def _resized(pixels: Pixels, size: Size) -> Pixels:
    if size == (pixels.shape[1], pixels.shape[0]):
        return pixels
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC))


def _fitted(pixels: Pixels, notes: tuple[str, ...]) -> FittedPicture:
    return FittedPicture(pixels=pixels, inner_box=(0, 0, pixels.shape[1], pixels.shape[0]), notes=notes)


def _scaling(pixels: Pixels, size: Size) -> tuple[str, ...]:
    before = (pixels.shape[1], pixels.shape[0])
    return () if before == size else (f"scaled from {_text(before)} to {_text(size)}",)


def _text(size: Size) -> str:
    return f"{size[0]}x{size[1]}"
