"""How many frames a clip has, and how many of them the UNet is given at once."""

from dataclasses import dataclass

import numpy as np

from pia_edge.bundle.manifest import Manifest
from pia_edge.errors import RequestError
from pia_edge.request import AnimationRequest
from pia_edge.windows import Window, strided_windows, windows

_USUAL_OVERLAP = 4
"""What part of a window its neighbour shares: a quarter of it."""


@dataclass(frozen=True, kw_only=True)
class Framing:
    """Frames of a clip, and the windows over them."""

    num_frames: int
    window: int | None = None
    """Frames of a window; None where the UNet is given all at once."""
    overlap: int | None = None
    """Frames that neighbouring windows share at least; None where there are none."""
    circular: bool = False
    """Whether windows go on from the last frame to the first."""

    @property
    def at_once(self) -> int:
        """How many frames the UNet is given."""
        return self.window or self.num_frames

    def windows(self) -> tuple[Window, ...]:
        """Return those of neighbouring frames; the only one holds all where the UNet is given all at once."""
        if self.window is None or self.overlap is None:
            ones = np.ones(self.num_frames, np.float32)
            return (Window(frames=np.arange(self.num_frames), weights=ones),)
        return windows(self.num_frames, self.window, self.overlap, circular=self.circular)

    def strided_windows(self) -> tuple[Window, ...]:
        """Return the windows that go through all of the clip, or the only one."""
        return self.windows() if self.window is None else strided_windows(self.num_frames, self.window)


def choose_framing(manifest: Manifest, request: AnimationRequest, num_frames: int) -> Framing:
    """Return how a clip of ``num_frames`` is made.

    Windows are used where the request names their length, and where the clip is longer than those that the network was
    trained with: then they have as many frames as those, or where the graphs take certain clips alone, the most frames
    of those that the clip has room for. Longer ones fit at once, but their later frames lie at places in time that
    training never showed. A loop closes over its end where windows are used.

    Raises:
        RequestError: the bundle takes no window of this length, or the overlap is no smaller.
    """
    length = request.window or _usual_window(manifest, num_frames)
    if length is None:
        return Framing(num_frames=num_frames)
    length = min(length, num_frames)
    circular = request.motion.loop and not request.motion.original_rows and length > 1
    _check_length(manifest, length)
    if length == num_frames and not circular:
        return Framing(num_frames=num_frames)
    overlap = max(1, length // _USUAL_OVERLAP) if request.overlap is None else request.overlap
    if overlap >= length:
        raise RequestError(f"overlap: expected 1 to {length - 1} frames of a window of {length}, found {overlap}.")
    return Framing(num_frames=num_frames, window=length, overlap=overlap, circular=circular)


def _usual_window(manifest: Manifest, num_frames: int) -> int | None:
    if not manifest.clips:
        return manifest.frames.trained if num_frames > manifest.frames.trained else None
    fixed = {clip.frames for clip in manifest.clips}
    if num_frames in fixed:
        return None
    return max((frames for frames in fixed if frames < num_frames), default=None)


def _check_length(manifest: Manifest, length: int) -> None:
    fixed = sorted({clip.frames for clip in manifest.clips})
    if fixed and length not in fixed:
        known = " or ".join(str(frames) for frames in fixed)
        raise RequestError(f"window: expected {known} frames, which this bundle was exported for, found {length}.")
    most = manifest.frames.maximum
    if length > most:
        raise RequestError(f"window: expected 2 to {most} frames, which this bundle can place in time, found {length}.")
