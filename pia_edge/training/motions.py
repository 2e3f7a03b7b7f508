"""Clips rendered from one picture: camera moves, local movement, changes of light and weather, of any amplitude."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .captions import MotionKind
from .course import Course
from .weather import WEATHER, apply_weather

# The strongest motion of each kind: pixels, natural logarithm of a factor, or radians, over the whole clip. Gentle for
# the camera: what comes into view has to be made up, and a network of this size makes up little.
PAN_PIXELS = 14.0
ZOOM_LOG = 0.25
TURN_RADIANS = 0.18
SWAY_PIXELS = 5.0
RIPPLE_PIXELS = 3.0


@dataclass(frozen=True, kw_only=True)
class ClipMotion:
    """One drawn motion."""

    kind: MotionKind
    amplitude: float
    """0 (nothing moves) … 1 (the strongest)."""
    phase: float
    wavelength: float
    """Pixels, of swaying and rippling."""
    speed: float
    """Cycles per clip, of swaying, rippling and flickering."""
    seed: int = 0
    """Of rain, snow and mist."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """The part of a canvas that a frame shows."""

    x: float
    y: float
    """Centre, in canvas pixels."""
    scale: float
    """Canvas pixels per frame pixel."""
    size: int
    """Height and width of the frame in pixels."""
    flip: bool


# How often each kind is drawn; changes of light are the easiest to learn and show motion most clearly.
KIND_WEIGHTS: dict[MotionKind, float] = dict.fromkeys(MotionKind, 0.7) | {
    MotionKind.ZOOM_IN: 1.0,
    MotionKind.ZOOM_OUT: 1.0,
    MotionKind.TURN_CLOCKWISE: 0.3,
    MotionKind.TURN_ANTICLOCKWISE: 0.3,
    MotionKind.NIGHT: 1.5,
    MotionKind.SUNRISE: 1.5,
    MotionKind.SUNSET: 1.2,
    MotionKind.FLICKER: 1.5,
}


def draw_motion(generator: np.random.Generator, kind: MotionKind | None = None) -> ClipMotion:
    """Draw a motion, of any kind if none is given; amplitudes spread widely, so that affinity does too."""
    weights = np.array(list(KIND_WEIGHTS.values()))
    drawn = list(KIND_WEIGHTS)[int(generator.choice(len(weights), p=weights / weights.sum()))]
    kind = kind or drawn
    return ClipMotion(
        kind=kind,
        amplitude=0.0 if kind is MotionKind.STILL else float(generator.uniform(0.05, 1.0)),
        phase=float(generator.uniform(0, 2 * math.pi)),
        wavelength=float(generator.uniform(20, 50)),
        speed=float(generator.uniform(1.0, 2.5)),
        seed=int(generator.integers(0, 2**31)),
    )


def draw_window(generator: np.random.Generator, canvas_size: int, size: int) -> Window:
    """Draw where on the canvas a clip is filmed; a margin is left, so that pans bring in real content."""
    scale = float(generator.uniform(0.85, 1.3))
    reach = max(canvas_size / 2 - scale * size / 2 - 6, 0.0)
    x, y = ((canvas_size - 1) / 2 + generator.uniform(-reach, reach, 2)).tolist()
    return Window(x=x, y=y, scale=scale, size=size, flip=bool(generator.random() < 0.5))


def _camera(motion: ClipMotion, gone: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return the camera's (x, y, log zoom, angle) in each frame."""
    strength = motion.amplitude * gone
    zero = torch.zeros_like(gone)
    pans = {
        MotionKind.PAN_LEFT: (-1.0, 0.0), MotionKind.PAN_RIGHT: (1.0, 0.0),
        MotionKind.PAN_UP: (0.0, -1.0), MotionKind.PAN_DOWN: (0.0, 1.0),
    }  # fmt: skip
    dx, dy = pans.get(motion.kind, (0.0, 0.0))
    zoom = {MotionKind.ZOOM_IN: -ZOOM_LOG, MotionKind.ZOOM_OUT: ZOOM_LOG * 0.6}.get(motion.kind, 0.0)
    turn = {MotionKind.TURN_CLOCKWISE: -TURN_RADIANS, MotionKind.TURN_ANTICLOCKWISE: TURN_RADIANS}
    angle = turn.get(motion.kind, 0.0)
    return strength * PAN_PIXELS * dx + zero, strength * PAN_PIXELS * dy + zero, strength * zoom, strength * angle


def _waves(motion: ClipMotion, course: Course, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Return the local displacement in pixels; it grows from zero during the first tenth of the motion."""
    cycle = 2 * math.pi * motion.speed * course.time[:, None, None]
    onset = course.onset()[:, None, None] * motion.amplitude
    wave = 2 * math.pi / motion.wavelength
    if motion.kind is MotionKind.SWAY:
        height = (0.5 - y / y.abs().max().clamp_min(1) / 2)[None]
        shift = torch.sin(cycle + motion.phase + 0.4 * wave * y[None]) - math.sin(motion.phase)
        return onset * SWAY_PIXELS * (0.3 + height) * shift, torch.zeros_like(shift)
    if motion.kind is MotionKind.RIPPLE:
        across = torch.sin(wave * y[None] * 1.3 + cycle + motion.phase)
        along = torch.sin(wave * x[None] + cycle)
        return onset * RIPPLE_PIXELS * across, onset * RIPPLE_PIXELS * 0.7 * along
    return torch.zeros_like(cycle + x[None]), torch.zeros_like(cycle + x[None])


def sampling_grid(motion: ClipMotion, window: Window, course: Course, canvas_size: int) -> Tensor:
    """Return the ``grid_sample`` grid (frames, size, size, 2) that films ``window``."""
    line = torch.arange(window.size, dtype=torch.float32, device=course.time.device) - (window.size - 1) / 2
    y, x = torch.meshgrid(line, line, indexing="ij")
    shift_x, shift_y, log_zoom, angle = (value[:, None, None] for value in _camera(motion, course.gone))
    wave_x, wave_y = _waves(motion, course, x, y)
    moved_x, moved_y = x[None] + wave_x, y[None] + wave_y
    zoom = torch.exp(log_zoom)
    turned_x = zoom * (moved_x * torch.cos(angle) - moved_y * torch.sin(angle)) + shift_x
    turned_y = zoom * (moved_x * torch.sin(angle) + moved_y * torch.cos(angle)) + shift_y
    grid = torch.stack([window.x + window.scale * turned_x, window.y + window.scale * turned_y], dim=-1)
    return (grid + 0.5) * (2 / canvas_size) - 1


def apply_light(motion: ClipMotion, frames: Tensor, course: Course) -> Tensor:
    """Return ``frames`` (frames, 3, height, width) in [0, 1] with the motion's change of light."""
    strength = (motion.amplitude * course.gone)[:, None, None, None]

    def tint(red: float, green: float, blue: float) -> Tensor:
        return torch.tensor([red, green, blue], device=frames.device)[None, :, None, None]

    if motion.kind is MotionKind.NIGHT:
        return frames * (1 - strength * (1 - tint(0.15, 0.2, 0.38)))
    if motion.kind is MotionKind.SUNSET:
        return (frames * (1 - strength * (1 - tint(1.1, 0.62, 0.35)))).clamp(0, 1)
    if motion.kind is MotionKind.SUNRISE:
        return 1 - (1 - frames * (1 + 0.4 * strength)).clamp(0, 1) * (1 - strength * tint(0.45, 0.35, 0.2))
    if motion.kind is MotionKind.FLICKER:
        cycle = 4 * math.pi * motion.speed * course.time + motion.phase
        onset = course.onset() * motion.amplitude
        beat = (
            torch.sin(cycle)
            + 0.5 * torch.sin(2.3 * cycle)
            - math.sin(motion.phase)
            - 0.5 * math.sin(2.3 * motion.phase)
        )
        return (frames * (1 + 0.3 * onset * beat)[:, None, None, None]).clamp(0, 1)
    return frames


def film(canvas: Tensor, motion: ClipMotion, window: Window, course: Course) -> Tensor:
    """Return the frames (frames, 3, size, size) in [0, 1] filmed from a uint8 canvas (3, height, width).

    All work is done where the canvas lies.
    """
    course = Course(time=course.time.to(canvas.device), gone=course.gone.to(canvas.device))
    pixels = canvas.float() / 255
    if window.flip:
        pixels = pixels.flip(2)
    grid = sampling_grid(motion, window, course, canvas.shape[-1])
    source = pixels[None].expand(len(course.time), -1, -1, -1)
    frames = F.grid_sample(source, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
    if motion.kind in WEATHER:
        return apply_weather(motion.kind, motion.amplitude, motion.seed, frames, course)
    return apply_light(motion, frames, course)
