"""The frames of a clip file as they were generated, before formats and ways of playing changed their number."""

import numpy as np

from pia_edge.clip import Recipe
from pia_edge.clip.reading import Pixels, StoredFrames, check_room
from pia_edge.clip.timing import frames_forwards, frames_played, times_shown
from pia_edge.errors import PictureError


def generated_frames(stored: StoredFrames, recipe: Recipe) -> Pixels:
    """Return the frames that ``recipe`` describes, (num_frames, height, width, 3); a loop may lack its last one.

    Formats store equal frames in a row as one that is shown for as long, MP4 pads odd sides, a clip that plays both
    ways holds its frames twice, and an interpolated one others in between: all of it is undone.

    Raises:
        PictureError: the file holds another clip than its recipe says.
    """
    played = frames_played(recipe)
    counts = times_shown(stored.milliseconds, recipe)
    check_room(played, (recipe.width, recipe.height))
    height, width = stored.pixels.shape[1:3]
    padding = (width - recipe.width, height - recipe.height)
    if counts is None or not all(0 <= excess <= 1 for excess in padding):
        raise PictureError(
            f"expected {played} frames of {recipe.width}x{recipe.height} as its recipe says, found "
            f"{len(stored.pixels)} of {width}x{height}. It was changed since; take the original, or list it in "
            f"set.json."
        )
    all_shown = np.repeat(stored.pixels[:, : recipe.height, : recipe.width], counts, axis=0)
    return all_shown[: frames_forwards(recipe) : recipe.interpolated]
