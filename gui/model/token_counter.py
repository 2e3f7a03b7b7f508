"""How much of the prompts is read, counted while the user types."""

from PySide6.QtCore import QObject, QTimer, Signal

from pia_edge.errors import PiaError
from pia_edge.gui.model.draft import Draft, DraftState
from pia_edge.gui.model.questions import Questions
from pia_edge.worker.text_questions import Counted, CountTokens, TokensCounted

_PAUSE = 150
"""Milliseconds without a key after which it is counted."""


class TokenCounter(QObject):
    """Counts the draft's prompts by the tokenizer of its bundle."""

    changed = Signal()

    def __init__(self, questions: Questions, draft: Draft, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions = questions
        self._draft = draft
        self._counted: dict[str, Counted] = {}
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._ask)
        draft.changed.connect(self._follow)
        self._pause.start()

    def counted(self, text: str) -> Counted | None:
        """Return how ``text`` is read; None as long as that is not known."""
        return self._counted.get(text)

    def _follow(self, before: DraftState, now: DraftState) -> None:
        if before.bundle != now.bundle:
            self._counted = {}
        if (before.prompt, before.negative_prompt, before.bundle) != (now.prompt, now.negative_prompt, now.bundle):
            self._pause.start()

    def _ask(self) -> None:
        state = self._draft.state
        texts = tuple(text for text in (state.prompt, state.negative_prompt) if text)
        if not texts or all(text in self._counted for text in texts):
            self.changed.emit()
            return
        self._questions.ask(
            CountTokens(texts, state.bundle),
            TokensCounted,
            lambda answer: self._take(texts, answer),
            self._fail,
            topic="tokens",
        )

    def _take(self, texts: tuple[str, ...], answer: TokensCounted) -> None:
        self._counted = dict(zip(texts, answer.texts, strict=True))
        self.changed.emit()

    def _fail(self, _error: PiaError) -> None:
        # What is wrong with the bundle is said where it is chosen; here the count is missing, no more.
        self._counted = {}
        self.changed.emit()
