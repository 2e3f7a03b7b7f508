"""The finished clip with its recipe: `Animation`."""

from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from pia_edge.clip.formats import save_clip
from pia_edge.clip.interpolation import interpolated
from pia_edge.clip.recipe import Recipe
from pia_edge.errors import RequestError


@dataclass(frozen=True, kw_only=True, eq=False)
class Animation:
    """A clip: `frames` uint8 sRGB (frames, height, width, 3), `fps` in frames per second, and its recipe."""

    frames: npt.NDArray[np.uint8]
    fps: float
    recipe: Recipe | None = None

    def save(self, path: Path | str, overwrite: bool = False) -> Path:
        """Write the clip in the format its suffix names, with the recipe inside; see `save_clip`.

        Returns:
            The path that was written.

        Raises:
            RequestError: no format has this suffix, or it cannot hold this clip.
            OutputError: the file exists and `overwrite` is false, or the disk refuses.
            MissingExtraError: MP4, and PyAV is not installed.
        """
        return save_clip(self.frames, path, fps=self.fps, recipe=self.recipe, overwrite=overwrite)

    def ping_pong(self) -> "Animation":
        """The clip forwards and then backwards, without repeating either end: it loops without a jump.

        The recipe says so in `ping_pong`; its `num_frames` and `frames_sha256` stay those of the generated frames.

        Raises:
            RequestError: the clip plays backwards already.
        """
        if self.recipe is not None and self.recipe.ping_pong:
            raise RequestError("ping_pong: expected a clip that plays forwards only, found one that plays both ways.")
        recipe = msgspec.structs.replace(self.recipe, ping_pong=True) if self.recipe is not None else None
        return replace(self, frames=np.concatenate([self.frames, self.frames[-2:0:-1]]), recipe=recipe)

    def without_last(self) -> "Animation":
        """The clip without its last frame, for a loop that ends where it began: played over and over, the frame that is
        both would be shown twice.

        The recipe says so in `without_last`; its `num_frames` and `frames_sha256` stay those of the generated frames.

        Raises:
            RequestError: there is one frame alone, or the last one was left out before.
        """
        if len(self.frames) < 2 or (self.recipe is not None and self.recipe.without_last):
            raise RequestError("without_last: expected a whole clip of at least 2 frames. Leave out its last one once.")
        recipe = msgspec.structs.replace(self.recipe, without_last=True) if self.recipe is not None else None
        return replace(self, frames=self.frames[:-1], recipe=recipe)

    def interpolated(self, factor: int, *, turning: bool = False) -> "Animation":
        """The clip at `factor` times its rate, with frames in between that follow the motion; the others are unchanged.

        A loop gets them between its last frame and its first as well, unless it is `turning` there to play backwards.
        The recipe says so in `interpolated`; its `num_frames`, `fps` and `frames_sha256` stay those of the generated
        frames.

        Raises:
            RequestError: the factor is outside 1 to 8, the clip is smaller than 32 pixels or would become longer than
                2,048 frames, it has been interpolated, or plays both ways: interpolate first.
            MissingExtraError: PyAV is not installed.
        """
        recipe = self.recipe
        if recipe is not None and (recipe.ping_pong or recipe.interpolated > 1):
            raise RequestError("interpolate: expected a clip as it was generated. Interpolate before anything else.")
        frames = interpolated(self.frames, factor, circular=recipe is not None and recipe.closes and not turning)
        if recipe is not None:
            recipe = msgspec.structs.replace(recipe, interpolated=factor)
        return replace(self, frames=frames, fps=self.fps * factor, recipe=recipe)

    def as_played(self, *, ping_pong: bool, without_last: bool, interpolate: int) -> "Animation":
        """The generated clip as it is shown; one that plays both ways keeps its last frame, which is a turn there.

        Raises:
            RequestError, MissingExtraError: as `ping_pong`, `without_last` and `interpolated`.
        """
        shown = self.without_last() if without_last and not ping_pong else self
        shown = shown.interpolated(interpolate, turning=ping_pong) if interpolate > 1 else shown
        return shown.ping_pong() if ping_pong else shown
