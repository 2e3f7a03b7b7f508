"""How long the clip is and how it is played."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QFormLayout, QHBoxLayout, QLabel, QSpinBox, QWidget

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.widgets.quiet_line import QuietLine
from pia_edge.request import MAX_FPS, MAX_NUM_FRAMES


class Timing(QWidget):
    """Frames, frames per second, which frame is the picture, and whether it plays forth and back."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.frames = QSpinBox()
        self.frames.setRange(1, MAX_NUM_FRAMES)
        self.frames.setAccessibleName(self.tr("Number of frames"))
        self.fps = QDoubleSpinBox()
        self.fps.setRange(0.1, MAX_FPS)
        self.fps.setDecimals(1)
        self.fps.setAccessibleName(self.tr("Frames per second"))
        self.condition_frame = QSpinBox()
        self.condition_frame.setAccessibleName(self.tr("Frame that is the picture"))
        self.condition_frame.setToolTip(self.tr("The clip shows the picture at this frame: usually the first one."))
        self.ping_pong = QCheckBox(self.tr("Play forth and bac&k"))
        self.duration = QuietLine(self.tr("Length of the clip"))
        for box in (self.frames, self.fps, self.condition_frame):
            # Half a number that is being typed is none that the clip should be made of.
            box.setKeyboardTracking(False)
        self._lay_out()
        self.frames.valueChanged.connect(desk.motion_curve.change_frames)
        self.fps.valueChanged.connect(lambda fps: desk.draft.change(fps=fps))
        self.condition_frame.valueChanged.connect(lambda frame: desk.draft.change(condition_frame=frame - 1))
        self.ping_pong.toggled.connect(lambda on: desk.draft.change(ping_pong=on))
        desk.draft.changed.connect(self._show)
        desk.limits.changed.connect(self._show)
        # A number of frames that the motion does not allow is taken back.
        desk.motion_curve.changed.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        numbers = QHBoxLayout()
        for text, box in (
            (self.tr("Fra&mes"), self.frames),
            (self.tr("per seco&nd"), self.fps),
            (self.tr("picture a&t"), self.condition_frame),
        ):
            label = QLabel(text)
            label.setBuddy(box)
            numbers.addWidget(label)
            numbers.addWidget(box)
        numbers.addStretch(1)
        play = QHBoxLayout()
        play.addWidget(self.ping_pong)
        play.addWidget(self.duration, 1)
        column = QFormLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addRow(numbers)
        column.addRow(play)

    def _show(self) -> None:
        state, count = self._desk.draft.state, self._desk.limits.num_frames
        boxes = [QSignalBlocker(box) for box in (self.frames, self.fps, self.condition_frame)]
        self.frames.setValue(count)
        self.fps.setValue(state.fps)
        self.condition_frame.setRange(1, count)
        self.condition_frame.setValue(state.condition_frame + 1)
        for box in boxes:
            box.unblock()
        self.ping_pong.setChecked(state.ping_pong)
        played = 2 * count - 2 if state.ping_pong and count > 1 else count
        self.duration.say(self.tr("{0} s").format(f"{played / state.fps:.1f}"))
