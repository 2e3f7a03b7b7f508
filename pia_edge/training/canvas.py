"""A small NumPy drawing surface: gradients, fractal noise and soft-edged shapes that scenes are painted with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
Colour = NDArray[np.float32]


def colour(red: float, green: float, blue: float) -> Colour:
    """Return an RGB colour, components in [0, 1]."""
    return np.array([red, green, blue], np.float32)


def fractal_noise(generator: np.random.Generator, size: int, exponent: float = 2.0) -> Plane:
    """Return (size, size) noise whose power falls as frequency**-exponent, mean 0, standard deviation 1."""
    frequency = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None, :])
    frequency[0, 0] = np.inf
    spectrum = np.fft.rfft2(generator.standard_normal((size, size))) * frequency ** (-exponent / 2)
    noise = np.fft.irfft2(spectrum, s=(size, size))
    scaled: Plane = ((noise - noise.mean()) / (noise.std() + 1e-12)).astype(np.float32)
    return scaled


class Canvas:
    """A square picture being painted; x grows right and y grows down, both from 0 to 1."""

    def __init__(self, generator: np.random.Generator, size: int) -> None:
        self.generator = generator
        self.size = size
        centres = (np.arange(size, dtype=np.float32) + 0.5) / size
        self.x = np.broadcast_to(centres[None, :], (size, size))
        self.y = np.broadcast_to(centres[:, None], (size, size))
        self.rgb = np.zeros((size, size, 3), np.float32)

    def soft(self, distance: NDArray[np.floating], width: float = 1.2) -> Plane:
        """Return the mask of a signed distance (negative inside), with an edge ``width`` pixels soft."""
        mask: Plane = np.clip(0.5 - distance * (self.size / width), 0, 1).astype(np.float32)
        return mask

    def paint(self, mask: Plane, paint: NDArray[np.float32]) -> None:
        """Blend ``paint`` (a colour or a whole (size, size, 3) picture) over the canvas where ``mask`` is 1."""
        self.rgb += mask[..., None] * (paint - self.rgb)

    def gradient(self, top: Colour, bottom: Colour, start: float = 0.0, end: float = 1.0) -> Plane:
        """Return a (size, size, 3) vertical blend from ``top`` at y=start to ``bottom`` at y=end."""
        weight = np.clip((self.y - start) / max(end - start, 1e-3), 0, 1)[..., None]
        return (top + weight * (bottom - top)).astype(np.float32)

    def textured(self, paint: Colour, strength: float = 0.15, exponent: float = 1.6) -> Plane:
        """Return ``paint`` as a (size, size, 3) picture with fractal light and dark patches."""
        noise = fractal_noise(self.generator, self.size, exponent)[..., None]
        return (paint * (1 + strength * noise)).astype(np.float32)

    def ellipse(self, x: float, y: float, width: float, height: float, angle: float = 0.0) -> Plane:
        """Return the mask of an ellipse with half axes ``width`` and ``height``, turned by ``angle`` radians."""
        along = (self.x - x) * np.cos(angle) + (self.y - y) * np.sin(angle)
        across = (self.y - y) * np.cos(angle) - (self.x - x) * np.sin(angle)
        radius = np.sqrt((along / width) ** 2 + (across / height) ** 2)
        return self.soft((radius - 1) * min(width, height))

    def box(self, left: float, top: float, right: float, bottom: float) -> Plane:
        """Return the mask of an upright rectangle."""
        horizontal = np.maximum(left - self.x, self.x - right)
        vertical = np.maximum(top - self.y, self.y - bottom)
        return self.soft(np.maximum(horizontal, vertical))

    def polygon(self, corners: list[tuple[float, float]]) -> Plane:
        """Return the mask of a convex polygon whose corners run clockwise on the screen."""
        distance = np.full((self.size, self.size), -1.0, np.float32)
        for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
            length = max(np.hypot(x1 - x0, y1 - y0), 1e-6)
            edge = ((self.x - x0) * (y1 - y0) - (self.y - y0) * (x1 - x0)) / length
            distance = np.maximum(distance, edge)
        return self.soft(distance)

    def ridge(self, height: float, roughness: float, exponent: float = 2.2) -> Plane:
        """Return the mask of ground below a rugged skyline around y=height."""
        frequency = np.fft.rfftfreq(self.size * 2)
        frequency[0] = np.inf
        spectrum = np.fft.rfft(self.generator.standard_normal(self.size * 2)) * frequency ** (-exponent / 2)
        line = np.fft.irfft(spectrum)[: self.size]
        line = (line - line.mean()) / (line.std() + 1e-9)
        return self.soft(height + roughness * line[None, :].astype(np.float32) - self.y)

    def glow(self, x: float, y: float, radius: float, paint: Colour, strength: float) -> None:
        """Add light that falls off from (x, y) over ``radius``."""
        distance = ((self.x - x) ** 2 + (self.y - y) ** 2) / radius**2
        self.rgb += strength * np.exp(-distance)[..., None].astype(np.float32) * paint

    def finished(self) -> NDArray[np.uint8]:
        """Return the picture as uint8 RGB (size, size, 3), with a trace of uneven light and grain."""
        light = 1 + 0.06 * fractal_noise(self.generator, self.size, 3.0)
        grain = self.generator.normal(0, 0.012, self.rgb.shape)
        picture = self.rgb * light[..., None] + grain
        return (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
