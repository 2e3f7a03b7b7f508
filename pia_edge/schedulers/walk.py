"""What the pipeline needs of a scheduler: one walk from noise to a clip."""

from typing import NamedTuple, Protocol, Self

import numpy as np
import numpy.typing as npt

from pia_edge.schedulers.noise_schedule import Floats

Float32s = npt.NDArray[np.float32]


class Step(NamedTuple):
    """What a step gives, float32 of the shape of the latents."""

    latents: Float32s
    """Those at the next noise level, or the clean ones after the last step."""
    original: Float32s
    """The clean latents that the prediction implies, for previews."""

    @classmethod
    def of(cls, latents: Floats, original: Floats) -> Self:
        """Return the step in float32."""
        return cls(np.asarray(latents, dtype=np.float32), np.asarray(original, dtype=np.float32))


class Walk(Protocol):
    """One walk from noise to a clip, at the scale of latents that the UNet is given; steps are taken in order."""

    @property
    def timesteps(self) -> npt.NDArray[np.int64]:
        """The timesteps to ask the UNet at, noisiest first, (num_inference_steps,)."""

    def start(self, noise: Float32s) -> Float32s:
        """Return the latents that the walk starts from, given noise of variance 1."""

    def step(self, index: int, noise_pred: Floats, latents: Floats) -> Step:
        """Go on from ``latents``, of which the UNet said ``noise_pred`` at ``timesteps[index]``.

        Args:
            index: 0 for the first step.
            noise_pred: the UNet's output after guidance, of the shape of ``latents``.
            latents: (batch, 4, frames, height / 8, width / 8).

        Raises:
            BackendError: the shapes differ.
        """
