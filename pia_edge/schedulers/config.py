"""The noise schedule that a UNet was trained with, as its bundle states it."""

from typing import Literal, get_args

import msgspec

from pia_edge.errors import BundleError
from pia_edge.request import SchedulerName

BetaSchedule = Literal["linear", "scaled_linear"]
PredictionType = Literal["epsilon", "v_prediction"]
TimestepSpacing = Literal["leading", "trailing"]

_CHOICES: dict[str, tuple[str, ...]] = {
    "name": tuple(SchedulerName),
    "beta_schedule": get_args(BetaSchedule),
    "prediction_type": get_args(PredictionType),
    "timestep_spacing": get_args(TimestepSpacing),
}


class SchedulerConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The noise schedule a bundle's UNet was trained with, as its manifest states it; the defaults are PIA's.

    `name` is the scheduler that walks it unless a request asks for another.

    Raises:
        BundleError: a value is unknown or outside its range, or two of them exclude each other.
    """

    name: str = SchedulerName.DDIM.value
    num_train_timesteps: int = 1000
    beta_start: float = 0.00085
    beta_end: float = 0.012
    beta_schedule: BetaSchedule = "linear"
    steps_offset: int = 1
    set_alpha_to_one: bool = True
    prediction_type: PredictionType = "epsilon"
    rescale_zero_terminal_snr: bool = False
    timestep_spacing: TimestepSpacing = "leading"

    def __post_init__(self) -> None:
        for name, choices in _CHOICES.items():
            self._check(name, getattr(self, name) in choices, f"one of {', '.join(choices)}")
        self._check("num_train_timesteps", 1 <= self.num_train_timesteps <= 100_000, "1 to 100000")
        self._check("beta_start", 0 < self.beta_start < 1, "between 0 and 1")
        self._check("beta_end", self.beta_start <= self.beta_end < 1, f"from {self.beta_start} to below 1")
        self._check("steps_offset", 0 <= self.steps_offset < self.num_train_timesteps, "0 or a few timesteps")
        if self.rescale_zero_terminal_snr and self.prediction_type == "epsilon":
            raise BundleError(
                "scheduler: prediction_type 'epsilon' does not go with rescale_zero_terminal_snr, because "
                "the last timestep is then noise alone and says nothing of the picture. Use 'v_prediction' "
                "with a UNet trained for it, or correct the manifest."
            )

    def _check(self, name: str, fits: bool, expected: str) -> None:
        if not fits:
            raise BundleError(f"scheduler {name}: expected {expected}, found {getattr(self, name)!r}.")
