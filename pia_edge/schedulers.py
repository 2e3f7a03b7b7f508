"""Schedulers in NumPy: which timesteps a clip walks through, and the step from one to the next."""

from collections.abc import Callable
from typing import Literal, Protocol, get_args

import msgspec
import numpy as np
import numpy.typing as npt

from pia_edge.errors import BackendError, BundleError, RequestError

BetaSchedule = Literal["linear", "scaled_linear"]
PredictionType = Literal["epsilon", "v_prediction"]
TimestepSpacing = Literal["leading", "trailing"]

Floats = npt.NDArray[np.floating]
Float32s = npt.NDArray[np.float32]


class SchedulerConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The noise schedule a bundle's UNet was trained with, as its manifest states it; the defaults are PIA's.

    Raises:
        BundleError: a value is unknown or outside its range, or two of them exclude each other.
    """

    name: str = "ddim"
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
        self._check("name", self.name in SCHEDULERS, f"one of {', '.join(SCHEDULERS)}")
        self._check("num_train_timesteps", 1 <= self.num_train_timesteps <= 100_000, "1 to 100000")
        self._check("beta_start", 0 < self.beta_start < 1, "between 0 and 1")
        self._check("beta_end", self.beta_start <= self.beta_end < 1, f"from {self.beta_start} to below 1")
        self._check("steps_offset", 0 <= self.steps_offset < self.num_train_timesteps, "0 or a few timesteps")
        for name, choices in _CHOICES.items():
            self._check(name, getattr(self, name) in choices, f"one of {', '.join(choices)}")
        if self.rescale_zero_terminal_snr and self.prediction_type == "epsilon":
            raise BundleError(
                "scheduler: prediction_type 'epsilon' does not go with rescale_zero_terminal_snr, because "
                "the last timestep is then noise alone and says nothing of the picture. Use 'v_prediction' "
                "with a UNet trained for it, or correct the manifest."
            )

    def _check(self, name: str, fits: bool, expected: str) -> None:
        if not fits:
            raise BundleError(f"scheduler {name}: expected {expected}, found {getattr(self, name)!r}.")


class Scheduler(Protocol):
    """What the pipeline needs of a scheduler; add one as a class here and name it in `SCHEDULERS`."""

    @property
    def init_noise_sigma(self) -> float:
        """Standard deviation of the latents a clip starts from."""

    def timesteps(self, num_inference_steps: int) -> npt.NDArray[np.int64]:
        """The timesteps to walk, noisiest first, int64 (num_inference_steps,)."""

    def step(self, noise_pred: Floats, timestep: int, latents: Floats, *, num_inference_steps: int) -> Float32s:
        """The latents at the next timestep, float32 of the shape of `latents`."""

    def predicted_original(self, noise_pred: Floats, timestep: int, latents: Floats) -> Float32s:
        """The clean latents that `noise_pred` implies, for previews."""

    def add_noise(self, latents: Floats, noise: Floats, timestep: int) -> Float32s:
        """Clean latents brought to the noise level of a timestep."""


class Ddim:
    """DDIM with eta = 0 (Song et al. 2021, equation 12): deterministic, one UNet call per step.

    It keeps no state between steps. Every step goes from t to t - num_train_timesteps // num_inference_steps,
    also where trailing spacing rounds the timesteps themselves, as diffusers does.
    """

    init_noise_sigma = 1.0

    def __init__(self, config: SchedulerConfig) -> None:
        self.config = config
        self.alphas_cumprod = _alphas_cumprod(config)
        """Share of the picture's variance at every training timestep, float64 (num_train_timesteps,)."""

    def timesteps(self, num_inference_steps: int) -> npt.NDArray[np.int64]:
        """The timesteps to walk, noisiest first, int64 (num_inference_steps,).

        Raises:
            RequestError: fewer steps than 1 or more than the UNet was trained with.
        """
        trained = self.config.num_train_timesteps
        if not 1 <= num_inference_steps <= trained:
            raise RequestError(
                f"num_inference_steps: expected 1 to {trained}, the timesteps this bundle was trained with, "
                f"found {num_inference_steps}."
            )
        if self.config.timestep_spacing == "trailing":
            # Rounding makes some of these ranges one longer than asked, with a last timestep of -1.
            counted = np.arange(trained, 0, -trained / num_inference_steps)[:num_inference_steps]
            return np.round(counted).astype(np.int64) - 1
        ascending = np.arange(num_inference_steps, dtype=np.int64) * (trained // num_inference_steps)
        # As many steps as trained leave no room for the offset: it would point past the last timestep.
        offset = min(self.config.steps_offset, trained - 1 - int(ascending[-1]))
        return ascending[::-1] + offset

    def step(self, noise_pred: Floats, timestep: int, latents: Floats, *, num_inference_steps: int) -> Float32s:
        """The latents at the next timestep, float32 of the shape of `latents`.

        Args:
            noise_pred: the UNet's output after guidance, of the shape of `latents`.
            timestep: the timestep at which the UNet was asked, one of `timesteps(num_inference_steps)`.
            latents: (batch, 4, frames, height / 8, width / 8).
            num_inference_steps: how many steps the whole walk has.
        """
        original, noise = self._split(noise_pred, timestep, latents)
        next_timestep = int(timestep) - self.config.num_train_timesteps // num_inference_steps
        alpha = self._alpha(next_timestep)
        return np.asarray(np.sqrt(alpha) * original + np.sqrt(1 - alpha) * noise, dtype=np.float32)

    def predicted_original(self, noise_pred: Floats, timestep: int, latents: Floats) -> Float32s:
        """The clean latents that `noise_pred` implies, float32 of the shape of `latents`, for previews."""
        return self._split(noise_pred, timestep, latents)[0].astype(np.float32)

    def add_noise(self, latents: Floats, noise: Floats, timestep: int) -> Float32s:
        """Clean latents brought to the noise level of `timestep`, float32."""
        alpha = self._alpha(int(timestep))
        return np.asarray(np.sqrt(alpha) * latents + np.sqrt(1 - alpha) * noise, dtype=np.float32)

    def _alpha(self, timestep: int) -> np.float64:
        """`alphas_cumprod` at a timestep; before the first one, that of the finished picture."""
        if timestep >= 0:
            return np.float64(self.alphas_cumprod[timestep])
        return np.float64(1.0) if self.config.set_alpha_to_one else np.float64(self.alphas_cumprod[0])

    def _split(
        self, noise_pred: Floats, timestep: int, latents: Floats
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """The clean latents and the noise of which `latents` consist, according to `noise_pred`."""
        if noise_pred.shape != latents.shape:
            raise BackendError(
                f"noise_pred: expected the shape of the latents, {latents.shape}, found {noise_pred.shape}. "
                "The UNet of this bundle does not fit the request."
            )
        alpha = self._alpha(int(timestep))
        signal, spread = np.sqrt(alpha), np.sqrt(1 - alpha)
        prediction, noisy = noise_pred.astype(np.float64), latents.astype(np.float64)
        if self.config.prediction_type == "v_prediction":
            return signal * noisy - spread * prediction, signal * prediction + spread * noisy
        return (noisy - spread * prediction) / signal, prediction


def guide(noise_pred: Floats, guidance_scale: float) -> Float32s:
    """Classifier-free guidance, u + guidance_scale * (c - u), float32 (1, 4, frames, height / 8, width / 8).

    Args:
        noise_pred: (2, 4, frames, height / 8, width / 8), first without the prompt (u), then with it (c).
        guidance_scale: 1 is the prompt alone; more follows it more closely.
    """
    if noise_pred.shape[0] != 2:
        raise BackendError(
            f"noise_pred: expected a batch of 2, without and with the prompt, found {noise_pred.shape[0]}. "
            "The UNet of this bundle does not fit the request."
        )
    without, prompted = noise_pred[:1].astype(np.float32), noise_pred[1:].astype(np.float32)
    return np.asarray(without + np.float32(guidance_scale) * (prompted - without), dtype=np.float32)


SCHEDULERS: dict[str, Callable[[SchedulerConfig], Scheduler]] = {"ddim": Ddim}

_CHOICES: dict[str, tuple[str, ...]] = {
    "beta_schedule": get_args(BetaSchedule),
    "prediction_type": get_args(PredictionType),
    "timestep_spacing": get_args(TimestepSpacing),
}


def open_scheduler(config: SchedulerConfig) -> Scheduler:
    """The scheduler that a bundle's manifest names."""
    return SCHEDULERS[config.name](config)


def _alphas_cumprod(config: SchedulerConfig) -> npt.NDArray[np.float64]:
    start, end, count = config.beta_start, config.beta_end, config.num_train_timesteps
    power = 1 if config.beta_schedule == "linear" else 2
    betas = np.linspace(start ** (1 / power), end ** (1 / power), count) ** power
    alphas_cumprod: npt.NDArray[np.float64] = np.cumprod(1 - betas)
    if not config.rescale_zero_terminal_snr:
        return alphas_cumprod
    # Lin et al. 2024, algorithm 1: the last root becomes 0, the first one stays.
    roots = np.sqrt(alphas_cumprod)
    rescaled: npt.NDArray[np.float64] = np.square((roots - roots[-1]) * roots[0] / (roots[0] - roots[-1]))
    return rescaled
