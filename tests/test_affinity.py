"""Affinity from a motion against the paper's numbers; affinity measured from a clip against colorsys."""

import colorsys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from pia_edge.affinity import (
    LEAST_BETWEEN_PICTURES,
    PAPER_ROWS,
    affinity_between,
    affinity_curve,
    nearest_picture,
    paper_row,
)
from pia_edge.affinity_measure import PAPER_STATISTICS, hsv_l1, measured_affinity
from pia_edge.errors import RequestError
from pia_edge.request import Level, Motion

REFERENCE = Path(__file__).parent / "data" / "reference"

# The paper's rows once more, in hundredths and the order of its code, to catch a slip in either list.
HUNDREDTHS = """
100 90 85 85 85 80
100 80 80 80 79 78 75
100 80 70 70 70 70 70 70 70 70 60 50 50
100 90 85 85 85 80 80 80 80 80 80 80 85 85 90 100
100 80 80 80 79 78 75 75 75 75 75 78 79 80 80 100
100 80 70 70 70 70 60 50 50 60 70 70 70 70 80 100
50 20
50 40 40 40 35 35 30 25 20
50 40 40 40 35 30
"""
LEVELS = list(Level)
NAMED = [
    *(Motion(level=level) for level in Level),
    *(Motion(level=level, loop=True) for level in Level),
    *(Motion(level=level, style_transfer=True) for level in reversed(LEVELS)),
]


def original(index: int, num_frames: int, condition_frame: int) -> npt.NDArray[np.float32]:
    """The paper's rule: the value at the distance, the last one repeated."""
    row = [int(value) / 100 for value in HUNDREDTHS.strip().split("\n")[index].split()]
    row += [row[-1]] * num_frames
    return np.array([row[abs(frame - condition_frame)] for frame in range(num_frames)], dtype=np.float32)


@pytest.mark.parametrize("index", range(9))
def test_named_motions_are_the_papers_rows_at_16_frames(index: int) -> None:
    np.testing.assert_array_equal(affinity_curve(NAMED[index], 16), original(index, 16, 0))


@pytest.mark.parametrize("num_frames", [1, 2, 5, 8, 16, 24, 40])
@pytest.mark.parametrize("index", range(9))
def test_rows_at_any_length_and_condition_frame(index: int, num_frames: int) -> None:
    motion = NAMED[index]
    if motion.loop:
        motion = Motion(level=motion.level, loop=True, original_rows=True)
    for condition_frame in {0, num_frames // 2, num_frames - 1}:
        np.testing.assert_array_equal(
            affinity_curve(motion, num_frames, condition_frame), original(index, num_frames, condition_frame)
        )


@pytest.mark.parametrize(("m", "level"), list(enumerate(LEVELS)))
def test_style_transfer_counts_from_the_end(m: int, level: Level) -> None:
    from_the_end = list(PAPER_ROWS.values())[-1 - m]
    assert paper_row(Motion(level=level, style_transfer=True)) == from_the_end


def test_the_original_loop_rows_do_not_close_at_other_lengths() -> None:
    literal = Motion(level=Level.LARGE, loop=True, original_rows=True)
    assert affinity_curve(literal, 8)[-1] == pytest.approx(0.5)
    np.testing.assert_array_equal(affinity_curve(literal, 24)[15:], np.ones(9))


@pytest.mark.parametrize("num_frames", [2, 3, 7, 8, 15, 16, 17, 24, 32])
@pytest.mark.parametrize("level", LEVELS)
def test_loops_close_at_any_length(level: Level, num_frames: int) -> None:
    motion = Motion(level=level, loop=True)
    curve = affinity_curve(motion, num_frames)
    assert curve.dtype == np.float32
    assert curve.shape == (num_frames,)
    assert curve[0] == 1
    assert curve[-1] == 1
    if num_frames > 7:
        assert curve.min() == pytest.approx(min(paper_row(motion)), abs=0.06)
        assert (curve[1:-1] < 1).all()


@pytest.mark.parametrize("num_frames", [8, 16, 24])
def test_loops_turn_with_the_condition_frame(num_frames: int) -> None:
    motion = Motion(level=Level.SMALL, loop=True)
    at_first = affinity_curve(motion, num_frames)[:-1]
    for condition_frame in range(num_frames):
        curve = affinity_curve(motion, num_frames, condition_frame)
        assert curve[condition_frame] == 1
        assert curve[0] == curve[-1]
        np.testing.assert_array_equal(curve[:-1], np.roll(at_first, condition_frame))


def test_one_frame_is_the_condition_image() -> None:
    np.testing.assert_array_equal(affinity_curve(Motion(loop=True), 1), [1.0])
    np.testing.assert_array_equal(affinity_curve(Motion(linear=(0.9, 0.2)), 1), np.array([0.9], dtype=np.float32))


def test_linear_and_curve_are_taken_as_given() -> None:
    np.testing.assert_allclose(affinity_curve(Motion(linear=(1, 0.4)), 4), [1, 0.8, 0.6, 0.4], atol=1e-7)
    np.testing.assert_array_equal(affinity_curve(Motion(curve=(1, 0, 0.5)), 3, 2), [1, 0, 0.5])


def test_the_papers_code_used_these_rows() -> None:
    """Both reference runs, one UNet call and one pipeline, had medium motion."""
    with np.load(REFERENCE / "unet.npz") as unet, np.load(REFERENCE / "pipeline.npz") as pipeline:
        np.testing.assert_array_equal(affinity_curve(Motion(), 6), unet["mask_coef"])
        mask = pipeline["mask"][0, 0]
    assert (mask == mask[:, :1, :1]).all()
    np.testing.assert_array_equal(affinity_curve(Motion(), 6), mask[:, 0, 0])


@pytest.mark.parametrize(
    ("motion", "num_frames", "condition_frame"),
    [(Motion(), 16, 16), (Motion(), 16, -1), (Motion(), 0, 0), (Motion(curve=(1, 0.5)), 16, 0)],
)
def test_what_does_not_fit_the_frames_is_refused(motion: Motion, num_frames: int, condition_frame: int) -> None:
    with pytest.raises(RequestError, match="expected"):
        affinity_curve(motion, num_frames, condition_frame)


def clip(num_frames: int, seed: int = 0) -> npt.NDArray[np.uint8]:
    frames = np.random.default_rng(seed).integers(0, 256, (num_frames, 6, 5, 3), dtype=np.uint8)
    frames[:, 0] = frames[:, 0, :, :1]  # greys
    frames[:, 1, 0] = 0
    frames[:, 1, 1] = 255
    frames[:, 1, 2] = (200, 200, 10)  # two greatest channels
    frames[:, 1, 3] = (10, 200, 200)
    frames[:, 1, 4] = (200, 10, 200)
    return frames


def test_hsv_l1_against_colorsys() -> None:
    frames = clip(4)

    def hsv(pixel: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
        hue, saturation, value = colorsys.rgb_to_hsv(*(float(channel) for channel in pixel))
        return np.array([hue * 360, saturation, value])

    expected = [
        np.mean([np.abs(hsv(a) - hsv(b)).sum() / 3 for a, b in zip(x, y, strict=True)])
        for x, y in ((frame.reshape(-1, 3), frames[1].reshape(-1, 3)) for frame in frames)
    ]
    np.testing.assert_allclose(hsv_l1(frames, 1), expected, rtol=1e-12)
    assert hsv_l1(frames, 1)[1] == 0


def test_red_hues_are_far_apart_as_in_the_original() -> None:
    frames = np.empty((2, 1, 1, 3), dtype=np.uint8)
    frames[0] = (255, 0, 4)
    frames[1] = (255, 4, 0)
    assert hsv_l1(frames, 0)[1] > 358 / 3


def test_measured_affinity_by_hand() -> None:
    grey = np.full((4, 2, 2, 3), 100, dtype=np.uint8)
    grey[1] = 100  # score 0, below the least of its distance
    grey[2] = 130  # score 10
    grey[3] = 255  # score 51.7, above the greatest
    affinity = measured_affinity(grey, 0)
    least_1, greatest_1 = PAPER_STATISTICS[1]
    expected = [1, 1 - 0.8 * least_1 / greatest_1, 1 - 8 / PAPER_STATISTICS[2][1], 1 - 0.8 * 0.95]
    np.testing.assert_allclose(affinity, expected, rtol=1e-6)
    assert affinity.dtype == np.float32


def test_measured_affinity_stays_in_range_beyond_the_statistics() -> None:
    affinity = measured_affinity(clip(40), 20, minimum=0.3)
    assert affinity[20] == 1
    assert affinity.min() >= 0.3
    assert affinity[np.arange(40) != 20].max() < 1
    longer = np.concatenate([PAPER_STATISTICS, np.repeat(PAPER_STATISTICS[-1:], 30, axis=0)])
    np.testing.assert_array_equal(affinity, measured_affinity(clip(40), 20, minimum=0.3, statistics=longer))


def test_a_still_clip_with_own_statistics_is_all_one() -> None:
    still = np.repeat(clip(1), 5, axis=0)
    np.testing.assert_array_equal(measured_affinity(still, 2, statistics=[[0, 0], [0, 10]]), np.ones(5))


def test_statistics_are_the_papers() -> None:
    assert PAPER_STATISTICS.shape == (16, 2)
    assert PAPER_STATISTICS[1].tolist() == [0.3535855, 24.23687346]
    assert PAPER_STATISTICS[15].tolist() == [2.37310751, 49.19931439]
    assert (np.diff(PAPER_STATISTICS, axis=0) > 0).all()
    assert not PAPER_STATISTICS.flags.writeable


@pytest.mark.parametrize("statistics", [[], [[0, np.nan]], [[3, 2]], [[1, 2, 3]], [[-1, 2]]])
def test_bad_statistics_are_refused(statistics: list[list[float]]) -> None:
    with pytest.raises(RequestError, match="statistics: expected"):
        measured_affinity(clip(2), 0, statistics=statistics)


def test_bad_clips_are_refused() -> None:
    with pytest.raises(RequestError, match="expected uint8 RGB"):
        hsv_l1(clip(2).astype(np.float32), 0)
    with pytest.raises(RequestError, match="expected uint8 RGB"):
        hsv_l1(clip(2)[..., :2], 0)
    with pytest.raises(RequestError, match="condition_frame"):
        hsv_l1(clip(2), 2)
    with pytest.raises(RequestError, match="minimum"):
        measured_affinity(clip(2), 0, minimum=1.5)


def test_between_two_pictures_affinity_is_that_of_the_papers_code() -> None:
    """``prepare_mask_coef_multi_cond`` with the condition frames 0 and 15, to the three digits that were printed."""
    half = [1, 0.886, 0.771, 0.657, 0.543, 0.429, 0.314, 0.2]
    curve = affinity_between(Motion(level=Level.LARGE), 16)
    np.testing.assert_allclose(curve, [*half, *reversed(half)], atol=5e-4)
    np.testing.assert_array_equal(affinity_between(Motion(linear=(1, 0.2)), 16), curve)


@pytest.mark.parametrize("num_frames", [2, 3, 7, 16, 33])
@pytest.mark.parametrize("level", LEVELS)
def test_both_pictures_are_kept_and_the_middle_is_farthest(level: Level, num_frames: int) -> None:
    curve = affinity_between(Motion(level=level), num_frames)
    assert curve[0] == curve[-1] == 1
    np.testing.assert_allclose(curve, curve[::-1], atol=1e-7)
    if num_frames > 2:
        assert curve[num_frames // 2] == curve.min() == pytest.approx(LEAST_BETWEEN_PICTURES[level])


def test_the_nearer_picture_counts() -> None:
    distance, is_second = nearest_picture(7, 0)
    assert distance.tolist() == [0, 1, 2, 3, 2, 1, 0]
    assert is_second.tolist() == [False] * 4 + [True] * 3
    distance, is_second = nearest_picture(7, 2)
    assert distance.tolist() == [2, 1, 0, 1, 2, 1, 0]
    assert is_second.tolist() == [False] * 5 + [True] * 2


@pytest.mark.parametrize(
    ("motion", "condition_frame", "message"),
    [
        (Motion(loop=True), 0, "is no loop"),
        (Motion(style_transfer=True), 0, "is no style transfer"),
        (Motion(), 7, "a frame before the last"),
        (Motion(), 8, "expected a frame of the clip"),
    ],
)
def test_what_cannot_end_with_a_second_picture(motion: Motion, condition_frame: int, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        affinity_between(motion, 8, condition_frame)


def test_curves_and_keyframes_are_taken_as_given_between_two_pictures() -> None:
    np.testing.assert_array_equal(affinity_between(Motion(curve=(1, 0.5, 0)), 3), [1, 0.5, 0])
    np.testing.assert_array_equal(affinity_between(Motion(keyframes=((0, 1), (2, 0))), 3), [1, 0.5, 0])


@pytest.mark.parametrize("num_frames", [2, 9, 16, 40])
def test_in_a_circle_no_moment_comes_twice(num_frames: int) -> None:
    motion = Motion(level=Level.LARGE, loop=True)
    around = affinity_curve(motion, num_frames, circular=True)
    # One frame more closes it, and is the first again.
    np.testing.assert_allclose(around, affinity_curve(motion, num_frames + 1)[:-1], atol=1e-6)
    assert around[0] == 1 > around[-1]
    for condition_frame in range(num_frames):
        turned = affinity_curve(motion, num_frames, condition_frame, circular=True)
        np.testing.assert_array_equal(turned, np.roll(around, condition_frame))


def test_curves_are_stretched_when_told() -> None:
    motion = Motion(curve=(1, 0, 0.5), stretch=True)
    np.testing.assert_array_equal(affinity_curve(motion, 3), [1, 0, 0.5])
    np.testing.assert_allclose(affinity_curve(motion, 5), [1, 0.5, 0, 0.25, 0.5], atol=1e-7)
    np.testing.assert_allclose(affinity_curve(motion, 2), [1, 0.5], atol=1e-7)
    np.testing.assert_array_equal(affinity_curve(Motion(curve=(0.5,), stretch=True), 4), [0.5] * 4)
