"""Clips that tests of the player and the gallery show."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pia_edge.clip import Animation
from pia_edge.job import Made
from tests.clip.examples import few_colours, make_recipe

FRAMES = few_colours(4)
HEIGHT, WIDTH = FRAMES.shape[1:3]


class NoTrash:
    """A file on a disk that has no trash."""

    def __init__(self, name: str) -> None:
        self._name = name

    def moveToTrash(self) -> bool:  # noqa: N802 - Qt's name
        return False

    def fileName(self) -> str:  # noqa: N802 - Qt's name
        return self._name


def save_clip(path: Path, frames: npt.NDArray[np.uint8] = FRAMES, **changes: Any) -> Made:
    """Write ``frames`` as the app does, and return what a worker says of it."""
    count, height, width, _ = frames.shape
    recipe = make_recipe(**({"num_frames": count, "width": width, "height": height} | changes))
    path.parent.mkdir(parents=True, exist_ok=True)
    Animation(frames=frames, fps=recipe.fps, recipe=recipe).save(path)
    return Made(path=path, recipe=recipe, num_frames=count, notes=(), seconds=12.5, peak_memory=None)
