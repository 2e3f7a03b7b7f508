"""The picture that the clip ends with: added and removed."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.offered_picture import may_be_picture
from pia_edge.gui.model.picture_notes import changes, described
from pia_edge.gui.widgets.picture_canvas import PictureCanvas
from pia_edge.gui.widgets.picture_dialog import ask_for_picture
from pia_edge.gui.widgets.problem_line import ProblemLine
from pia_edge.gui.widgets.quiet_line import QuietLine

_SIDE = 72


class LastPictureRow(QWidget):
    """Takes a second picture by dialog or drop, where the bundle takes one and there is a first; hidden otherwise."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setAcceptDrops(True)
        self.canvas = PictureCanvas()
        self.canvas.setFixedSize(QSize(_SIDE, _SIDE))
        self.canvas.setAccessibleName(self.tr("Last picture"))
        self.title = QLabel(self.tr("The clip ends with"))
        self.choose_button = QPushButton()
        self.remove_button = QPushButton(self.tr("Remove"))
        self.remove_button.setAccessibleName(self.tr("Remove the last picture"))
        self.notes = QuietLine(self.tr("What was done to the last picture"))
        self.problem = ProblemLine()
        self._lay_out()
        self.choose_button.clicked.connect(self._open_dialog)
        self.remove_button.clicked.connect(desk.last_picture.remove)
        desk.last_picture.changed.connect(self._show)
        desk.picture.changed.connect(self._show)
        desk.limits.changed.connect(self._show)
        self._show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Show that a picture may be dropped."""
        if may_be_picture(event.mimeData()):
            event.acceptProposedAction()
            self.canvas.highlight(on=True)

    def dragLeaveEvent(self, _event: object) -> None:  # noqa: N802 - Qt's name
        """Show no more that something may be dropped."""
        self.canvas.highlight(on=False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Take the picture."""
        self.canvas.highlight(on=False)
        event.acceptProposedAction()
        self._desk.last_picture.offer(event.mimeData())

    def _open_dialog(self) -> None:
        path = self._desk.last_picture.path or self._desk.picture.path
        ask_for_picture(self, self._desk.last_picture.choose, None if path is None else path.parent)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.choose_button)
        buttons.addWidget(self.remove_button)
        buttons.addStretch(1)
        words = QVBoxLayout()
        words.addWidget(self.title)
        words.addWidget(self.notes)
        words.addWidget(self.problem)
        words.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.canvas, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def _show(self) -> None:
        last, limits = self._desk.last_picture, self._desk.limits.found
        takes_one = limits is not None and limits.second_picture and self._desk.picture.path is not None
        has_one = last.path is not None
        self.setVisible(takes_one or has_one)
        self.canvas.setVisible(has_one)
        self.title.setVisible(has_one)
        self.remove_button.setVisible(has_one)
        text = self.tr("Change…") if has_one else self.tr("End the clip with another picture…")
        self.choose_button.setText(text)
        self.canvas.show_image(last.image, (0, 0, 1, 1), faded=not last.current and not last.busy)
        view = last.view
        self.notes.say("" if view is None or last.path is None else f"{described(last.path, view)}. {changes(view)}")
        self.problem.say(last.problem)
