"""What the picture shows and what should move, in words."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGroupBox, QVBoxLayout, QWidget

from pia_edge.errors import RequestError
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.suggestions import MOTION_WORDS, with_words
from pia_edge.gui.model.token_counter import TokenCounter
from pia_edge.gui.widgets.fold import Fold
from pia_edge.gui.widgets.later_prompts import LaterPrompts
from pia_edge.gui.widgets.prompt_field import PromptField
from pia_edge.gui.widgets.word_links import WordLinks


class PromptPanel(QGroupBox):
    """Prompt, prompts of later frames, and negative prompt."""

    animate_requested = Signal()
    """Ctrl+Return was pressed."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setTitle(self.tr("Prompt"))
        counter = TokenCounter(desk.questions, desk.draft, self)
        self.prompt = PromptField(self.tr("Prompt"), 3, counter)
        self.prompt.edit.setPlaceholderText(self.tr("What the picture shows, then what should move"))
        self.negative = PromptField(self.tr("Negative prompt"), 2, counter)
        self.fold = Fold(self.tr("What it should not look like"), self.negative)
        self.suggestions = WordLinks(self.tr("Words for movement, to be added to the prompt"), MOTION_WORDS)
        self.later = LaterPrompts(desk.draft)
        self._lay_out()
        self.prompt.edited.connect(self._take_prompt)
        self.negative.edited.connect(self._take_negative)
        self.suggestions.linkActivated.connect(self._add_words)
        for field in (self.prompt, self.negative):
            field.submitted.connect(self.animate_requested)
            field.other_pasted.connect(self._paste_picture)
        desk.draft.changed.connect(self._show)
        desk.limits.changed.connect(self._show_limits)
        desk.limits.want()
        self._show()
        self._show_limits()

    def _add_words(self, words: str) -> None:
        self.prompt.edit.replace_text(with_words(self.prompt.edit.toPlainText(), words))
        self.prompt.edit.setFocus()

    def _paste_picture(self) -> None:
        self._desk.picture.offer(QGuiApplication.clipboard().mimeData())

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.addWidget(self.prompt)
        column.addWidget(self.suggestions)
        column.addWidget(self.later)
        column.addWidget(self.fold)

    def _take_prompt(self, text: str) -> None:
        self._take(self.prompt, prompt=text)

    def _take_negative(self, text: str) -> None:
        # Without a word the bundle's own negative prompt acts.
        self._take(self.negative, negative_prompt=text or None)

    def _take(self, field: PromptField, **choice: str | None) -> None:
        try:
            self._desk.draft.change(**choice)
        except RequestError as error:
            field.refuse(error)
        else:
            field.refuse(None)
        field.show_count()

    def _show(self) -> None:
        state = self._desk.draft.state
        self.prompt.edit.replace_text(state.prompt)
        self.negative.edit.replace_text(state.negative_prompt or "")
        if state.negative_prompt:
            self.fold.unfold()

    def _show_limits(self) -> None:
        limits = self._desk.limits.found
        own = "" if limits is None else limits.negative_prompt
        self.negative.edit.setPlaceholderText(own or self.tr("Blurry, distorted, text…"))
