"""How far a running clip is as a whole, and how long it will still take: predicted, then corrected by its own pace."""

import time
from collections.abc import Callable

from pia_edge.gui.model.pace import Prediction
from pia_edge.progress import Progress, Stage

_TRUST = 2
"""Finished parts of a stage after which its own pace counts as much as the prediction."""
_SHARES = {Stage.ENCODE: (0.0, 0.03), Stage.PREPARE: (0.03, 0.07), Stage.DENOISE: (0.1, 0.8), Stage.DECODE: (0.9, 0.1)}
"""Where each stage begins and how much of the whole it is, where nothing was predicted."""


class Course:
    """One clip from its beginning to its end."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started = self._stage_began = self._heard = clock()
        self._progress: Progress | None = None
        self._fraction = 0.0
        self.prediction: Prediction | None = None
        """Given once it is known."""

    @property
    def progress(self) -> Progress | None:
        """What was heard last."""
        return self._progress

    def hear(self, progress: Progress) -> None:
        """Take note of ``progress``."""
        now = self._clock()
        if self._progress is None or self._progress.stage is not progress.stage:
            self._stage_began = self._heard if progress.done else now
        self._progress, self._heard = progress, now

    def seconds_left(self) -> float | None:
        """Return how long the clip will still take, or None while nobody knows."""
        progress, predicted = self._progress, self.prediction
        if progress is None or progress.stage in (Stage.ENCODE, Stage.PREPARE):
            if predicted is None:
                return None
            loading = max(0.0, predicted.load - (self._clock() - self._started))
            return loading + predicted.denoise + predicted.decode
        if progress.stage is Stage.DENOISE:
            left = self._left(progress, None if predicted is None else predicted.denoise)
            return None if left is None else left + (0.0 if predicted is None else predicted.decode)
        return self._left(progress, None if predicted is None else predicted.decode)

    def fraction(self) -> float:
        """Return how much of the whole is done, 0 … 1; it never falls."""
        left, spent = self.seconds_left(), self._clock() - self._started
        if self.prediction is not None and left is not None:
            found = spent / max(1e-9, spent + left)
        elif self._progress is None or self._progress.stage not in _SHARES:
            found = 0.0
        else:
            begin, share = _SHARES[self._progress.stage]
            found = begin + share * self._progress.done / max(1, self._progress.total)
        self._fraction = min(1.0, max(self._fraction, found))
        return self._fraction

    def _left(self, progress: Progress, predicted: float | None) -> float | None:
        """Seconds that the present stage will still take."""
        own = None if not progress.done else (self._heard - self._stage_began) / progress.done
        each = None if predicted is None else predicted / max(1, progress.total)
        if own is None or each is None:
            pace = each if own is None else own
        else:
            pace = (own * progress.done + each * _TRUST) / (progress.done + _TRUST)
        if pace is None:
            return None
        # A part that takes longer than expected does not make the rest shorter.
        running = min(self._clock() - self._heard, pace)
        return max(0.0, pace * (progress.total - progress.done) - running)
