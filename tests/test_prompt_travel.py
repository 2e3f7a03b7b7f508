"""Prompts by frame: their weights, and what is refused."""

import numpy as np
import pytest

from pia_edge.errors import RequestError
from pia_edge.prompt_travel import MAX_PROMPTS, check_travel, prompt_travel


def test_one_prompt_acts_alone_at_its_keyframe() -> None:
    travel = prompt_travel("day", ((4, "night"),), 7)
    assert travel.prompts == ("day", "night")
    expected = np.array([0, 0.25, 0.5, 0.75, 1, 1, 1], np.float32)
    np.testing.assert_array_equal(travel.weights, [1 - expected, expected])


def test_a_loop_leads_back_to_the_first_prompt() -> None:
    travel = prompt_travel("day", ((2, "night"),), 4, period=4)
    np.testing.assert_array_equal(travel.weights[1], [0, 0.5, 1, 0.5])
    closed = prompt_travel("day", ((2, "night"),), 5, period=4)
    np.testing.assert_array_equal(closed.weights[1], [0, 0.5, 1, 0.5, 0])


@pytest.mark.parametrize("period", [None, 16])
def test_weights_of_every_frame_have_the_sum_1(period: int | None) -> None:
    travel = prompt_travel("a", ((3, "b"), ("50%", "c"), (11, "a"), ("100%", "d")), 16, period=period)
    assert travel.prompts == ("a", "b", "c", "d")
    np.testing.assert_allclose(travel.weights.sum(axis=0), 1, atol=1e-6)
    assert (travel.weights >= 0).all()
    assert travel.weights[0, 11] == 1


def test_equal_prompts_are_one() -> None:
    travel = prompt_travel("a", ((3, "a"), (5, "a")), 8)
    assert travel.prompts == ("a",)
    np.testing.assert_array_equal(travel.weights, np.ones((1, 8)))


@pytest.mark.parametrize(
    ("prompts_at", "message"),
    [
        (5, "expected pairs of a frame and a prompt"),
        ("8:night", "expected pairs"),
        ([8], r"prompts_at\[0\]: expected a frame and a prompt"),
        ([(0, "b")], "frame 0 has the prompt itself"),
        ([("0%", "b")], "frame 0 has the prompt itself"),
        ([("half", "b")], "expected a frame such as 8"),
        ([(8, 7)], r"prompts_at\[0\]: expected text"),
        ([(8, "a" * 9000)], "at most 8192 characters"),
        ([(index, "b") for index in range(1, MAX_PROMPTS + 2)], "expected at most 64 prompts"),
    ],
)
def test_what_is_none_is_refused(prompts_at: object, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        check_travel(prompts_at)


@pytest.mark.parametrize(
    ("prompts_at", "found"), [(((16, "b"),), "found 16"), (((9, "b"), ("50%", "c")), "50% after 9")]
)
def test_what_does_not_lie_in_the_clip_is_refused(prompts_at: tuple[tuple[int | str, str], ...], found: str) -> None:
    with pytest.raises(RequestError, match=found):
        prompt_travel("a", prompts_at, 16)
