"""Small pictures of a clip that is still being denoised, without running the VAE."""

import numpy as np
from numpy.typing import NDArray


class LatentPreview:
    """Latents to colours by the linear map that fits the condition image best.

    The condition image is known in pixels and in latents, so least squares gives a map for whatever VAE the bundle
    has; no constants of any particular VAE are needed.
    """

    def __init__(self, pixels: NDArray[np.uint8], image_latents: NDArray[np.float32]) -> None:
        """Fit to ``pixels`` (height, width, 3) and ``image_latents`` (1, channels, latent height, latent width)."""
        channels, height, width = image_latents.shape[1:]
        block_height, block_width = pixels.shape[0] // height, pixels.shape[1] // width
        blocks = pixels[: height * block_height, : width * block_width].astype(np.float32)
        colours = blocks.reshape(height, block_height, width, block_width, 3).mean(axis=(1, 3)).reshape(-1, 3)
        samples = image_latents[0].reshape(channels, -1).T
        self._map, *_ = np.linalg.lstsq(_with_constant(samples), colours, rcond=None)

    def frames(self, latents: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Return uint8 (frames, latent height, latent width, 3) for ``latents`` (1, channels, frames, …)."""
        _, channels, count, height, width = latents.shape
        samples = latents[0].transpose(1, 2, 3, 0).reshape(-1, channels)
        colours = np.clip(np.rint(_with_constant(samples) @ self._map), 0, 255)
        frames: NDArray[np.uint8] = colours.astype(np.uint8).reshape(count, height, width, 3)
        return frames


def _with_constant(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.concatenate([samples, np.ones((len(samples), 1), np.float32)], axis=1)
