"""How often each stored frame is shown at a steady rate: formats store equal frames in a row as one."""

from collections.abc import Sequence

from pia_edge.clip.recipe import Recipe

MAX_PLAYED_FRAMES = 2048
"""The longest clip that is read: 1,024 frames that play forwards and then backwards, or are interpolated once."""
SECONDS_UNKNOWN = 0.1
"""How long a frame is shown whose file does not tell, as browsers have it."""


def frames_forwards(recipe: Recipe) -> int:
    """Return how many frames the clip of ``recipe`` shows until it turns or is at its end."""
    kept = recipe.num_frames - recipe.without_last
    return kept * recipe.interpolated if recipe.closes else (kept - 1) * recipe.interpolated + 1


def frames_played(recipe: Recipe) -> int:
    """Return how many frames the clip of ``recipe`` shows when it is played once."""
    forwards = frames_forwards(recipe)
    return forwards + (max(forwards - 2, 0) if recipe.ping_pong else 0)


def times_shown(milliseconds: Sequence[float], recipe: Recipe) -> list[int] | None:
    """Return how many frames of the clip of ``recipe`` each stored frame stands for.

    Args:
        milliseconds: how long each stored frame is shown.
        recipe: that of the clip.

    Returns:
        None if the file holds another clip than its recipe says.
    """
    played = frames_played(recipe)
    if len(milliseconds) == played:
        return [1] * played
    if len(milliseconds) == 1:
        return [played]
    counts = [max(1, round(time * recipe.rate / 1000)) for time in milliseconds]
    return counts if sum(counts) == played else None


def steady_rate(milliseconds: Sequence[float]) -> tuple[float, list[int]]:
    """Return frames per second at which a clip of unknown origin plays steadily, and how often each frame is shown.

    The frame that is shown shortest sets the pace: 120, 120 and 360 ms are 1, 1 and 3 frames.

    Args:
        milliseconds: how long each stored frame is shown; 0 where the file does not tell.
    """
    times = [time or 1000 * SECONDS_UNKNOWN for time in milliseconds]
    counts = [round(time / min(times)) for time in times]
    return 1000 * sum(counts) / sum(times), counts
