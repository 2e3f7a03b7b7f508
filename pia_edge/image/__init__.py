"""Pictures in: reading one, fitting it to the clip, and the range of numbers that the modules take."""

from pia_edge.image.fit import FittedPicture, fit_picture
from pia_edge.image.model_range import from_model_range, to_model_range
from pia_edge.image.read import FORMATS, MAX_FILE, MAX_PIXELS, MAX_SIDE, Picture, read_picture
from pia_edge.request import Fit

__all__ = [
    "FORMATS",
    "MAX_FILE",
    "MAX_PIXELS",
    "MAX_SIDE",
    "Fit",
    "FittedPicture",
    "Picture",
    "fit_picture",
    "from_model_range",
    "read_picture",
    "to_model_range",
]
