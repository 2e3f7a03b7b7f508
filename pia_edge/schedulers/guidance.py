"""Classifier-free guidance."""

import numpy as np

from pia_edge.errors import BackendError
from pia_edge.schedulers.noise_schedule import Floats
from pia_edge.schedulers.walk import Float32s


def guide(noise_pred: Floats, guidance_scale: float) -> Float32s:
    """Classifier-free guidance, u + guidance_scale * (c - u), float32 (1, 4, frames, height / 8, width / 8).

    Args:
        noise_pred: (2, 4, frames, height / 8, width / 8), first without the prompt (u), then with it (c).
        guidance_scale: 1 is the prompt alone; more follows it more closely.

    Raises:
        BackendError: the batch is not 2.
    """
    if noise_pred.shape[0] != 2:
        raise BackendError(
            f"noise_pred: expected a batch of 2, without and with the prompt, found {noise_pred.shape[0]}. "
            "The UNet of this bundle does not fit the request."
        )
    without, prompted = noise_pred[:1].astype(np.float32), noise_pred[1:].astype(np.float32)
    return np.asarray(without + np.float32(guidance_scale) * (prompted - without), dtype=np.float32)
