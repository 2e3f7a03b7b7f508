"""How near a clip's frames are to the condition image and to the prompt in CLIP's space.

CLIPScore: Hessel et al., "CLIPScore: A Reference-free Evaluation Metric for Image Captioning", 2021, equation 1 with
w = 2.5, here in percent. AnimateBench names no backbone and does not say whether the condition frame counts, so the
paper's numbers cannot be compared with these.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pia_edge.evaluation.measures import other_frames
from pia_edge.evaluation.report import Alignment, Score

if TYPE_CHECKING:
    from pia_edge.evaluation.backbone import Clip

_WEIGHT = 2.5

Pixels = npt.NDArray[np.uint8]
Cosines = npt.NDArray[np.floating]


@dataclass(frozen=True, kw_only=True)
class Aligned:
    """A clip's alignment, the cosines of which it is the mean (one per frame), and how much of the prompt was cut."""

    alignment: Alignment
    image_cosines: tuple[float, ...]
    text_cosines: tuple[float, ...]
    tokens_cut: int


def align(
    clip_model: "Clip",
    frames: Pixels,
    *,
    condition_image: Pixels,
    condition_frame: int,
    prompt: str,
    check: Callable[[], None],
) -> Aligned:
    """Return how near ``frames`` (frames, height, width, 3) are to picture and prompt.

    ``check`` is called every few frames and may raise.

    Raises:
        NumericError: the model gives NaN or infinity.
    """
    embeddings = clip_model.embed_images(frames, check)
    text, tokens_cut = clip_model.embed_prompt(prompt)
    image_cosines = embeddings @ clip_model.embed_images(condition_image[None], check)[0]
    text_cosines = embeddings @ text
    others = other_frames(len(frames), condition_frame)
    return Aligned(
        alignment=Alignment(
            image_all_frames=score(image_cosines),
            image_other_frames=score(image_cosines[others]) if len(others) else None,
            text_all_frames=score(text_cosines),
            text_other_frames=score(text_cosines[others]) if len(others) else None,
        ),
        image_cosines=rounded(image_cosines),
        text_cosines=rounded(text_cosines),
        tokens_cut=tokens_cut,
    )


def score(cosines: Cosines) -> Score:
    """Return the mean cosine, and the mean of 2.5 · max(cosine, 0) · 100, of cosines (frames,) in [-1, 1]."""
    return Score(
        cosine=round(float(np.mean(cosines)), 6),
        clip_score=round(float(np.mean(_WEIGHT * np.maximum(cosines, 0) * 100)), 6),
    )


def rounded(values: npt.NDArray[np.floating]) -> tuple[float, ...]:
    """Return the numbers with six decimals, which is what float32 can tell of a cosine."""
    return tuple(round(float(value), 6) for value in values)
