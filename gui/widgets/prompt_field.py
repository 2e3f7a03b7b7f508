"""One prompt with its count."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pia_edge.errors import RequestError
from pia_edge.gui.model.token_counter import TokenCounter
from pia_edge.gui.widgets.problem_line import ProblemLine
from pia_edge.gui.widgets.prompt_edit import PromptEdit
from pia_edge.gui.widgets.quiet_line import QuietLine


class PromptField(QWidget):
    """Says how much of its text is read, and strikes out what is not."""

    edited = Signal(str)
    submitted = Signal()
    other_pasted = Signal()

    def __init__(self, name: str, num_lines: int, counter: TokenCounter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counter = counter
        self.edit = PromptEdit(name, num_lines)
        self.count = QuietLine(self.tr("Length"))
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.count.setToolTip(
            self.tr("Tokens – short words and parts of long ones – and how many of them the model reads.")
        )
        self.problem = ProblemLine()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.edit)
        column.addWidget(self.count)
        column.addWidget(self.problem)
        self.edit.textChanged.connect(lambda: self.edited.emit(self.edit.toPlainText()))
        self.edit.submitted.connect(self.submitted)
        self.edit.other_pasted.connect(self.other_pasted)
        counter.changed.connect(self.show_count)

    def refuse(self, error: RequestError | None) -> None:
        """Say why the text cannot be taken; None if it can."""
        self.problem.say("" if error is None else str(error))

    def show_count(self) -> None:
        """Show how the text is read, if that is known."""
        text = self.edit.toPlainText()
        counted = self._counter.counted(text)
        if counted is None or not text:
            if not text:
                self.count.say("")
            self.edit.strike_out("")
            return
        said = self.tr("{0} of {1} tokens").format(counted.count, counted.room)
        if counted.cut:
            said = self.tr("{0} tokens, {1} are read; the end that is struck out is not").format(
                counted.count, counted.room
            )
        self.count.say(said)
        self.edit.strike_out(counted.cut)
