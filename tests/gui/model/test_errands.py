"""Long work: one after the other, stopped when asked, in a process that ends with it."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from pia_edge.errors import BundleError
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.errands import Errands
from pia_edge.gui.model.questions import Questions
from pia_edge.worker.model_questions import BundleVerified, VerifyBundle
from pia_edge.worker.text_questions import CountTokens, TokensCounted
from tests.gui.slow_worker import SlowWorker

GOOD = BundleVerified("ab", 3)


class Heard:
    """Errands, and what became of each."""

    def __init__(self) -> None:
        self.worker = SlowWorker()
        self.errands = Errands(questions=Questions(worker=self.worker))
        self.events: list[str] = []

    def verify(self, name: str) -> None:
        """Give an errand."""

        def hear(what: str) -> Any:
            return lambda *_reply: self.events.append(f"{name} {what}")

        self.errands.give(
            name, VerifyBundle(name), BundleVerified, hear("done"), hear("failed"), stopped=hear("stopped")
        )

    def idle(self) -> bool:
        """Whether nothing is being done."""
        return self.errands.current is None


@pytest.fixture
def heard(qapp: object) -> Iterator[Heard]:
    assert qapp is not None
    one = Heard()
    yield one
    one.errands.close()


def test_errands_come_one_after_the_other(heard: Heard, qtbot: QtBot) -> None:
    titles: list[str] = []
    errands = heard.errands
    errands.changed.connect(lambda: titles.append(errands.current.title if errands.current else ""))
    for name in "abc":
        heard.verify(name)
    for reply in (GOOD, BundleError("damaged"), GOOD):
        heard.worker.answer(reply)
    qtbot.waitUntil(heard.idle)
    assert heard.events == ["a done", "b failed", "c done"]
    assert list(dict.fromkeys(titles)) == ["a", "b", "c", ""]
    assert errands.progress is None
    qtbot.waitUntil(lambda: heard.worker.closed == 1)


def test_how_far_it_is(heard: Heard, qtbot: QtBot) -> None:
    heard.verify("a")
    qtbot.waitUntil(lambda: heard.errands.progress is not None)
    assert heard.errands.progress is not None
    assert (heard.errands.progress.done, heard.errands.progress.total) == (1, 4)


def test_one_that_is_stopped_says_so_and_takes_those_that_wait_along(heard: Heard, qtbot: QtBot) -> None:
    heard.verify("a")
    heard.verify("b")
    qtbot.waitUntil(lambda: heard.errands.progress is not None)
    heard.errands.stop()
    assert (heard.events, heard.errands.current) == (["a stopped", "b stopped"], None)
    heard.verify("c")
    qtbot.waitUntil(lambda: len(heard.worker.asked) == 2)
    heard.worker.answer(GOOD)
    qtbot.waitUntil(heard.idle)
    assert heard.events == ["a stopped", "b stopped", "c done"]
    heard.errands.stop()
    assert len(heard.events) == 3, "there was nothing to stop"


def test_the_process_stays_for_what_follows(heard: Heard, qtbot: QtBot) -> None:
    heard.errands.give("first", VerifyBundle("a"), BundleVerified, lambda _: heard.verify("b"), print)
    heard.worker.answer(GOOD)
    qtbot.waitUntil(lambda: len(heard.worker.asked) == 2)
    assert heard.worker.closed == 0
    heard.worker.answer(GOOD)
    qtbot.waitUntil(heard.idle)
    assert heard.events == ["b done"]
    qtbot.waitUntil(lambda: heard.worker.closed == 1)


def test_closing_while_something_is_done(heard: Heard, qtbot: QtBot) -> None:
    heard.verify("a")
    heard.verify("b")
    qtbot.waitUntil(lambda: heard.errands.progress is not None)
    heard.errands.close()
    assert heard.worker.closed == 1
    assert len(heard.worker.asked) == 1


def test_short_questions_do_not_wait(desk: Desk, heard: Heard, qtbot: QtBot) -> None:
    heard.verify("a")
    replies: list[TokensCounted] = []
    desk.questions.ask(CountTokens(("a",)), TokensCounted, replies.append)
    qtbot.waitUntil(lambda: len(replies) == 1, timeout=20_000)
    assert heard.events == []
