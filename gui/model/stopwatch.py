"""How long the parts of one clip take, from what is heard of its progress."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from pia_edge.progress import Progress, Stage


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Seconds that the parts of a clip took."""

    load: float
    """Until it was denoised."""
    denoise: float
    decode: float
    """Writing included."""
    cold: bool
    """Whether the UNet had to be loaded."""


class Stopwatch:
    """Measures one clip; started when it is made."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started = clock()
        self._loaded = self._denoised = self._started
        self._cold = False

    def hear(self, progress: Progress) -> None:
        """Take note of ``progress``, which has just been heard."""
        if progress.stage in (Stage.ENCODE, Stage.PREPARE):
            # The stage before denoising ends where denoising begins, of which the first step tells too late.
            self._loaded = self._denoised = self._clock()
            self._cold = self._cold or progress.stage is Stage.PREPARE
        elif progress.stage is Stage.DENOISE:
            self._denoised = self._clock()

    def stop(self) -> Timing:
        """Return what was measured; the clip is made."""
        return Timing(
            load=self._loaded - self._started,
            denoise=self._denoised - self._loaded,
            decode=self._clock() - self._denoised,
            cold=self._cold,
        )
