"""PIA Edge: animate a still picture from a sentence, offline.

The names below are the public Python interface. They are imported when first used, so that ``import pia_edge``
costs next to nothing.
"""

import importlib
from typing import TYPE_CHECKING

from pia_edge._version import __version__

if TYPE_CHECKING:
    from pia_edge.bundle import Bundle
    from pia_edge.cancel import CancelToken
    from pia_edge.clip import Animation, Recipe, read_recipe
    from pia_edge.decoding import Decoder
    from pia_edge.errors import PiaError
    from pia_edge.image import Picture, read_picture
    from pia_edge.job import Job, Made
    from pia_edge.pipeline import AnimationPipeline
    from pia_edge.progress import Progress
    from pia_edge.request import AnimationRequest, Fit, Level, Motion, SchedulerName
    from pia_edge.worker import Worker

_HOMES = {
    "Animation": "clip",
    "AnimationPipeline": "pipeline",
    "AnimationRequest": "request",
    "Bundle": "bundle",
    "CancelToken": "cancel",
    "Decoder": "decoding",
    "Fit": "request",
    "Job": "job",
    "Level": "request",
    "Made": "job",
    "Motion": "request",
    "PiaError": "errors",
    "Picture": "image",
    "Progress": "progress",
    "Recipe": "clip",
    "SchedulerName": "request",
    "Worker": "worker",
    "read_picture": "image",
    "read_recipe": "clip",
}

__all__ = [
    "Animation",
    "AnimationPipeline",
    "AnimationRequest",
    "Bundle",
    "CancelToken",
    "Decoder",
    "Fit",
    "Job",
    "Level",
    "Made",
    "Motion",
    "PiaError",
    "Picture",
    "Progress",
    "Recipe",
    "SchedulerName",
    "Worker",
    "__version__",
    "read_picture",
    "read_recipe",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'pia_edge' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"pia_edge.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
