"""The things that stand in a scene: trees, houses, lighthouses, boats, vessels, animals, people."""

from __future__ import annotations

import numpy as np

from .canvas import Canvas, Colour, colour


def draw_tree(canvas: Canvas, x: float, y: float, light: float) -> None:
    """Draw a fir or a leafy tree whose foot is at (x, y); nearer (lower) trees are larger."""
    generator = canvas.generator
    height = 0.08 + 0.35 * max(y - 0.35, 0) * generator.uniform(0.6, 1.3)
    canvas.paint(canvas.box(x - height * 0.05, y - height * 0.4, x + height * 0.05, y), colour(0.3, 0.2, 0.12) * light)
    green = colour(generator.uniform(0.08, 0.5), generator.uniform(0.25, 0.5), generator.uniform(0.05, 0.2)) * light
    leaves = canvas.textured(green, 0.35, 1.4)
    if generator.random() < 0.5:
        for level in range(3):
            top, half = y - height * (1.1 - 0.25 * level), height * (0.18 + 0.08 * level)
            canvas.paint(
                canvas.polygon([(x, top), (x + half, top + height * 0.4), (x - half, top + height * 0.4)]),
                leaves,
            )
    else:
        for _ in range(4):
            dx, dy = generator.normal(0, 0.12, 2) * height
            canvas.paint(canvas.ellipse(x + dx, y - height * 0.75 + dy, height * 0.28, height * 0.25), leaves)


def draw_house(canvas: Canvas, x: float, y: float, light: float) -> None:
    """Draw a small house whose ground line is at y."""
    generator = canvas.generator
    half, height = generator.uniform(0.06, 0.13), generator.uniform(0.08, 0.14)
    wall = (generator.uniform(0.5, 0.95, 3)).astype(np.float32) * light
    canvas.paint(canvas.box(x - half, y - height, x + half, y), canvas.textured(wall, 0.08))
    roof = colour(generator.uniform(0.3, 0.7), 0.22, 0.15) * light
    peak = y - height - half * generator.uniform(0.5, 1)
    canvas.paint(canvas.polygon([(x - half * 1.2, y - height), (x, peak), (x + half * 1.2, y - height)]), roof)
    pane = colour(0.95, 0.85, 0.5) if light < 0.6 else colour(0.35, 0.45, 0.55)
    for side in (-0.5, 0.5):
        left = x + side * half - half * 0.18
        canvas.paint(canvas.box(left, y - height * 0.75, left + half * 0.36, y - height * 0.4), pane)
    canvas.paint(canvas.box(x - half * 0.12, y - height * 0.5, x + half * 0.12, y), colour(0.3, 0.2, 0.15) * light)


def draw_lighthouse(canvas: Canvas, x: float, y: float, light: float) -> None:
    """Draw a striped, tapering tower with a lantern whose foot is at (x, y)."""
    generator = canvas.generator
    height, half = generator.uniform(0.25, 0.5), generator.uniform(0.03, 0.06)
    top, narrow = y - height, half * 0.65
    tower = canvas.polygon([(x - half, y), (x - narrow, top), (x + narrow, top), (x + half, y)])
    shade = (1 - 0.35 * np.clip((canvas.x - x) / half, -0.5, 1))[..., None].astype(np.float32) * (0.35 + 0.65 * light)
    canvas.paint(tower, colour(0.93, 0.92, 0.88) * shade)
    if generator.random() < 0.6:
        stripe = (np.sin((canvas.y - top) / height * generator.uniform(12, 24)) > 0).astype(np.float32)
        canvas.paint(tower * stripe, colour(0.75, 0.15, 0.12) * shade)
    canvas.paint(canvas.box(x - narrow * 1.4, top - 0.012, x + narrow * 1.4, top), colour(0.2, 0.2, 0.22) * light)
    canvas.paint(canvas.box(x - narrow * 0.8, top - 0.055, x + narrow * 0.8, top - 0.012), colour(1, 0.92, 0.6))
    canvas.paint(canvas.ellipse(x, top - 0.055, narrow, 0.022), colour(0.6, 0.12, 0.1) * (0.3 + 0.7 * light))
    canvas.glow(x, top - 0.035, 0.12, colour(1, 0.9, 0.6), 0.5 * (1.05 - light))


def draw_boat(canvas: Canvas, x: float, y: float, light: float) -> None:
    """Draw a sailing boat on the water line y."""
    generator = canvas.generator
    half = generator.uniform(0.06, 0.15)
    hull = generator.uniform(0.1, 0.7, 3).astype(np.float32) * light
    sail = canvas.textured(colour(0.95, 0.93, 0.88) * (0.3 + 0.7 * light), 0.06)
    canvas.paint(canvas.box(x - 0.005, y - half * 2, x + 0.005, y), colour(0.3, 0.22, 0.15) * light)
    canvas.paint(
        canvas.polygon([(x + 0.01, y - half * 1.9), (x + half, y - half * 0.2), (x + 0.01, y - half * 0.2)]),
        sail,
    )
    canvas.paint(
        canvas.polygon([(x - 0.01, y - half * 1.6), (x - 0.01, y - half * 0.2), (x - half * 0.7, y - half * 0.2)]),
        sail,
    )
    canvas.paint(
        canvas.polygon(
            [
                (x - half, y),
                (x + half, y),
                (x + half * 0.7, y + half * 0.35),
                (x - half * 0.7, y + half * 0.35),
            ]
        ),
        hull,
    )


def draw_vessel(canvas: Canvas, x: float, y: float, paint: Colour) -> str:
    """Draw a cup, bowl, ball, apple or vase of flowers standing at (x, y); return its name."""
    generator = canvas.generator
    size = generator.uniform(0.08, 0.14)
    shade = np.clip(1.1 - 0.6 * ((canvas.x - x) / size + 0.5 * (canvas.y - y + size) / size), 0.35, 1.4)
    body = canvas.textured(paint, 0.05) * shade[..., None].astype(np.float32)
    canvas.paint(canvas.ellipse(x + size * 0.3, y, size * 1.2, size * 0.18) * 0.5, colour(0.05, 0.04, 0.04))
    kind = str(generator.choice(["cup", "bowl", "ball", "apple", "vase of flowers"]))
    if kind == "cup":
        ring = canvas.ellipse(x + size * 0.9, y - size * 0.8, size * 0.4, size * 0.45)
        canvas.paint(ring * (1 - canvas.ellipse(x + size * 0.9, y - size * 0.8, size * 0.22, size * 0.27)), body)
        canvas.paint(
            canvas.polygon(
                [
                    (x - size * 0.65, y),
                    (x - size * 0.8, y - size * 1.5),
                    (x + size * 0.8, y - size * 1.5),
                    (x + size * 0.65, y),
                ]
            ),
            body,
        )
        canvas.paint(canvas.ellipse(x, y - size * 1.5, size * 0.8, size * 0.2), paint * 0.4)
    elif kind == "bowl":
        canvas.paint(
            canvas.ellipse(x, y - size * 0.7, size * 1.3, size * 0.8) * canvas.box(-1, y - size * 0.8, 2, 2),
            body,
        )
        canvas.paint(canvas.ellipse(x, y - size * 0.8, size * 1.3, size * 0.25), paint * 0.5)
    elif kind == "vase of flowers":
        for _ in range(6):
            dx, dy = generator.normal(0, 0.7, 2) * size
            petal = generator.uniform(0.2, 1, 3).astype(np.float32)
            canvas.paint(canvas.ellipse(x + dx, y - size * 2.6 + dy, size * 0.35, size * 0.35), petal)
            canvas.paint(canvas.ellipse(x + dx, y - size * 2.6 + dy, size * 0.12, size * 0.12), colour(0.9, 0.8, 0.2))
        canvas.paint(canvas.ellipse(x, y - size * 0.8, size * 0.6, size * 0.9), body)
    else:
        canvas.paint(canvas.ellipse(x, y - size, size, size * (1 if kind == "ball" else 0.9)), body)
        canvas.glow(x - size * 0.35, y - size * 1.35, size * 0.25, colour(1, 1, 1), 0.5)
        if kind == "apple":
            canvas.paint(canvas.box(x - 0.006, y - size * 2.1, x + 0.006, y - size * 1.7), colour(0.3, 0.2, 0.1))
    return kind


def draw_animal(canvas: Canvas, fur: Colour) -> str:
    """Draw a sitting or standing animal with textured fur; return its name."""
    generator = canvas.generator
    kind = str(generator.choice(["cat", "dog", "bear", "rabbit", "horse", "bird"]))
    x, y, size = generator.uniform(0.35, 0.65), generator.uniform(0.5, 0.7), generator.uniform(0.16, 0.3)
    side = float(generator.choice([-1, 1]))
    coat = np.clip(canvas.textured(fur, 0.25, generator.uniform(1.2, 2.0)), 0, 1)
    dark, head_x, head_y = fur * 0.55, x + side * size * 0.75, y - size * 0.65
    for leg in (-0.6, -0.25, 0.3, 0.65):
        if kind != "bird" or abs(leg) < 0.32:
            canvas.paint(
                canvas.ellipse(x + leg * size, y + size * 0.6, size * (0.05 if kind == "bird" else 0.13), size * 0.55),
                dark,
            )
    canvas.paint(canvas.ellipse(x - side * size * 1.05, y - size * 0.1, size * 0.45, size * 0.1, -side * 0.6), coat)
    canvas.paint(canvas.ellipse(x, y, size, size * 0.6), coat)
    canvas.paint(canvas.ellipse(x + side * size * 0.55, y - size * 0.35, size * 0.3, size * 0.45, side * 0.5), coat)
    ear = {"cat": 0.2, "dog": 0.25, "bear": 0.16, "rabbit": 0.55, "horse": 0.25, "bird": 0.0}[kind] * size
    for offset in (-0.22, 0.25):
        if ear:
            canvas.paint(canvas.ellipse(head_x + offset * size, head_y - size * 0.3 - ear * 0.5, size * 0.1, ear), dark)
    canvas.paint(canvas.ellipse(head_x, head_y, size * 0.42, size * 0.36), coat)
    canvas.paint(
        canvas.ellipse(head_x + side * size * 0.3, head_y + size * 0.1, size * 0.22, size * 0.16),
        np.clip(fur * 1.25 + 0.05, 0, 1),
    )
    canvas.paint(
        canvas.ellipse(head_x + side * size * 0.45, head_y + size * 0.06, size * 0.06, size * 0.045),
        colour(0.08, 0.06, 0.06),
    )
    for eye in (0.02, 0.24):
        canvas.paint(
            canvas.ellipse(head_x + side * eye * size, head_y - size * 0.08, size * 0.05, size * 0.05),
            colour(0.05, 0.05, 0.05),
        )
    return kind


def draw_person(canvas: Canvas, shirt: Colour) -> str:
    """Draw a person's head and shoulders; return "a man" or "a woman"."""
    generator = canvas.generator
    x, y, size = generator.uniform(0.35, 0.65), generator.uniform(0.35, 0.5), generator.uniform(0.13, 0.22)
    tone = generator.uniform(0.3, 1)
    skin = colour(0.95, 0.75, 0.62) * tone
    hair = colour(0.6, 0.42, 0.2) * generator.uniform(0.1, 1.4)
    woman = generator.random() < 0.5
    shade = (1 - 0.3 * np.clip((canvas.x - x) / size, -1, 1) * generator.choice([-1, 1]))[..., None].astype(np.float32)
    if woman:
        canvas.paint(canvas.ellipse(x, y + size * 0.3, size * 1.15, size * 1.5), canvas.textured(hair, 0.2, 2.0))
    canvas.paint(canvas.box(x - size * 0.35, y + size * 0.6, x + size * 0.35, y + size * 1.5), skin * 0.85)
    canvas.paint(canvas.ellipse(x, y + size * 3, size * 2, size * 1.7), canvas.textured(shirt, 0.12) * shade)
    canvas.paint(canvas.ellipse(x, y - size * 0.15, size * 0.9, size * 1.1), canvas.textured(hair, 0.2, 2.0))
    canvas.paint(canvas.ellipse(x, y + size * 0.15, size * 0.78, size), canvas.textured(skin, 0.04) * shade)
    for side in (-0.32, 0.32):
        canvas.paint(canvas.ellipse(x + side * size, y, size * 0.14, size * 0.08), colour(0.95, 0.95, 0.95) * tone)
        canvas.paint(canvas.ellipse(x + side * size, y, size * 0.06, size * 0.07), colour(0.12, 0.1, 0.1))
        canvas.paint(
            canvas.box(x + (side - 0.18) * size, y - size * 0.22, x + (side + 0.18) * size, y - size * 0.16),
            hair,
        )
    canvas.paint(canvas.ellipse(x, y + size * 0.3, size * 0.09, size * 0.2), skin * 0.82)
    canvas.paint(
        canvas.ellipse(x, y + size * 0.68, size * 0.28, size * 0.08),
        colour(0.7, 0.3, 0.3) * (0.4 + 0.6 * tone),
    )
    return "a woman" if woman else "a man"
