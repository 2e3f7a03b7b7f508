"""Prompts of later frames: the clip passes from one into the next."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from pia_edge.errors import RequestError
from pia_edge.gui.model.draft import Draft
from pia_edge.gui.widgets.icons import icon
from pia_edge.gui.widgets.later_prompt_row import LaterPromptRow
from pia_edge.gui.widgets.problem_line import ProblemLine
from pia_edge.keyframes import Position
from pia_edge.prompt_travel import MAX_PROMPTS


class LaterPrompts(QWidget):
    """A row for each; a row without words is the user's alone until there are some."""

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self.rows: list[LaterPromptRow] = []
        self._known: tuple[tuple[Position, str], ...] = ()
        self.add = QPushButton(icon("add"), self.tr("Then something else…"))
        self.add.setToolTip(self.tr("Another prompt from a later frame on; each one makes the clip take longer"))
        self.problem = ProblemLine()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.problem)
        self._column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.add.clicked.connect(self._add_empty)
        draft.changed.connect(self._show)
        self._show()

    def _add_empty(self) -> None:
        share = (len(self.rows) + 1) / (len(self.rows) + 2)
        self._add(f"{share:.0%}", "").words.setFocus()

    def _add(self, position: Position, text: str) -> LaterPromptRow:
        row = LaterPromptRow(position, text)
        row.edited.connect(self._take)
        row.removed.connect(lambda: self._remove(row))
        self._column.insertWidget(len(self.rows), row)
        self.rows.append(row)
        self.add.setEnabled(len(self.rows) < MAX_PROMPTS)
        return row

    def _remove(self, row: LaterPromptRow) -> None:
        self._drop(row)
        self._take()
        self.add.setFocus()

    def _drop(self, row: LaterPromptRow) -> None:
        self.rows.remove(row)
        row.hide()
        row.deleteLater()
        self.add.setEnabled(True)

    def _take(self) -> None:
        try:
            self._known = tuple(pair for row in self.rows if (pair := row.pair()) is not None)
            self._draft.change(prompts_at=self._known)
        except RequestError as error:
            self._known = self._draft.state.prompts_at
            self.problem.say(str(error))
        else:
            self.problem.say("")

    def _show(self) -> None:
        asked = self._draft.state.prompts_at
        if asked == self._known:
            return
        self._known = asked
        for row in tuple(self.rows):
            self._drop(row)
        for position, text in asked:
            self._add(position, text)
        self.problem.say("")
