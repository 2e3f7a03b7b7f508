"""How the clip moves: named, drawn, or copied from another clip."""

from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFileDialog, QGroupBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.widgets.curve_editor import CurveEditor
from pia_edge.gui.widgets.curve_tools import CurveTools
from pia_edge.gui.widgets.icons import icon
from pia_edge.gui.widgets.motion_choice import MotionChoice
from pia_edge.gui.widgets.motion_meter import MotionMeter
from pia_edge.gui.widgets.problem_line import ProblemLine
from pia_edge.gui.widgets.quiet_line import QuietLine
from pia_edge.gui.widgets.timing import Timing


class MotionPanel(QGroupBox):
    """Named motions, the curve and its tools, and the timing; a clip that is dropped here gives its motion."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._held_over = False
        self.setTitle(self.tr("Motion"))
        self.setAcceptDrops(True)
        self.choice = MotionChoice(desk.motion_curve)
        self.curve = CurveEditor(desk.motion_curve)
        self.readout = QLabel()
        self.meter = MotionMeter(desk.motion_curve)
        self.tools = CurveTools(desk.motion_curve, desk.limits)
        self.copy_button = QPushButton(icon("film"), self.tr("Copy from a &clip…"))
        self.copy_button.setToolTip(
            self.tr("Move as strongly as another clip does, frame by frame. A clip may also be dropped here.")
        )
        self.copied = QuietLine(self.tr("Where the motion comes from"))
        self.problem = ProblemLine()
        self.timing = Timing(desk)
        self._lay_out()
        self.copy_button.clicked.connect(self._open_dialog)
        self.curve.selected.connect(self._show)
        desk.motion_curve.changed.connect(self._show)
        desk.copied_motion.changed.connect(self._show)
        desk.limits.want()
        self._show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Show that a clip may be dropped."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            self._hold_over(True)

    def dragLeaveEvent(self, _event: object) -> None:  # noqa: N802 - Qt's name
        """Show no more that something may be dropped."""
        self._hold_over(False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Copy the motion of the clip."""
        self._hold_over(False)
        event.acceptProposedAction()
        self._desk.copied_motion.offer(event.mimeData())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint a frame around it while a clip is held over it."""
        super().paintEvent(event)
        if self._held_over:
            painter = QPainter(self)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2.5))
            painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 6, 6)

    def _hold_over(self, on: bool) -> None:
        self._held_over = on
        self.update()

    def _lay_out(self) -> None:
        below = QHBoxLayout()
        below.addWidget(self.readout)
        below.addSpacing(12)
        below.addWidget(self.meter, 1)
        tools = QHBoxLayout()
        tools.addWidget(self.tools)
        tools.addStretch(1)
        tools.addWidget(self.copy_button)
        column = QVBoxLayout(self)
        column.addWidget(self.choice)
        column.addWidget(self.curve, 1)
        column.addLayout(below)
        column.addLayout(tools)
        column.addWidget(self.copied)
        column.addWidget(self.problem)
        column.addWidget(self.timing)

    def _open_dialog(self) -> None:
        dialog = QFileDialog(self, self.tr("Copy the motion of a clip"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Clips") + " (*.gif *.webp *.png *.apng *.mp4 *.m4v)", self.tr("All files (*)")])
        dialog.fileSelected.connect(lambda name: self._desk.copied_motion.copy(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show(self) -> None:
        curve, copied = self._desk.motion_curve, self._desk.copied_motion
        frame = self.curve.frame
        self.readout.setText(
            self.tr("Frame {0}: {1}").format(frame + 1, f"{curve.values[frame]:.2f}") if curve.values else ""
        )
        if copied.reading:
            self.copied.say(self.tr("Reading {0}…").format(copied.reading))
        elif copied.clip:
            self.copied.say(self.tr("Copied from {0}").format(copied.clip))
        else:
            self.copied.say("" if curve.motion.named else self.tr("A curve of your own"))
        self.problem.say(copied.problem or curve.problem)
