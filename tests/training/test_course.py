"""Motions go on, come back, or go where they will; whatever they do, they begin at the picture."""

import numpy as np
import pytest
import torch

from pia_edge.training.captions import MotionKind
from pia_edge.training.course import Course, draw_course, even_course
from pia_edge.training.motions import draw_motion, film
from tests.training.test_motions import smooth_canvas, window


def drawn() -> list[Course]:
    generator = np.random.default_rng(3)
    return [draw_course(generator) for _ in range(200)]


def test_every_course_begins_at_the_picture_and_stays_on_its_way() -> None:
    for course in drawn():
        torch.testing.assert_close(course.time, even_course().time)
        assert float(course.gone[0]) == 0
        assert 0 <= float(course.gone.min()) <= float(course.gone.max()) <= 1


def test_half_go_on_evenly_and_many_come_back() -> None:
    courses = drawn()
    even = [torch.equal(course.gone, even_course().gone) for course in courses]
    back = [float(course.gone[-1]) == 0 for course in courses]
    assert 0.4 < np.mean(even) < 0.6
    assert 0.2 < np.mean(back) < 0.4


@pytest.mark.parametrize("kind", [kind for kind in MotionKind if kind is not MotionKind.STILL])
def test_there_and_back_ends_with_the_picture(kind: MotionKind) -> None:
    motion = draw_motion(np.random.default_rng(1), kind)
    back = next(course for course in drawn() if float(course.gone[-1]) == 0)
    frames = film(smooth_canvas(), motion, window(), back)
    torch.testing.assert_close(frames[-1], frames[0], atol=1e-5, rtol=0)
    assert float((frames[8] - frames[0]).abs().mean()) > 1e-3
