"""Rendered motions do what their captions say."""

import numpy as np
import pytest
import torch

from pia_edge.training.captions import PHRASES, MotionKind, clip_caption
from pia_edge.training.course import even_course
from pia_edge.training.motions import (
    PAN_PIXELS,
    ZOOM_LOG,
    ClipMotion,
    Window,
    draw_motion,
    draw_window,
    film,
)

SIZE = 64


def smooth_canvas() -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    coarse = torch.rand(1, 3, 24, 24, generator=generator)
    picture = torch.nn.functional.interpolate(coarse, (192, 192), mode="bicubic", align_corners=False)
    return (picture[0].clamp(0, 1) * 255).to(torch.uint8)


def motion(kind: MotionKind, amplitude: float = 1.0) -> ClipMotion:
    return ClipMotion(kind=kind, amplitude=amplitude, phase=0.7, wavelength=30.0, speed=1.5)


def window(scale: float = 1.0, *, flip: bool = False) -> Window:
    return Window(x=95.5, y=95.5, scale=scale, size=SIZE, flip=flip)


def clip(kind: MotionKind, amplitude: float = 1.0) -> torch.Tensor:
    return film(smooth_canvas(), motion(kind, amplitude), window(), even_course())


@pytest.mark.parametrize("kind", list(MotionKind))
def test_every_clip_starts_at_the_picture_and_stays_in_range(kind: MotionKind) -> None:
    frames = clip(kind)
    assert frames.shape == (16, 3, SIZE, SIZE)
    assert 0 <= float(frames.min()) <= float(frames.max()) <= 1
    torch.testing.assert_close(frames[0], clip(MotionKind.STILL)[0], atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    ("kind", "dx", "dy"),
    [
        (MotionKind.PAN_LEFT, -1, 0),
        (MotionKind.PAN_RIGHT, 1, 0),
        (MotionKind.PAN_UP, 0, -1),
        (MotionKind.PAN_DOWN, 0, 1),
    ],
)
def test_pans_show_what_lies_that_way(kind: MotionKind, dx: int, dy: int) -> None:
    last = clip(kind)[-1]
    moved = Window(x=95.5 + dx * PAN_PIXELS, y=95.5 + dy * PAN_PIXELS, scale=1.0, size=SIZE, flip=False)
    expected = film(smooth_canvas(), motion(MotionKind.STILL), moved, even_course()[[0]])[0]
    torch.testing.assert_close(last, expected, atol=1e-4, rtol=0)


def test_zooming_in_shows_the_middle_larger() -> None:
    frames = clip(MotionKind.ZOOM_IN)
    expected = film(smooth_canvas(), motion(MotionKind.STILL), window(float(np.exp(-ZOOM_LOG))), even_course()[[0]])[0]
    torch.testing.assert_close(frames[-1], expected, atol=1e-4, rtol=0)


@pytest.mark.parametrize("kind", [kind for kind in MotionKind if kind is not MotionKind.STILL])
def test_larger_amplitudes_change_more(kind: MotionKind) -> None:
    changes = []
    for amplitude in (0.2, 1.0):
        frames = clip(kind, amplitude)
        changes.append(float((frames - frames[:1]).abs().mean()))
    assert changes[1] > 1.8 * changes[0] > 0


def test_light_changes_go_the_right_way() -> None:
    start = clip(MotionKind.STILL)[0].mean((1, 2))
    night, sunrise, sunset = (
        clip(kind)[-1].mean((1, 2)) for kind in (MotionKind.NIGHT, MotionKind.SUNRISE, MotionKind.SUNSET)
    )
    assert bool((night < 0.5 * start).all())
    assert float(night[2]) > float(night[0]) * float(start[2] / start[0])
    assert bool((sunrise > 1.2 * start).all())
    assert float(sunset[0] / start[0]) > 1.5 * float(sunset[2] / start[2])


def test_turning_clockwise_takes_the_top_to_the_right() -> None:
    canvas = torch.zeros(3, 192, 192, dtype=torch.uint8)
    canvas[:, :90, 94:99] = 255
    frames = film(canvas, motion(MotionKind.TURN_CLOCKWISE), window(), even_course())
    columns = torch.arange(SIZE, dtype=torch.float32)
    first, last = (float((frame[0, 5] * columns).sum() / frame[0, 5].sum()) for frame in (frames[0], frames[-1]))
    assert last > first + 3


def test_flipped_windows_mirror_the_canvas() -> None:
    plain, mirrored = (
        film(smooth_canvas(), motion(MotionKind.STILL), window(flip=flip), even_course()[[0]])[0]
        for flip in (False, True)
    )
    torch.testing.assert_close(mirrored, plain.flip(2), atol=1e-5, rtol=0)


def test_draws_are_seeded_and_cover_everything() -> None:
    generator = np.random.default_rng(0)
    drawn = [draw_motion(generator) for _ in range(400)]
    assert {one.kind for one in drawn} == set(MotionKind)
    amplitudes = [one.amplitude for one in drawn if one.kind is not MotionKind.STILL]
    assert min(amplitudes) < 0.1
    assert max(amplitudes) > 0.95
    assert draw_window(np.random.default_rng(1), 192, 128) == draw_window(np.random.default_rng(1), 192, 128)
    assert set(PHRASES) == set(MotionKind)
    caption = clip_caption(np.random.default_rng(0), "a boat", MotionKind.NIGHT)
    assert any(phrase in caption for phrase in PHRASES[MotionKind.NIGHT])
