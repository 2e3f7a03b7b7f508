"""Prompts by frame: the clip passes from one into the next.

An exported UNet takes one text for all frames of a call, so frames cannot have texts of their own. The UNet is called
once for each prompt that acts, and what it says is blended frame by frame: at a keyframe its prompt alone counts, and
between two keyframes the weights go from one to the other in straight lines. This is exact on every backend and takes
no more memory. It costs one UNet call per step for each prompt that acts, and one for the negative prompt, where a
clip of one prompt has two in all. In windows (:mod:`pia_edge.windows`) only those that act within a window count.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pia_edge import checks
from pia_edge.errors import RequestError
from pia_edge.keyframes import Position, check_pairs, places_in_clip

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_PROMPTS = 64


@dataclass(frozen=True, kw_only=True, eq=False)
class PromptTravel:
    """Which prompt acts at which frame."""

    prompts: tuple[str, ...]
    """Each once; the first is that of the first frame."""
    weights: "NDArray[np.float32]"
    """(prompts, frames), 0 … 1; those of a frame have the sum 1."""


def check_travel(prompts_at: object) -> tuple[tuple[Position, str], ...]:
    """Return prompts by position, checked.

    Raises:
        RequestError: they are not pairs of a position behind the first frame and a text.
    """
    checked: list[tuple[Position, str]] = []
    for index, (position, text) in enumerate(check_pairs("prompts_at", prompts_at, "a prompt")):
        if float(str(position).removesuffix("%")) == 0:
            raise RequestError(f"prompts_at[{index}]: frame 0 has the prompt itself. Choose a later frame.")
        checked.append((position, checks.prompt(f"prompts_at[{index}]", text)))
    if len(checked) > MAX_PROMPTS:
        raise RequestError(f"prompts_at: expected at most {MAX_PROMPTS} prompts, found {len(checked)}.")
    return tuple(checked)


def prompt_travel(
    prompt: str, prompts_at: tuple[tuple[Position, str], ...], num_frames: int, *, period: int | None = None
) -> PromptTravel:
    """Return which prompt acts at which frame.

    Args:
        prompt: that of the first frame.
        prompts_at: further ones, in the order of the clip.
        num_frames: of the clip.
        period: after how many frames the first prompt is to act again, in a loop; None to stay with the last one.

    Raises:
        RequestError: a position is none of the clip, or they do not ascend.
    """
    # Requests check their prompts, and help is shown, without it.
    import numpy as np

    positions: list[Position] = [0, *(position for position, _ in prompts_at)]
    places = places_in_clip("prompts_at", positions, num_frames)
    texts = [prompt, *(text for _, text in prompts_at)]
    if period is not None and places[-1] < period:
        places, texts = [*places, float(period)], [*texts, prompt]
    distinct = tuple(dict.fromkeys(texts))
    if len(distinct) == 1:
        return PromptTravel(prompts=distinct, weights=np.ones((1, num_frames), np.float32))
    at_keyframes = np.array([[text == each for text in texts] for each in distinct], dtype=np.float64)
    frames = np.arange(num_frames)
    weights = np.stack([np.interp(frames, places, row) for row in at_keyframes]).astype(np.float32)
    return PromptTravel(prompts=distinct, weights=weights)
