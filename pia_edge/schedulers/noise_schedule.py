"""How much picture and how much noise latents hold at each timestep, and what a prediction says of both."""

from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from pia_edge.errors import BackendError
from pia_edge.schedulers.config import SchedulerConfig

Floats = npt.NDArray[np.floating]
Float64s = npt.NDArray[np.float64]


class NoiseLevel(NamedTuple):
    """Latents are signal · original + spread · noise, with signal² + spread² = 1."""

    signal: float
    spread: float

    @classmethod
    def of(cls, alpha: float) -> Self:
        """Return the level at which the picture has the share ``alpha`` of the variance."""
        return cls(float(np.sqrt(alpha)), float(np.sqrt(1 - alpha)))

    def mix(self, original: Floats, noise: Floats) -> npt.NDArray[np.float32]:
        """Return latents of this level, float32."""
        return np.asarray(self.signal * original + self.spread * noise, dtype=np.float32)


CLEAN = NoiseLevel(1.0, 0.0)


class Parts(NamedTuple):
    """What latents consist of according to a prediction, float64 of their shape."""

    original: Float64s
    noise: Float64s


class NoiseSchedule:
    """The noise levels a UNet was trained at."""

    def __init__(self, config: SchedulerConfig) -> None:
        self.config = config
        self.alphas_cumprod = _alphas_cumprod(config)
        """Share of the picture's variance at every training timestep, float64 (num_train_timesteps,)."""

    def level(self, timestep: int) -> NoiseLevel:
        """Return the noise level at a timestep; before the first one, that of the finished picture."""
        if timestep >= 0:
            return NoiseLevel.of(self.alphas_cumprod[timestep])
        return CLEAN if self.config.set_alpha_to_one else NoiseLevel.of(self.alphas_cumprod[0])

    def levels(self, timesteps: npt.NDArray[np.int64]) -> list[NoiseLevel]:
        """Return the noise level at each timestep, and behind them that of the clean picture."""
        return [*(self.level(int(timestep)) for timestep in timesteps), CLEAN]

    def split(self, noise_pred: Floats, timestep: int, latents: Floats) -> Parts:
        """Return the clean latents and the noise of which ``latents`` consist, according to ``noise_pred``.

        Args:
            noise_pred: the UNet's output after guidance, of the shape of ``latents``.
            timestep: the one at which the UNet was asked.
            latents: (batch, 4, frames, height / 8, width / 8).

        Raises:
            BackendError: the shapes differ.
        """
        if noise_pred.shape != latents.shape:
            raise BackendError(
                f"noise_pred: expected the shape of the latents, {latents.shape}, found {noise_pred.shape}. "
                "The UNet of this bundle does not fit the request."
            )
        signal, spread = self.level(timestep)
        prediction, noisy = noise_pred.astype(np.float64), latents.astype(np.float64)
        if self.config.prediction_type == "v_prediction":
            return Parts(signal * noisy - spread * prediction, signal * prediction + spread * noisy)
        return Parts((noisy - spread * prediction) / signal, prediction)


def _alphas_cumprod(config: SchedulerConfig) -> Float64s:
    start, end, count = config.beta_start, config.beta_end, config.num_train_timesteps
    power = 1 if config.beta_schedule == "linear" else 2
    betas = np.linspace(start ** (1 / power), end ** (1 / power), count) ** power
    alphas_cumprod: Float64s = np.cumprod(1 - betas)
    if not config.rescale_zero_terminal_snr:
        return alphas_cumprod
    # Lin et al. 2024, algorithm 1: the last root becomes 0, the first one stays.
    roots = np.sqrt(alphas_cumprod)
    rescaled: Float64s = np.square((roots - roots[-1]) * roots[0] / (roots[0] - roots[-1]))
    return rescaled
