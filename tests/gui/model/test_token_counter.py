"""The prompts counted while they are typed."""

from pytestqt.qtbot import QtBot

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.token_counter import TokenCounter


def test_it_counts_what_was_typed_last(quick_desk: Desk, qtbot: QtBot) -> None:
    counter = TokenCounter(quick_desk.questions, quick_desk.draft, quick_desk)
    for length in range(1, 90):
        quick_desk.draft.change(prompt="sea " * length, negative_prompt="fog")
    qtbot.waitUntil(lambda: counter.counted("fog") is not None, timeout=20_000)
    counted = counter.counted("sea " * 89)
    assert counted is not None
    assert (counted.count, counted.room) == (89, 75)
    assert counted.cut.split() == ["sea"] * 14
    assert counter.counted("sea ") is None


def test_a_bundle_that_cannot_be_read_leaves_it_uncounted(quick_desk: Desk, qtbot: QtBot) -> None:
    counter = TokenCounter(quick_desk.questions, quick_desk.draft, quick_desk)
    quick_desk.draft.change(prompt="a", bundle="nowhere")
    with qtbot.waitSignal(counter.changed, timeout=20_000):
        pass
    assert counter.counted("a") is None
