"""The frames of a clip file as they were generated, before formats and ways of playing changed their number."""

import numpy as np

from pia_edge.clip import Recipe
from pia_edge.clip.animation import closes
from pia_edge.clip.reading import Pixels, StoredFrames, check_room
from pia_edge.errors import PictureError


def generated_frames(stored: StoredFrames, recipe: Recipe) -> Pixels:
    """Return the frames that ``recipe`` describes, (num_frames, height, width, 3); a loop may lack its last one.

    Formats store equal frames in a row as one that is shown for as long, MP4 pads odd sides, a clip that plays both
    ways holds its frames twice, and an interpolated one others in between: all of it is undone.

    Raises:
        PictureError: the file holds another clip than its recipe says.
    """
    turns = recipe.ping_pong
    forwards = recipe.num_frames - recipe.without_last
    closed = closes(recipe) and not turns
    once = forwards * recipe.interpolated if closed else (forwards - 1) * recipe.interpolated + 1
    shown = once + (max(once - 2, 0) if turns else 0)
    counts = [1] * len(stored.pixels)
    if len(stored.pixels) == 1:
        counts = [shown]
    elif len(stored.pixels) != shown:
        fps = recipe.fps * recipe.interpolated
        counts = [max(1, round(time * fps / 1000)) for time in stored.milliseconds]
    check_room(shown, (recipe.width, recipe.height))
    height, width = stored.pixels.shape[1:3]
    padding = (width - recipe.width, height - recipe.height)
    if sum(counts) != shown or not all(0 <= excess <= 1 for excess in padding):
        raise PictureError(
            f"expected {shown} frames of {recipe.width}x{recipe.height} as its recipe says, found {sum(counts)} of "
            f"{width}x{height}. It was changed since; take the original, or list it in set.json."
        )
    all_shown = np.repeat(stored.pixels[:, : recipe.height, : recipe.width], counts, axis=0)
    return all_shown[: once : recipe.interpolated]
