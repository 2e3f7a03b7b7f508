"""A worker without a process: the same answers, at once."""

from collections.abc import Callable
from typing import TypeVar

from pia_edge.cancel import CancelToken
from pia_edge.progress import OnStep
from pia_edge.worker.answering import Listener, answer
from pia_edge.worker.messages import Answered, decode_answer, encode
from pia_edge.worker.questions import Question, Reply

_Reply = TypeVar("_Reply", bound=Reply)


class QuickWorker:
    """Answers where it is asked; the answer goes through a message all the same."""

    def __init__(self, *, on_log: Callable[[str], object] | None = None, yielding: bool = False) -> None:
        self.log: list[str] = []
        self.memory = 0
        self._on_log = on_log
        self.yielding = yielding

    def ask(
        self,
        question: Question,
        kind: type[_Reply],
        *,
        on_step: OnStep | None = None,
        cancel: CancelToken | None = None,
    ) -> _Reply:
        token = cancel or CancelToken()
        reply = answer(question, Listener(on_step or (lambda _: None), token))
        token.check()
        said = decode_answer(encode(Answered(1, reply)))
        assert isinstance(said, Answered)
        assert isinstance(said.reply, kind)
        return said.reply

    def close(self) -> None:
        if self._on_log is not None:
            self._on_log("closed")
