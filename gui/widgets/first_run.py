"""What a new user sees first: one click animates an example."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from pia_edge import sample
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.widgets.icons import icon
from pia_edge.gui.widgets.quiet import quiet
from pia_edge.gui.widgets.theme import Space

_SIDE = 224


class FirstRun(QWidget):
    """A welcome; shown by its owner where :meth:`due` says so, and hidden by itself."""

    animate_requested = Signal()
    """The draft holds the example; it should be animated."""
    dismissed = Signal()
    """The user begins with something else."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.animate = QPushButton(icon("animate"), self.tr("&Animate the example"))
        self.animate.setDefault(True)
        self.animate.setMinimumHeight(self.animate.sizeHint().height() + Space.WIDE)
        self.animate.clicked.connect(self._animate)
        self.begin = QPushButton(self.tr("&Begin with my own picture"))
        self.begin.setFlat(True)
        self.begin.clicked.connect(self._dismiss)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.PAGE, Space.PAGE, Space.PAGE, Space.PAGE)
        layout.setSpacing(Space.PAGE)
        layout.addStretch(1)
        layout.addWidget(self._picture())
        layout.addLayout(self._column(), 3)
        layout.addStretch(1)
        self.setTabOrder(self.animate, self.begin)

    @staticmethod
    def due(desk: Desk) -> bool:
        """Return whether the user is new: was never welcomed, and has made no clip."""
        if desk.preferences.choices.welcomed:
            return False
        try:
            return next(desk.places.clips.iterdir(), None) is None
        except OSError:
            return True

    def _picture(self) -> QLabel:
        label = QLabel()
        label.setAccessibleName(self.tr("The example: a boat on the sea by day"))
        ratio = self.devicePixelRatioF()
        image = QImage(str(sample.picture())).scaled(
            QSize(_SIDE, _SIDE) * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        image.setDevicePixelRatio(ratio)
        label.setPixmap(QPixmap.fromImage(image))
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return label

    def _column(self) -> QVBoxLayout:
        title = QLabel(self.tr("Make a picture move"))
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.8)
        font.setBold(True)
        title.setFont(font)
        story = QLabel(
            self.tr(
                "Choose a picture and say in a sentence what should happen. "
                "Try it with this one: night falls over the boat."
            )
        )
        story.setWordWrap(True)
        promise = quiet(
            self.tr("Everything happens on this computer, offline: nothing is downloaded, and nothing leaves it.")
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.NORMAL)
        buttons.addWidget(self.animate)
        buttons.addWidget(self.begin)
        buttons.addStretch()
        column = QVBoxLayout()
        column.setSpacing(Space.WIDE)
        column.addStretch()
        for widget in (title, story):
            column.addWidget(widget)
        column.addLayout(buttons)
        column.addWidget(promise)
        column.addStretch()
        for label in (story, promise):
            label.setMinimumWidth(360)
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        return column

    def _animate(self) -> None:
        self._desk.draft.change(picture=sample.picture(), prompt=sample.PROMPT)
        self._welcomed()
        self.animate_requested.emit()

    def _dismiss(self) -> None:
        self._welcomed()
        self.dismissed.emit()

    def _welcomed(self) -> None:
        self._desk.preferences.change(welcomed=True)
        self.hide()
