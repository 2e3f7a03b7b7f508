"""The condition image at the size of its clip."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from pia_edge.clip import Recipe, sha256_of_pixels
from pia_edge.errors import PictureError, RequestError
from pia_edge.image import Fit, fit_picture

Pixels = npt.NDArray[np.uint8]

# What bundles may ask sides to be multiples of; a recipe does not say.
_MULTIPLES = (8, 16, 32, 64)


def fitted_to(pixels: Pixels, width: int, height: int) -> Pixels:
    """Return the largest middle part of a picture that has the shape of the clip, at the clip's size."""
    return fit_picture(pixels, fit=Fit.CROP, size=(width, height), long_edge=max(width, height), multiple=1).pixels


def fitted_as_recorded(pixels: Pixels, recipe: Recipe) -> tuple[Pixels, bool]:
    """Return the picture as the clip of ``recipe`` was made from it, and whether every pixel is certain to be the same.

    The recipe has the hash of the fitted picture, and the ways of fitting are few, so they are tried. None may give
    that hash: decoders of JPEG differ, and the picture may have been changed; then it is cropped to the clip's shape.
    """
    for fitted in _fitted(pixels, recipe):
        if sha256_of_pixels(fitted) == recipe.picture_sha256:
            return fitted, True
    return fitted_to(pixels, recipe.width, recipe.height), False


def _fitted(pixels: Pixels, recipe: Recipe) -> Iterator[Pixels]:
    size = (recipe.width, recipe.height)
    # A picture over the bundle's long edge was scaled to it, a smaller one was not scaled.
    edges = (max(size), max(pixels.shape[:2]))
    ways = [(recipe.fit, size, edges[0]), *((recipe.fit, None, edge) for edge in edges if not recipe.size_given)]
    # Bundles of fixed sizes crop whatever the recipe's fit is.
    ways.append((Fit.CROP, size, edges[0]))
    for multiple in _MULTIPLES:
        for fit, wanted, edge in ways:
            try:
                fitted = fit_picture(pixels, fit=fit, size=wanted, long_edge=edge, multiple=multiple).pixels
            except (RequestError, PictureError):
                continue  # this way cannot have been the one
            if fitted.shape == (recipe.height, recipe.width, 3):
                yield fitted
