"""Questions to a real worker: answers, errors, and what nobody wants to hear any more."""

from pytestqt.qtbot import QtBot

from pia_edge.errors import BundleError, PiaError
from pia_edge.gui.model.desk import Desk
from pia_edge.worker.text_questions import CountTokens, TokensCounted


def test_an_answer_comes_back(desk: Desk, qtbot: QtBot) -> None:
    heard: list[TokensCounted] = []
    desk.questions.ask(CountTokens(("a cat", "")), TokensCounted, heard.append)
    qtbot.waitUntil(lambda: bool(heard), timeout=20_000)
    assert [text.count for text in heard[0].texts] == [2, 0]
    assert heard[0].texts[0].room == 75


def test_an_error_comes_back(desk: Desk, qtbot: QtBot) -> None:
    errors: list[PiaError] = []
    desk.questions.ask(CountTokens(("a",), bundle="none"), TokensCounted, print, errors.append)
    with qtbot.waitSignal(desk.questions.failed, timeout=20_000) as stray:
        desk.questions.ask(CountTokens(("a",), bundle="none"), TokensCounted, print)
    assert [type(error) for error in (*errors, *stray.args)] == [BundleError, BundleError]


def test_the_newest_question_on_a_topic_is_heard_alone(desk: Desk, qtbot: QtBot) -> None:
    heard: list[TokensCounted] = []
    for length in range(1, 30):
        desk.questions.ask(CountTokens(("a " * length,)), TokensCounted, heard.append, topic="prompt")
    qtbot.waitUntil(lambda: bool(heard), timeout=20_000)
    qtbot.wait(50)
    assert [reply.texts[0].count for reply in heard] == [29]
