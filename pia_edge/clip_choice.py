"""Which of a bundle's fixed clips a request is for, where its graphs take certain sizes alone."""

import math
from collections.abc import Sequence

from pia_edge.bundle.manifest import ClipSize
from pia_edge.errors import RequestError


def choose_clip(
    clips: Sequence[ClipSize], *, frames: int | None, size: tuple[int, int] | None, picture: tuple[int, int]
) -> ClipSize:
    """Return the clip of ``clips`` that has the number of frames and the size that are asked for.

    Where the size is left open, the one that cuts least off the picture is taken; then the earlier one.

    Args:
        clips: at least one.
        frames: None: any.
        size: (width, height) in pixels; None: any.
        picture: its (width, height) in pixels.

    Raises:
        RequestError: there is none.
    """
    fitting = [clip for clip in clips if frames in (None, clip.frames) and size in (None, (clip.width, clip.height))]
    if not fitting:
        known = ", ".join(f"{clip.frames} frames of {clip.width}x{clip.height}" for clip in clips)
        found = " of ".join([*([f"{frames} frames"] if frames else []), *([f"{size[0]}x{size[1]}"] if size else [])])
        raise RequestError(f"Expected a clip that this bundle was exported for ({known}), found {found}. Ask for one.")
    return min(fitting, key=lambda clip: abs(math.log(clip.width / clip.height * picture[1] / picture[0])))
