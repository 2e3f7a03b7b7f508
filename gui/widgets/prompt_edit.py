"""A few lines of text, whose end is struck out where the model does not read it."""

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPalette, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget


class PromptEdit(QPlainTextEdit):
    """Ctrl+Return means go; Tab goes on to the next control."""

    submitted = Signal()
    other_pasted = Signal()
    """Something was pasted that is no text, such as a picture."""

    def __init__(self, name: str, num_lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._num_lines = num_lines
        self._cut = 0
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setSizePolicy(self.sizePolicy().horizontalPolicy(), self.sizePolicy().verticalPolicy().Fixed)

    @property
    def unread(self) -> str:
        """The end of the text that is struck out."""
        return self.toPlainText()[len(self.toPlainText()) - self._cut :]

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of its lines."""
        margins = self.contentsMargins()
        inside = self.fontMetrics().lineSpacing() * self._num_lines + 2 * self.document().documentMargin()
        frame = margins.top() + margins.bottom() + 2
        return QSize(super().sizeHint().width(), int(inside + frame))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the same height, since text that is scrolled through two lines cannot be read."""
        return QSize(120, self.sizeHint().height())

    def replace_text(self, text: str) -> None:
        """Put ``text`` in place of all, which can be undone."""
        if text == self.toPlainText():
            return
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def strike_out(self, end: str) -> None:
        """Strike out the end of the text; an empty one strikes out nothing."""
        self._cut = len(end) if end and self.toPlainText().endswith(end) else 0
        selection = QTextEdit.ExtraSelection()
        selection.cursor = QTextCursor(self.document())
        selection.cursor.movePosition(QTextCursor.MoveOperation.End)
        # Qt counts UTF-16 units, Python characters.
        units = len(self.unread.encode("utf-16-le", "surrogatepass")) // 2
        start = selection.cursor.position() - units
        selection.cursor.setPosition(start, QTextCursor.MoveMode.KeepAnchor)
        selection.format.setFontStrikeOut(True)
        selection.format.setForeground(self.palette().brush(QPalette.ColorRole.PlaceholderText))
        self.setExtraSelections([selection] if units else [])

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802 - Qt's name
        """Return whether ``source`` is text; the files of a drop are for the panel around, not their addresses."""
        return super().canInsertFromMimeData(source) and not source.hasUrls()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take Ctrl+Return, and leave the other keys to the text."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier
        ):
            self.submitted.emit()
            event.accept()
        elif event.matches(QKeySequence.StandardKey.Paste) and not self.canPaste():
            self.other_pasted.emit()
            event.accept()
        else:
            super().keyPressEvent(event)
