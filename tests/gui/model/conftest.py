"""Queues on an empty home, without the window around them."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from pia_edge.bundle import Bundle
from pia_edge.cancel import CancelToken
from pia_edge.gui.model.draft import DraftState
from pia_edge.gui.model.jobs import JobQueue
from pia_edge.gui.model.places import Places
from pia_edge.gui.model.questions import Questions
from pia_edge.worker import Worker

OpenQueue = Callable[..., JobQueue]


class Silent(Questions):
    """Answers nothing."""

    def ask(self, *_: Any, **__: Any) -> CancelToken:
        return CancelToken()


@pytest.fixture
def open_queue(qapp: QApplication, places: Places) -> Iterator[OpenQueue]:
    """Open a queue on ``places``; ``command`` and ``patience`` are those of its worker."""
    assert qapp is not None
    opened: list[tuple[JobQueue, Questions]] = []

    def open_one(command: Sequence[str] | None = None, patience: float = 60.0, at: Places = places) -> JobQueue:
        questions = Silent()
        opened.append((JobQueue(at, questions, worker=Worker(command=command, patience=patience)), questions))
        return opened[-1][0]

    yield open_one
    for queue, questions in opened:
        queue.close()
        questions.close()


@pytest.fixture
def draft(tiny_onnx: Bundle, picture_file: Path) -> DraftState:
    """A clip that is made in a moment."""
    return DraftState(
        picture=picture_file,
        prompt="a cat",
        num_frames=2,
        num_inference_steps=1,
        bundle=str(tiny_onnx.path),
        backend="cpu",
    )
