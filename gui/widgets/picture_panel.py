"""The picture: brought here, shown as it will be animated, and given a shape."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QGroupBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.offered_picture import may_be_picture
from pia_edge.gui.model.picture_notes import changes, described
from pia_edge.gui.widgets.icons import icon
from pia_edge.gui.widgets.last_picture_row import LastPictureRow
from pia_edge.gui.widgets.picture_canvas import PictureCanvas
from pia_edge.gui.widgets.picture_dialog import ask_for_picture
from pia_edge.gui.widgets.problem_line import ProblemLine
from pia_edge.gui.widgets.quiet_line import QuietLine
from pia_edge.gui.widgets.shape_chooser import ShapeChooser


class PicturePanel(QGroupBox):
    """Takes a picture by dialog, drop or paste, and shows what the network will be given."""

    example_requested = Signal()
    """The user has no picture at hand and wants to see one move."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setTitle(self.tr("Picture"))
        self.setAcceptDrops(True)
        self.canvas = PictureCanvas()
        self.open_button = QPushButton(icon("open"), self.tr("&Open…"))
        self.open_button.setToolTip(self.tr("Open a picture"))
        self.paste_button = QPushButton(icon("paste"), self.tr("Paste"))
        self.paste_button.setToolTip(self.tr("Paste a picture, or the file or path of one"))
        self.remove_button = QPushButton(icon("remove"), self.tr("Remove"))
        self.remove_button.setAccessibleName(self.tr("Remove the picture"))
        self.shape_chooser = ShapeChooser(desk)
        self.notes = QuietLine(self.tr("What was done to the picture"))
        self.problem = ProblemLine()
        self.last_picture = LastPictureRow(desk, self)
        self.invitation = self._invitation()
        self._lay_out()
        self.open_button.clicked.connect(self.open_dialog)
        self.paste_button.clicked.connect(self.paste)
        self.remove_button.clicked.connect(desk.picture.remove)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self, self.paste)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        desk.picture.changed.connect(self._show)
        desk.limits.want()
        self._show()

    def open_dialog(self) -> None:
        """Ask for a file."""
        path = self._desk.picture.path
        ask_for_picture(self, self._desk.picture.choose, None if path is None else path.parent)

    def paste(self) -> None:
        """Take what lies in the clipboard."""
        self._desk.picture.offer(QGuiApplication.clipboard().mimeData())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Show that a picture may be dropped."""
        if may_be_picture(event.mimeData()):
            event.acceptProposedAction()
            self.canvas.highlight(on=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt's name
        """Show no more that something may be dropped."""
        self.canvas.highlight(on=False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Take the picture."""
        self.canvas.highlight(on=False)
        event.acceptProposedAction()
        self._desk.picture.offer(event.mimeData())

    def _invitation(self) -> QWidget:
        """What the canvas says while there is no picture."""
        title = QLabel(self.tr("Drop a picture here"))
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.35)
        title.setFont(font)
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint = QLabel(self.tr("from a folder or a browser, open one, or paste one"))
        hint.setWordWrap(True)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.example_button = QPushButton(self.tr("Try the e&xample"))
        self.example_button.clicked.connect(self.example_requested)
        invitation = QWidget()
        column = QVBoxLayout(invitation)
        column.addStretch(1)
        column.addWidget(title)
        column.addWidget(hint)
        column.addSpacing(10)
        column.addWidget(self.example_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return invitation

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self.canvas)
        inside.addWidget(self.invitation)
        row = QHBoxLayout()
        for button in (self.open_button, self.paste_button, self.remove_button):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.notes)
        column.addWidget(self.problem)
        column.addLayout(row)
        column.addWidget(self.shape_chooser)
        column.addWidget(self.last_picture)

    def _show(self) -> None:
        picture = self._desk.picture
        view = picture.view
        has_picture = picture.path is not None
        self.invitation.setVisible(not has_picture)
        self.remove_button.setVisible(has_picture)
        self.shape_chooser.setVisible(has_picture)
        self.problem.say(picture.problem)
        if view is None or picture.path is None:
            self.canvas.show_image(picture.image, (0, 0, 1, 1), faded=False)
            self.notes.say(self.tr("Reading the picture…") if picture.busy else "")
            self._describe(self.tr("No picture yet"))
            return
        width, height = view.size
        left, top, right, bottom = view.inner_box
        inner = (left / width, top / height, right / width, bottom / height)
        self.canvas.show_image(picture.image, inner, faded=not picture.current and not picture.busy)
        about = described(picture.path, view)
        self.notes.say(f"{about}. {changes(view)}" if picture.current or picture.busy else f"{about}.")
        self.notes.setToolTip(str(picture.path))
        self._describe(self.tr("{0}, animated at {1} × {2}").format(about, width, height))

    def _describe(self, text: str) -> None:
        self.canvas.setAccessibleName(self.tr("Picture"))
        self.canvas.setAccessibleDescription(text)
