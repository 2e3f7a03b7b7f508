"""How long clips take on this machine, learned from those that were made here."""

import math
import sqlite3
from dataclasses import dataclass

from pia_edge.gui.model.database import database_explained
from pia_edge.gui.model.stopwatch import Timing
from pia_edge.job import Made
from pia_edge.job_plan import JobPlan

_NEW = 0.5
"""How much the last clip counts beside all before it: machines grow hot, and programs come and go."""


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """Seconds that a clip will take."""

    load: float
    """Until it is denoised: to read, encode, and load the UNet."""
    denoise: float
    decode: float

    @property
    def total(self) -> float:
        """Of the whole clip."""
        return self.load + self.denoise + self.decode


@dataclass(frozen=True)
class _Known:
    """What was measured for clips of one kind."""

    bundle: str
    bundle_name: str
    backend: str
    device: str
    width: int
    height: int
    frames: int
    """That the UNet is given at once."""
    guided: int
    call: float
    """Seconds for one prompt and one window."""
    decode: float
    """Seconds for one frame, writing included."""
    cold: float | None
    """Seconds until a clip is denoised; None where no such clip was made."""
    warm: float | None
    """The same where the bundle was loaded already."""

    @property
    def pixels(self) -> int:
        return self.width * self.height


class Paces:
    """The paces in the database, as one thread sees them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def learn(self, made: Made, timing: Timing) -> None:
        """Remember how long a clip took.

        Raises:
            OutputError: the disk refuses.
        """
        recipe = made.recipe
        if not (made.unet_calls and timing.denoise):
            return
        kind = (
            recipe.bundle_sha256,
            recipe.bundle_name,
            recipe.backend,
            recipe.device,
            recipe.width,
            recipe.height,
            recipe.window or recipe.num_frames,
            int(recipe.guidance_scale != 1),
        )
        old = next((known for known in self._all() if _kind(known) == kind), None)
        measured = (
            _mixed(None if old is None else old.call, timing.denoise / made.unet_calls),
            _mixed(None if old is None else old.decode, timing.decode / recipe.num_frames),
            _mixed(None if old is None else old.cold, timing.load if timing.cold else None),
            _mixed(None if old is None else old.warm, None if timing.cold else timing.load),
        )
        marks = ", ".join("?" * (len(kind) + len(measured)))
        with database_explained():
            self._connection.execute(f"INSERT OR REPLACE INTO paces VALUES ({marks})", [*kind, *measured])

    def predict(self, plan: JobPlan, *, loaded: bool = False) -> Prediction | None:
        """Return how long a clip will take, or None if none like it was made here.

        Args:
            plan: what will be done.
            loaded: whether the bundle is loaded already.

        Raises:
            OutputError: the database is damaged.
        """
        guided = int(plan.guidance_scale != 1)
        work = plan.width * plan.height * plan.frames_at_once

        def distance(known: _Known) -> tuple[bool, bool, bool, float, bool]:
            ratio = work / (known.pixels * known.frames)
            return (
                known.bundle != plan.bundle_sha256,
                known.backend != plan.backend,
                known.device != plan.device,
                abs(math.log(ratio)),
                known.guided != guided,
            )

        comparable = (known for known in self._all() if _comparable(known, plan))
        nearest = min(comparable, key=distance, default=None)
        if nearest is None:
            return None
        first, second = (nearest.warm, nearest.cold) if loaded else (nearest.cold, nearest.warm)
        return Prediction(
            load=next((seconds for seconds in (first, second) if seconds is not None), 0.0),
            denoise=nearest.call * plan.unet_calls * work / (nearest.pixels * nearest.frames),
            decode=nearest.decode * plan.frames * plan.width * plan.height / nearest.pixels,
        )

    def _all(self) -> list[_Known]:
        columns = ", ".join(_Known.__dataclass_fields__)
        with database_explained():
            return [_Known(*row) for row in self._connection.execute(f"SELECT {columns} FROM paces")]


def _comparable(known: _Known, plan: JobPlan) -> bool:
    """A bundle that took another one's name is likely the same network exported again."""
    if known.bundle == plan.bundle_sha256:
        return True
    return known.bundle_name == plan.bundle and known.backend == plan.backend


def _kind(known: _Known) -> tuple[object, ...]:
    return (
        known.bundle,
        known.bundle_name,
        known.backend,
        known.device,
        known.width,
        known.height,
        known.frames,
        known.guided,
    )


def _mixed(old: float | None, new: float | None) -> float | None:
    if old is None or new is None:
        return old if new is None else new
    return old + (new - old) * _NEW
