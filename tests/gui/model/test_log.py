"""What happened: kept in order, bounded, from any thread."""

import threading

from pytestqt.qtbot import QtBot

from pia_edge.errors import BundleError
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.log import Kind, Log
from pia_edge.worker.text_questions import CountTokens, TokensCounted


def test_entries_are_numbered_and_the_oldest_go() -> None:
    log = Log()
    for number in range(1500):
        log.note(f"note {number}")
    assert [entry.number for entry in log.since(0)] == list(range(500, 1500))
    assert [entry.text for entry in log.since(1498)] == ["note 1498", "note 1499"]
    assert log.since(1500) == []


def test_threads_may_write_at_once() -> None:
    log = Log()
    hear = log.worker("clips")
    threads = [threading.Thread(target=lambda: [hear("line") for _ in range(100)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.number for entry in log.since(0)] == list(range(800))
    assert {(entry.kind, entry.text) for entry in log.since(0)} == {(Kind.WORKER, "[clips] line")}


def test_an_entry_as_a_line() -> None:
    log = Log()
    log.error(BundleError("Expected a bundle, found none."))
    (entry,) = log.since(0)
    assert entry.line() == f"{entry.time:%H:%M:%S} error  BundleError: Expected a bundle, found none."


def test_the_newest_fact_counts() -> None:
    log = Log()
    for fact in ("unknown", "CPU and GPU"):
        log.describe("openvino", fact)
    log.describe("cpu", "ONNX Runtime")
    assert log.facts == ["openvino: CPU and GPU", "cpu: ONNX Runtime"]


def test_the_desk_keeps_errors_that_nobody_else_hears(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.questions.failed, timeout=20_000):
        desk.questions.ask(CountTokens(("a",), bundle="none"), TokensCounted, print)
    assert any(entry.kind is Kind.ERROR and "BundleError" in entry.text for entry in desk.log.since(0))


def test_the_desk_keeps_prompts_private_once_they_are_whole(desk: Desk) -> None:
    for typed in ("a", "a b", "a boat"):
        desk.draft.change(prompt=typed)
    desk.draft.change(negative_prompt="blurred")
    desk.draft.change(prompt="the sea", negative_prompt=None)
    assert desk.log.private == ("a boat", "blurred")
