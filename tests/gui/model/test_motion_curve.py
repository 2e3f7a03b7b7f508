"""The affinity curve: shown as the pipeline computes it, drawn, undone, and brought to other lengths."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pia_edge.affinity import affinity_between, affinity_curve
from pia_edge.gui.model.curve_shapes import SHAPES
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.motion_estimate import Amount, amount, estimated_motion
from pia_edge.motion import Level, Motion


def test_a_named_motion_is_shown_as_the_pipeline_computes_it(quick_desk: Desk) -> None:
    quick_desk.draft.change(motion=Motion(level=Level.LARGE), condition_frame=3, num_frames=20)
    expected = affinity_curve(Motion(level=Level.LARGE), 20, 3)
    assert quick_desk.motion_curve.values == tuple(expected.tolist())


def test_with_a_last_picture_it_falls_and_rises(quick_desk: Desk, tmp_path: Path) -> None:
    quick_desk.draft.change(last_picture=tmp_path / "end.png")
    assert quick_desk.motion_curve.values == tuple(affinity_between(Motion(), 16).tolist())
    quick_desk.draft.change(motion=Motion(loop=True))
    assert quick_desk.motion_curve.values == ()
    assert "no loop" in quick_desk.motion_curve.problem


def test_painting_goes_straight_from_frame_to_frame(quick_desk: Desk) -> None:
    curve = quick_desk.motion_curve
    curve.paint((4, 0.5), (8, 0.1))
    assert curve.values[4:9] == pytest.approx([0.5, 0.4, 0.3, 0.2, 0.1])
    curve.paint((8, 0.9), (6, 0.7))
    assert curve.values[6:9] == pytest.approx([0.7, 0.8, 0.9])
    motion = quick_desk.draft.state.motion
    assert (motion.named, motion.stretch) == (False, True)
    assert motion.curve == pytest.approx(curve.values)


def test_a_stroke_is_undone_as_one(quick_desk: Desk) -> None:
    curve = quick_desk.motion_curve
    curve.begin_stroke()
    for frame in range(6):
        curve.set_value(frame, 0.3)
    curve.end_stroke()
    curve.set_value(9, 0.1)
    curve.undo()
    assert curve.values[9] != pytest.approx(0.1)
    assert curve.values[5] == pytest.approx(0.3)
    curve.undo()
    assert curve.motion == Motion()
    assert not curve.can_undo
    curve.redo()
    curve.redo()
    assert curve.values[9] == pytest.approx(0.1)
    assert not curve.can_redo


def test_what_others_choose_can_be_undone_too(quick_desk: Desk) -> None:
    curve = quick_desk.motion_curve
    curve.set_value(3, 0.25)
    drawn = curve.motion
    quick_desk.draft.change(motion=Motion(level=Level.SMALL))
    curve.undo()
    assert curve.motion == drawn


def test_a_change_after_undo_ends_redo(quick_desk: Desk) -> None:
    curve = quick_desk.motion_curve
    curve.set_value(3, 0.25)
    curve.undo()
    curve.set_value(3, 0.5)
    assert not curve.can_redo


def test_reset_returns_to_the_named_motion_that_was_chosen_last(quick_desk: Desk) -> None:
    quick_desk.draft.change(motion=Motion(level=Level.SMALL, loop=True))
    quick_desk.motion_curve.set_value(3, 0.25)
    quick_desk.motion_curve.reset()
    assert quick_desk.motion_curve.motion == Motion(level=Level.SMALL, loop=True)


def test_values_outside_the_range_are_brought_into_it(quick_desk: Desk) -> None:
    quick_desk.motion_curve.set_value(2, 1.7)
    quick_desk.motion_curve.set_value(3, -4)
    assert quick_desk.motion_curve.values[2:4] == (1.0, 0.0)


@pytest.mark.parametrize(
    "motion",
    [
        Motion(curve=(1.0, 0.5, 0.0, 0.5)),
        Motion(keyframes=((0, 1.0), (3, 0.2))),
        Motion(linear=(1.0, 0.3)),
        Motion(level=Level.LARGE, loop=True),
    ],
)
def test_any_motion_survives_another_number_of_frames(quick_desk: Desk, motion: Motion) -> None:
    quick_desk.draft.change(motion=motion, num_frames=4, condition_frame=3)
    before = quick_desk.motion_curve.values
    quick_desk.motion_curve.change_frames(2)
    lengths = [len(quick_desk.motion_curve.values)]
    assert quick_desk.draft.state.condition_frame == 1
    quick_desk.motion_curve.change_frames(4)
    assert [*lengths, len(quick_desk.motion_curve.values)] == [2, 4]
    if motion.curve is not None:
        assert quick_desk.motion_curve.values == pytest.approx(before), "nothing is lost on the way"


def test_keyframes_beyond_the_end_are_explained(quick_desk: Desk) -> None:
    quick_desk.draft.change(motion=Motion(keyframes=((0, 1.0), (20, 0.2))))
    assert "0 to 15" in quick_desk.motion_curve.problem
    quick_desk.motion_curve.change_frames(12)
    assert "0 to 11" in quick_desk.motion_curve.problem
    assert quick_desk.limits.num_frames == 16
    quick_desk.motion_curve.change_frames(24)
    assert (quick_desk.motion_curve.problem, len(quick_desk.motion_curve.values)) == ("", 24)


def test_undo_after_another_number_of_frames(quick_desk: Desk) -> None:
    quick_desk.draft.change(motion=Motion(curve=(1.0, 0.5, 0.25)), num_frames=3)
    quick_desk.draft.change(motion=Motion())
    quick_desk.motion_curve.change_frames(5)
    quick_desk.motion_curve.undo()
    assert quick_desk.motion_curve.problem == ""
    assert quick_desk.motion_curve.values == pytest.approx((1.0, 0.75, 0.5, 0.375, 0.25))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("num_frames", [1, 2, 16, 1024])
def test_shapes_begin_at_the_picture_and_stay_in_range(shape: str, num_frames: int) -> None:
    curve = SHAPES[shape](num_frames)
    assert len(Motion(curve=curve).curve or ()) == num_frames
    assert curve[0] == 1
    assert min(curve) >= 0.5


def test_the_estimate_orders_the_named_motions() -> None:
    estimates = [
        estimated_motion(affinity_curve(motion, 16).tolist(), 0)
        for motion in (Motion(linear=(1, 1)), *(Motion(level=level) for level in Level), Motion(style_transfer=True))
    ]
    assert estimates == sorted(estimates)
    assert [amount(estimate) for estimate in estimates] == list(Amount)
    assert estimates[3] == pytest.approx(1)
    assert estimated_motion((0.5,), 0) == 0, "one frame cannot move"


@given(values=st.lists(st.floats(0, 1), min_size=1, max_size=40))
@settings(max_examples=50)
def test_there_is_a_word_for_every_curve(values: list[float]) -> None:
    assert amount(estimated_motion(values, 0)) in Amount
