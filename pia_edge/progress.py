"""What a caller is told while a clip is being made or a model imported."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pia_edge.cancel import CancelToken


class Stage(StrEnum):
    """The parts of making a clip, then those of importing a model, of exporting a bundle, of finding a recipe,
    of evaluating a set of clips, and of adding a bundle."""

    ENCODE = "encode"
    PREPARE = "prepare"
    """The UNet is loaded; at its first start with a bundle its weights may be converted, which is kept."""
    DENOISE = "denoise"
    DECODE = "decode"
    READ_SOURCES = "read sources"
    WRITE_WEIGHTS = "write weights"
    CALIBRATE = "calibrate"
    CONVERT = "convert"
    PROVE = "prove"
    MEASURE = "measure"
    SEARCH = "search"
    EVALUATE = "evaluate"
    COPY = "copy"
    VERIFY = "verify"


@dataclass(frozen=True)
class Progress:
    """How far the clip or the import is."""

    stage: Stage
    done: int
    """Finished parts of this stage: modules, steps, frames or megabytes."""
    total: int
    seconds_left: float | None
    """Of this stage, from the pace of its finished parts; None before the first is done."""
    preview: "NDArray[np.uint8] | None" = None
    """The clip as the network sees it now, uint8 (frames, latent height, latent width, 3); while denoising."""


OnStep = Callable[[Progress], None]


class Pace:
    """Measures one stage and reports it."""

    def __init__(self, stage: Stage, total: int, on_step: OnStep | None) -> None:
        self._stage = stage
        self._total = total
        self._on_step = on_step
        self._started = time.perf_counter()

    @property
    def wanted(self) -> bool:
        """Whether anybody listens; previews are not worth computing otherwise."""
        return self._on_step is not None

    def report(self, done: int, preview: "NDArray[np.uint8] | None" = None) -> None:
        """Tell the listener that ``done`` parts are finished."""
        if self._on_step is None:
            return
        spent = time.perf_counter() - self._started
        left = spent / done * (self._total - done) if done else None
        self._on_step(Progress(self._stage, done, self._total, left, preview))


def megabytes(
    stage: Stage, num_bytes: int, on_step: OnStep | None, token: "CancelToken | None"
) -> Callable[[int], None]:
    """Return a function that is told of bytes as they are done, reports every megabyte, and stops when cancelled."""
    total = max(1, num_bytes // 10**6)
    pace = Pace(stage, total, on_step)
    done = reported = 0

    def after_each(count: int) -> None:
        nonlocal done, reported
        if token is not None:
            token.check()
        done += count
        if done // 10**6 > reported:
            reported = min(total, done // 10**6)
            pace.report(reported)

    return after_each
