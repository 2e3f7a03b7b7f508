"""Rain, snow and mist begin with the picture, fall downwards, and are the stronger the more is asked."""

import pytest
import torch
from torch import Tensor

from pia_edge.training.captions import MotionKind
from pia_edge.training.course import even_course
from pia_edge.training.weather import WEATHER, apply_weather


def weather(kind: MotionKind, amplitude: float = 1.0, seed: int = 3) -> Tensor:
    """A grey clip of 64x64 in some weather."""
    return apply_weather(kind, amplitude, seed, torch.full((16, 3, 64, 64), 0.4), even_course())


@pytest.mark.parametrize("kind", WEATHER)
def test_the_first_frame_is_the_picture_and_all_stay_in_range(kind: MotionKind) -> None:
    frames = weather(kind)
    assert torch.equal(frames[0], torch.full((3, 64, 64), 0.4))
    assert frames.min() >= 0
    assert frames.max() <= 1
    assert (frames[8] - frames[9]).abs().mean() > 1e-3, "it moves"


@pytest.mark.parametrize("kind", WEATHER)
def test_the_seed_and_the_amplitude_decide(kind: MotionKind) -> None:
    assert torch.equal(weather(kind), weather(kind))
    assert not torch.equal(weather(kind), weather(kind, seed=4))
    changes = [float((weather(kind, amplitude) - 0.4).abs().mean()) for amplitude in (0.0, 0.3, 1.0)]
    assert changes[0] == 0
    assert changes[1] < 0.6 * changes[2]


def test_flakes_fall_down() -> None:
    frames = weather(MotionKind.SNOW)[:, 0]
    before, after = frames[10] - frames[10].mean(), frames[11] - frames[11].mean()
    scores = {shift: float((before.roll(shift, 0)[12:-12] * after[12:-12]).sum()) for shift in range(-10, 11)}
    assert max(scores, key=lambda shift: scores[shift]) > 0
