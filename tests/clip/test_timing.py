"""How often a stored frame is shown: as its recipe says, or at the pace of the shortest one."""

import pytest

from pia_edge.clip.timing import frames_played, steady_rate, times_shown
from tests.clip.examples import make_recipe


@pytest.mark.parametrize(
    ("changes", "played"), [({}, 5), ({"ping_pong": True}, 8), ({"without_last": True}, 4), ({"num_frames": 1}, 1)]
)
def test_frames_played(changes: dict[str, object], played: int) -> None:
    recipe = make_recipe(**({"num_frames": 5} | changes))
    assert frames_played(recipe) == played
    assert times_shown([125.0] * played, recipe) == [1] * played
    assert times_shown([125.0 * played], recipe) == [played]


def test_a_gif_counts_in_ticks_of_ten_milliseconds() -> None:
    recipe = make_recipe(num_frames=7, fps=8.0)
    assert times_shown([130.0, 250.0, 370.0, 120.0], recipe) == [1, 2, 3, 1]


def test_another_clip_than_the_recipe_says() -> None:
    assert times_shown([125.0, 125.0], make_recipe(num_frames=5)) is None


@pytest.mark.parametrize(
    ("milliseconds", "fps", "counts"),
    [
        ([120.0, 130.0, 120.0, 130.0], 8.0, [1, 1, 1, 1]),
        ([120.0, 360.0, 120.0], 1000 / 120, [1, 3, 1]),
        ([0.0, 0.0], 10.0, [1, 1]),
        ([4000.0], 0.25, [1]),
    ],
)
def test_clips_of_unknown_origin(milliseconds: list[float], fps: float, counts: list[int]) -> None:
    found, times = steady_rate(milliseconds)
    assert found == pytest.approx(fps)
    assert times == counts
