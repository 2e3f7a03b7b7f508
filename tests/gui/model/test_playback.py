"""A clip plays by its own times, whatever the clock does."""

import pytest
from PySide6.QtWidgets import QApplication

from pia_edge.gui.model.playback import Playback


@pytest.fixture
def playback(qapp: QApplication) -> Playback:
    assert qapp is not None
    one = Playback()
    one.take((100.0, 300.0, 100.0))
    return one


def test_each_frame_is_shown_for_its_time(playback: Playback) -> None:
    assert playback.playing
    shown = []
    for _ in range(11):
        shown.append(playback.index)
        playback.pass_time(50)
    assert shown == [0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 0]


def test_no_drift_and_no_rush_after_a_sleep(playback: Playback) -> None:
    moves: list[int] = []
    playback.moved.connect(lambda: moves.append(playback.index))
    playback.pass_time(1_000_000 * 500 + 130)
    assert moves == [1]
    assert playback.until_next() == pytest.approx(270)


@pytest.mark.parametrize(("speed", "wait"), [(0.25, 400), (4.0, 25)])
def test_speed(playback: Playback, speed: float, wait: float) -> None:
    playback.set_speed(speed)
    assert playback.until_next() == pytest.approx(wait)
    playback.pass_time(wait)
    assert playback.index == 1


def test_once_ends_at_the_end_and_begins_again(playback: Playback) -> None:
    playback.set_looping(False)
    playback.pass_time(10_000)
    assert (playback.index, playback.playing) == (2, False)
    playback.play()
    assert (playback.index, playback.playing) == (0, True)


def test_steps_pause_and_go_round(playback: Playback) -> None:
    playback.step(-1)
    assert (playback.index, playback.playing) == (2, False)
    assert playback.starts_at == 400
    playback.step(1)
    assert playback.index == 0
    playback.pass_time(1000)
    assert playback.index == 0
    playback.seek(99)
    assert playback.index == 2


def test_previews_of_one_length_go_on_where_they_were(playback: Playback) -> None:
    playback.pass_time(150)
    playback.take((125.0,) * 3)
    assert playback.index == 1
    playback.take((125.0,) * 4)
    assert playback.index == 0


def test_nothing_to_play(qapp: QApplication) -> None:
    assert qapp is not None
    playback = Playback()
    playback.take(())
    playback.play()
    playback.step(1)
    playback.seek(3)
    assert (playback.playing, playback.count) == (False, 0)
