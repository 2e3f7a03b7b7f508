"""Rendered scenes with captions: the pictures that the sample model learns from."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .backdrops import COLOUR_NAMES, GROUNDS, paint_sky, pick, room
from .canvas import Canvas, colour, fractal_noise
from .subjects import draw_animal, draw_boat, draw_house, draw_lighthouse, draw_person, draw_tree, draw_vessel

Painter = Callable[[Canvas], str]


def landscape(canvas: Canvas) -> str:
    """Paint hills or mountains with a meadow, trees, perhaps a house or a lighthouse; return the caption."""
    generator = canvas.generator
    horizon = generator.uniform(0.35, 0.7)
    sky, light = paint_sky(canvas, horizon)
    haze = canvas.rgb[int(horizon * canvas.size) - 2].mean(0)
    ranges = int(generator.integers(0, 4))
    for depth in range(ranges):
        rock = (1 - 0.3 * (depth + 1)) * haze + 0.3 * (depth + 1) * colour(0.3, 0.33, 0.36) * light
        ridge = canvas.ridge(horizon - 0.12 + 0.05 * depth, generator.uniform(0.02, 0.09))
        canvas.paint(ridge, canvas.textured(rock.astype(np.float32), 0.12))
    ground_word, ground = pick(canvas, GROUNDS)
    canvas.paint(canvas.ridge(horizon, 0.015, 3), canvas.textured(ground * light, 0.2, generator.uniform(1.2, 2.2)))
    trees = int(generator.integers(0, 7))
    for _ in range(trees):
        draw_tree(canvas, generator.uniform(0, 1), generator.uniform(horizon, 0.95), light)
    things = [f"{ground_word} hills"] + ["mountains"] * (ranges > 1) + ["trees"] * (trees > 1)
    if generator.random() < 0.25:
        draw_house(canvas, generator.uniform(0.2, 0.8), generator.uniform(horizon + 0.05, 0.85), light)
        things.append("a house")
    elif generator.random() < 0.25:
        draw_lighthouse(canvas, generator.uniform(0.25, 0.75), generator.uniform(horizon, 0.8), light)
        things.insert(0, "a lighthouse")
    return " and ".join(things[:2]) + " " + sky


def sea(canvas: Canvas) -> str:
    """Paint the sea under a sky, perhaps with a boat, or a lighthouse on a rock; return the caption."""
    generator = canvas.generator
    horizon = generator.uniform(0.35, 0.65)
    sky, light = paint_sky(canvas, horizon)
    water = (0.55 * canvas.rgb[: int(horizon * canvas.size)].mean((0, 1)) + 0.35 * colour(0.1, 0.35, 0.5)) * light
    waves = canvas.textured(water.astype(np.float32), 0.08)
    depth = np.clip(canvas.y - horizon, 0.01, None)
    wobble = 0.6 * fractal_noise(generator, canvas.size, 2.5)
    ripples = np.sin(generator.uniform(15, 40) / (depth + 0.25) + wobble * 3 + canvas.x * 4)
    canvas.paint(canvas.box(-1, horizon, 2, 2), waves * (1 + 0.12 * ripples[..., None]).astype(np.float32))
    choice = generator.random()
    if choice < 0.35:
        draw_boat(canvas, generator.uniform(0.2, 0.8), generator.uniform(horizon + 0.03, 0.85), light)
        return f"a boat on the sea {sky}"
    if choice < 0.75:
        x = generator.uniform(0.25, 0.75)
        rock = canvas.textured(colour(0.33, 0.3, 0.27) * light, 0.3)
        canvas.paint(canvas.ellipse(x, horizon + 0.18, generator.uniform(0.2, 0.45), 0.16), rock)
        draw_lighthouse(canvas, x, horizon + 0.05, light)
        return f"a lighthouse on a rock by the sea {sky}"
    return f"waves on the sea {sky}"


def city(canvas: Canvas) -> str:
    """Paint rows of buildings with windows; return the caption."""
    generator = canvas.generator
    sky, light = paint_sky(canvas, 0.7)
    for row in range(2):
        left = -0.05
        while left < 1.05:
            width, top = generator.uniform(0.08, 0.22), generator.uniform(0.15, 0.6) + 0.15 * row
            wall = pick(canvas, COLOUR_NAMES)[1] * 0.5 + 0.2
            canvas.paint(canvas.box(left, top, left + width, 2), canvas.textured(wall * light, 0.08))
            pitch = generator.uniform(0.025, 0.05)
            panes = ((canvas.x - left) % pitch > pitch * 0.45) & ((canvas.y - top) % (pitch * 1.3) > pitch * 0.6)
            inside = canvas.box(left + 0.01, top + 0.02, left + width - 0.01, 0.95) * panes
            lit = colour(0.95, 0.85, 0.5) if light < 0.6 else colour(0.3, 0.38, 0.48)
            canvas.paint((inside * generator.uniform(0.4, 0.95)).astype(np.float32), lit)
            left += width + generator.uniform(-0.01, 0.03)
    street = generator.uniform(0.85, 0.95)
    canvas.paint(canvas.box(-1, street, 2, 2), canvas.textured(colour(0.3, 0.3, 0.32) * light, 0.1))
    return f"a city with tall buildings {sky}"


def forest(canvas: Canvas) -> str:
    """Paint trunks, leaves and a forest floor; return the caption."""
    generator = canvas.generator
    word, leaf = pick(canvas, {name: GROUNDS[name] for name in ("green", "yellow", "autumn", "snowy")})
    canvas.rgb[:] = np.clip(canvas.textured(leaf * 0.7 + 0.15, 0.35, generator.uniform(1.2, 2.0)), 0, 1)
    for depth in range(int(generator.integers(4, 12))):
        x, width = generator.uniform(0, 1), generator.uniform(0.008, 0.02) * (1 + depth * 0.3)
        bark = colour(0.28, 0.2, 0.13) * generator.uniform(0.6, 1.5)
        bend = 0.02 * np.sin(canvas.y * generator.uniform(2, 6))
        canvas.paint(canvas.soft(np.abs(canvas.x - x + bend) - width), canvas.textured(bark, 0.25, 1.5))
    canvas.paint(canvas.ridge(generator.uniform(0.75, 0.9), 0.02), canvas.textured(leaf * 0.6, 0.3, 1.4))
    return f"an {word} forest" if word == "autumn" else f"a {word} forest"


def still_life(canvas: Canvas) -> str:
    """Paint vessels, fruit or flowers on a table; return the caption."""
    generator = canvas.generator
    room(canvas)
    table = generator.uniform(0.55, 0.75)
    canvas.paint(canvas.box(-1, table, 2, 2), canvas.textured(pick(canvas, COLOUR_NAMES)[1] * 0.7, 0.15))
    words = []
    for x in generator.permutation([0.25, 0.5, 0.75])[: int(generator.integers(1, 4))]:
        name, paint = pick(canvas, COLOUR_NAMES)
        words.append(f"a {name} {draw_vessel(canvas, float(x), table + generator.uniform(0.02, 0.12), paint)}")
    return " and ".join(words) + " on a table"


def animal(canvas: Canvas) -> str:
    """Paint an animal before a meadow, a forest or a wall; return the caption."""
    place = canvas.generator.choice(["hills", "forest", "room"])
    backdrop = {"hills": landscape, "forest": forest, "room": room}[str(place)]
    backdrop(canvas)
    name, fur = pick(canvas, {n: COLOUR_NAMES[n] for n in ("brown", "black", "white", "grey", "orange", "yellow")})
    kind = draw_animal(canvas, fur)
    where = {"hills": "in a field", "forest": "in a forest", "room": "in a room"}[str(place)]
    return f"a {name} {kind} {where}"


def portrait(canvas: Canvas) -> str:
    """Paint a person's head and shoulders; return the caption."""
    place = str(canvas.generator.choice(["room", "hills", "city"]))
    {"room": room, "hills": landscape, "city": city}[place](canvas)
    name, shirt = pick(canvas, COLOUR_NAMES)
    return f"a portrait of {draw_person(canvas, shirt)} in a {name} shirt"


def space(canvas: Canvas) -> str:
    """Paint planets and a nebula among stars; return the caption."""
    generator = canvas.generator
    name, cloud = pick(canvas, COLOUR_NAMES)
    nebula = np.clip(fractal_noise(generator, canvas.size, 3), 0, 2)[..., None] * cloud * 0.4
    canvas.rgb[:] = nebula + (generator.random((canvas.size, canvas.size, 1)) > 0.994) * generator.uniform(0.5, 1)
    x, y, radius = generator.uniform(0.2, 0.8), generator.uniform(0.2, 0.8), generator.uniform(0.1, 0.35)
    name, surface = pick(canvas, COLOUR_NAMES)
    side = np.clip(0.9 - ((canvas.x - x) * generator.choice([-1, 1]) + (canvas.y - y)) / radius * 0.7, 0.05, 1.2)
    bands = canvas.textured(surface, 0.2, 2.2) * side[..., None].astype(np.float32)
    canvas.paint(canvas.ellipse(x, y, radius, radius), bands)
    return f"a {name} planet in space with stars"


def fire(canvas: Canvas) -> str:
    """Paint a candle or a camp fire in the dark; return the caption."""
    generator = canvas.generator
    dark = colour(0.12, 0.08, 0.06) * generator.uniform(0.5, 2)
    canvas.rgb[:] = np.clip(canvas.textured(dark, 0.3), 0, 1)
    x, base = generator.uniform(0.3, 0.7), generator.uniform(0.55, 0.75)
    candle = generator.random() < 0.5
    height = generator.uniform(0.06, 0.12) if candle else generator.uniform(0.15, 0.3)
    canvas.glow(x, base - height, height * 4, colour(1, 0.6, 0.25), 0.6)
    if candle:
        canvas.paint(canvas.box(x - 0.05, base, x + 0.05, 0.95), canvas.textured(colour(0.9, 0.85, 0.75), 0.08))
    else:
        for lean in (-0.35, 0.35):
            log = canvas.ellipse(x, base + 0.02, height * 0.9, 0.025, lean)
            canvas.paint(log, canvas.textured(colour(0.3, 0.18, 0.1), 0.3))
    for scale, flame in (
        (1.0, colour(0.95, 0.4, 0.08)),
        (0.7, colour(1, 0.7, 0.2)),
        (0.4, colour(1, 0.95, 0.7)),
    ):
        lick = 0.15 * height * np.sin((canvas.y - base) / height * 4)
        half = scale * height * 0.45 * np.clip((canvas.y - base + height * scale * 2) / (height * scale * 2), 0, 1)
        canvas.paint(canvas.soft(np.maximum(np.abs(canvas.x - x + lick) - half, canvas.y - base)), flame)
    return "a candle burning in the dark" if candle else "a camp fire at night"


def pattern(canvas: Canvas) -> str:
    """Paint an abstract texture: noise, stripes, tiles or blobs in a few colours; return the caption."""
    generator = canvas.generator
    (first_name, first), (second_name, second) = pick(canvas, COLOUR_NAMES), pick(canvas, COLOUR_NAMES)
    angle, pitch = generator.uniform(0, np.pi), generator.uniform(10, 60)
    along = canvas.x * np.cos(angle) + canvas.y * np.sin(angle)
    across = canvas.y * np.cos(angle) - canvas.x * np.sin(angle)
    bend = generator.uniform(0, 2.5) * fractal_noise(generator, canvas.size, 3)
    kind = str(generator.choice(["clouds", "stripes", "tiles", "blobs", "marble"]))
    value = {
        "clouds": fractal_noise(generator, canvas.size, generator.uniform(1, 3)),
        "stripes": np.sin(along * pitch + bend) * 3,
        "tiles": np.sin(along * pitch) * np.sin(across * pitch) * 8,
        "blobs": fractal_noise(generator, canvas.size, 3) * 8,
        "marble": np.sin(along * pitch / 3 + 3 * bend) * 1.5,
    }[kind]
    weight = (1 / (1 + np.exp(-value)))[..., None].astype(np.float32)
    canvas.rgb[:] = np.clip(canvas.textured(first, 0.12) * weight + canvas.textured(second, 0.12) * (1 - weight), 0, 1)
    return f"{first_name} and {second_name} {kind}"


SCENES: dict[Painter, float] = {
    landscape: 3, sea: 2.5, city: 1.5, forest: 1, still_life: 1.5, animal: 2.5, portrait: 1.5, space: 0.7,
    fire: 0.8, pattern: 1.5,
}  # fmt: skip


def render_scene(generator: np.random.Generator, size: int) -> tuple[NDArray[np.uint8], str]:
    """Return one random scene, uint8 RGB (size, size, 3), and its caption."""
    weights = np.array(list(SCENES.values()))
    painter = list(SCENES)[generator.choice(len(SCENES), p=weights / weights.sum())]
    canvas = Canvas(generator, size)
    caption = painter(canvas)
    return canvas.finished(), caption
