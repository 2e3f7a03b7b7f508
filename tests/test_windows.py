"""Windows: they cover the clip, are blended by weights that have the sum 1, and close a circle."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pia_edge.windows import least_overlap, strided_windows, windows


@st.composite
def shapes(draw: st.DrawFn) -> tuple[int, int, int]:
    num_frames = draw(st.integers(2, 200))
    length = draw(st.integers(2, num_frames))
    return num_frames, length, draw(st.integers(1, length - 1))


@given(shapes(), st.booleans())
def test_every_frame_has_weights_of_the_sum_1(shape: tuple[int, int, int], circular: bool) -> None:
    num_frames, length, overlap = shape
    total = np.zeros(num_frames)
    for window in windows(num_frames, length, overlap, circular=circular):
        assert len(window.frames) == len(window.weights) == length
        assert len(set(window.frames.tolist())) == length
        assert ((window.frames >= 0) & (window.frames < num_frames)).all()
        assert (window.weights > 0).all()
        total[window.frames] += window.weights
    np.testing.assert_allclose(total, 1, atol=1e-6)


@given(shapes(), st.booleans())
def test_neighbours_share_what_was_asked_for(shape: tuple[int, int, int], circular: bool) -> None:
    num_frames, length, overlap = shape
    found = windows(num_frames, length, overlap, circular=circular)
    assert least_overlap(num_frames, length, overlap, circular=circular) >= (overlap if len(found) > 1 else 0)
    assert all((np.diff(window.frames) % num_frames == 1).all() for window in found if num_frames > 2)
    # The work grows with the length of the clip: there is no window more than the overlap makes necessary.
    stride = length - overlap
    assert len(found) == -(-(num_frames if circular else num_frames - length) // stride) + (not circular)


@given(shapes())
def test_strided_windows_go_through_all_of_the_clip(shape: tuple[int, int, int]) -> None:
    num_frames, length, _ = shape
    found = strided_windows(num_frames, length)
    assert len(found) == -(-num_frames // length)
    total = np.zeros(num_frames)
    for window in found:
        distances = np.diff(window.frames)
        assert len(window.frames) == length
        assert distances.min() >= 1
        assert distances.max() - distances.min() <= 1
        assert window.frames[0] + num_frames - 1 - window.frames[-1] <= num_frames / length + 1
        total[window.frames] += window.weights
    np.testing.assert_allclose(total, 1, atol=1e-6)


def test_strided_windows_interlace() -> None:
    assert [window.frames.tolist() for window in strided_windows(8, 4)] == [[0, 2, 4, 6], [1, 3, 5, 7]]
    first, second = strided_windows(6, 4)
    assert (first.frames.tolist(), second.frames.tolist()) == ([0, 1, 3, 4], [0, 2, 3, 5])
    assert (first.weights.tolist(), second.weights.tolist()) == ([0.5, 1, 0.5, 1], [0.5, 1, 0.5, 1])


def test_windows_of_a_line() -> None:
    first, second, third = windows(36, 16, 4, circular=False)
    assert (first.frames[0], second.frames[0], third.frames[0], third.frames[-1]) == (0, 10, 20, 35)
    assert (first.weights[:10] == 1).all()
    # Six frames are shared; the weights fall in a line.
    np.testing.assert_allclose(first.weights[10:], np.arange(6, 0, -1) / 7, atol=1e-6)
    np.testing.assert_allclose(second.weights[:6], np.arange(1, 7) / 7, atol=1e-6)


def test_windows_of_a_circle_go_on_from_the_last_frame() -> None:
    found = windows(24, 16, 4, circular=True)
    assert [window.frames[0] for window in found] == [0, 12]
    assert found[1].frames.tolist() == [*range(12, 24), *range(4)]


@pytest.mark.parametrize("num_frames", [2, 5, 16])
def test_a_circle_of_one_length_has_windows_that_begin_elsewhere(num_frames: int) -> None:
    found = windows(num_frames, num_frames, 1, circular=True)
    assert len(found) == 2
    assert found[0].frames[0] != found[1].frames[0]


def test_one_window_is_the_whole_clip() -> None:
    (only,) = windows(16, 16, 4, circular=False)
    assert only.frames.tolist() == list(range(16))
    assert (only.weights == 1).all()
    assert least_overlap(16, 16, 4, circular=False) == 0
