"""What scenes are set in: colours by name, skies and walls."""

from __future__ import annotations

import numpy as np

from .canvas import Canvas, Colour, colour, fractal_noise

SKIES: dict[str, tuple[Colour, Colour, float]] = {
    "at noon": (colour(0.25, 0.5, 0.9), colour(0.75, 0.87, 0.97), 1.0),
    "on a clear morning": (colour(0.45, 0.65, 0.92), colour(0.95, 0.9, 0.82), 0.95),
    "at sunset": (colour(0.35, 0.3, 0.55), colour(0.98, 0.55, 0.25), 0.75),
    "under a grey sky": (colour(0.5, 0.54, 0.58), colour(0.75, 0.77, 0.78), 0.8),
    "at dusk": (colour(0.12, 0.15, 0.35), colour(0.6, 0.4, 0.5), 0.5),
    "at night": (colour(0.02, 0.03, 0.1), colour(0.1, 0.13, 0.28), 0.3),
}
GROUNDS: dict[str, Colour] = {
    "green": colour(0.3, 0.5, 0.2),
    "yellow": colour(0.72, 0.62, 0.25),
    "snowy": colour(0.88, 0.9, 0.95),
    "autumn": colour(0.6, 0.38, 0.15),
    "rocky": colour(0.45, 0.42, 0.4),
    "sandy": colour(0.8, 0.7, 0.5),
}
COLOUR_NAMES: dict[str, Colour] = {
    "red": colour(0.8, 0.15, 0.12),
    "orange": colour(0.92, 0.5, 0.12),
    "yellow": colour(0.93, 0.82, 0.25),
    "green": colour(0.2, 0.6, 0.25),
    "blue": colour(0.15, 0.35, 0.8),
    "purple": colour(0.5, 0.2, 0.6),
    "pink": colour(0.93, 0.6, 0.7),
    "brown": colour(0.45, 0.28, 0.15),
    "black": colour(0.1, 0.1, 0.11),
    "white": colour(0.92, 0.92, 0.9),
    "grey": colour(0.5, 0.5, 0.52),
}


def pick(canvas: Canvas, choices: dict[str, Colour]) -> tuple[str, Colour]:
    """Return a random name from ``choices`` and its colour, slightly shifted."""
    name = str(canvas.generator.choice(list(choices)))
    return name, np.clip(choices[name] + canvas.generator.normal(0, 0.06, 3), 0, 1).astype(np.float32)


def paint_sky(canvas: Canvas, horizon: float) -> tuple[str, float]:
    """Paint the whole canvas as sky with sun or moon, clouds or stars; return its words and the daylight."""
    generator = canvas.generator
    words = str(generator.choice(list(SKIES)))
    top, bottom, light = SKIES[words]
    jitter = generator.normal(0, 0.05, 3).astype(np.float32)
    canvas.rgb[:] = np.clip(canvas.gradient(top + jitter, bottom + jitter, 0, horizon), 0, 1)
    if words == "at night":
        stars = (generator.random((canvas.size, canvas.size)) > 0.997).astype(np.float32)
        canvas.paint(stars * generator.uniform(0.5, 1), colour(1, 1, 0.9))
    if generator.random() < 0.6 and words != "under a grey sky":
        x, y, radius = (
            generator.uniform(0.1, 0.9),
            generator.uniform(0.08, horizon),
            generator.uniform(0.025, 0.07),
        )
        disc = colour(0.95, 0.95, 0.85) if light < 0.4 else colour(1, 0.93, 0.6)
        canvas.glow(x, y, radius * 4, disc, 0.35)
        canvas.paint(canvas.ellipse(x, y, radius, radius), disc)
    if generator.random() < 0.6:
        clouds = np.clip(fractal_noise(generator, canvas.size, 2.6) - generator.uniform(-0.3, 0.8), 0, 1)
        canvas.paint(clouds * 0.8, np.clip(bottom * 0.6 + 0.4 * light, 0, 1).astype(np.float32))
    return words, light


def room(canvas: Canvas) -> str:
    """Paint the whole canvas as a wall with light from a window; return its colour's name."""
    word, wall = pick(canvas, COLOUR_NAMES)
    canvas.rgb[:] = np.clip(canvas.textured(wall * 0.8 + 0.1, 0.06, 2.5), 0, 1)
    canvas.glow(canvas.generator.uniform(0, 1), canvas.generator.uniform(0, 0.5), 0.6, colour(1, 0.95, 0.85), 0.2)
    return word
