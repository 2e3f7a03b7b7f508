"""What the chosen bundle accepts, and what of it the panels offer."""

from pytestqt.qtbot import QtBot

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize, Frames, Sizes
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.shapes import shapes
from pia_edge.gui.model.suggestions import MOTION_WORDS, with_words
from pia_edge.request import SchedulerName
from pia_edge.training.captions import PHRASES
from pia_edge.worker.picture_questions import LimitsFound


def limits(sizes: Sizes, clips: tuple[ClipSize, ...] = ()) -> LimitsFound:
    return LimitsFound(
        name="a",
        sizes=sizes,
        frames=Frames(),
        clips=clips,
        second_picture=False,
        tiny_decoder=False,
        scheduler=SchedulerName.DDIM,
        num_inference_steps=25,
        guidance_scale=7.5,
        negative_prompt="",
    )


def name_of(desk: Desk) -> str:
    return "" if desk.limits.found is None else desk.limits.found.name


def test_nothing_is_asked_until_somebody_wants_to_know(quick_desk: Desk, qtbot: QtBot) -> None:
    qtbot.wait(20)
    names = [name_of(quick_desk)]
    assert quick_desk.limits.num_frames == 16
    with qtbot.waitSignal(quick_desk.limits.changed):
        quick_desk.limits.want()
    assert [*names, name_of(quick_desk)] == ["", "sample"]


def test_it_follows_the_bundle(quick_desk: Desk, qtbot: QtBot, tiny: Bundle) -> None:
    quick_desk.limits.want()
    with qtbot.waitSignal(quick_desk.limits.changed):
        quick_desk.draft.change(bundle=str(tiny.path))
    assert name_of(quick_desk) == tiny.manifest.name
    with qtbot.waitSignal(quick_desk.limits.changed):
        quick_desk.draft.change(bundle="nowhere")
    assert name_of(quick_desk) == ""
    assert "nowhere" in str(quick_desk.limits.problem)
    quick_desk.draft.change(num_frames=7)
    assert quick_desk.limits.num_frames == 7


def test_shapes_are_sizes_that_the_bundle_accepts() -> None:
    found = shapes(limits(Sizes(minimum=64, maximum=256, long_edge=128)))
    assert {shape.ratio: shape.size for shape in found} == {
        (1, 1): (128, 128),
        (4, 3): (128, 96),
        (3, 4): (96, 128),
        (16, 9): (128, 72),
        (9, 16): (72, 128),
    }


def test_a_shape_whose_shorter_side_is_too_short_is_made_larger_or_left_out() -> None:
    larger = shapes(limits(Sizes(minimum=96, maximum=256, long_edge=128)))
    assert dict(larger)[(16, 9)] == (168, 96)
    odd = shapes(limits(Sizes(multiple=4, minimum=60, maximum=300, long_edge=100)))
    assert all(side % 8 == 0 for shape in odd for side in shape.size), "what a request takes"
    fewer = shapes(limits(Sizes(minimum=96, maximum=128, long_edge=128)))
    assert [shape.ratio for shape in fewer] == [(1, 1), (4, 3), (3, 4)]


def test_a_bundle_for_certain_clips_has_their_shapes() -> None:
    clips = (ClipSize(frames=16, width=512, height=512), ClipSize(frames=8, width=512, height=512))
    found = shapes(limits(Sizes(), (*clips, ClipSize(frames=16, width=512, height=384))))
    assert found == (((1, 1), (512, 512)), ((4, 3), (512, 384)))


def test_words_are_those_that_the_sample_was_trained_on() -> None:
    assert set(MOTION_WORDS) <= {phrase for phrases in PHRASES.values() for phrase in phrases}


def test_words_are_added_once_and_taken_out_again() -> None:
    prompt = with_words("a boat on the sea", "it snows")
    assert prompt == "a boat on the sea, it snows"
    assert with_words(prompt, "night falls") == "a boat on the sea, it snows, night falls"
    assert with_words(prompt, "it snows") == "a boat on the sea"
    assert with_words("", "it snows") == "it snows"
