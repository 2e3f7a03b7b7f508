"""The controls below a clip: play, step, scrub, speed, over and over."""

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QSlider, QToolButton, QVBoxLayout, QWidget

from pia_edge.gui.model.playback import SPEEDS, Playback
from pia_edge.gui.widgets.icons import icon
from pia_edge.gui.widgets.theme import Space


class Transport(QWidget):
    """Shows and moves a :class:`Playback`; :attr:`tools` has room for more at its end."""

    def __init__(self, playback: Playback, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._playback = playback
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(self.tr("Frame"))
        self.slider.setPageStep(1)
        self.previous = self._button("previous-frame", self.tr("Previous frame (,)"))
        self.play = self._button("play", self.tr("Play (Space)"))
        self.next = self._button("next-frame", self.tr("Next frame (.)"))
        self.loop = self._button("loop", self.tr("Play over and over"))
        self.loop.setCheckable(True)
        self.position = QLabel()
        self.position.setAccessibleName(self.tr("Position"))
        self.speed = QComboBox()
        self.speed.setAccessibleName(self.tr("Speed"))
        self.speed.setToolTip(self.tr("How fast the clip is played here; the file stays as it is"))
        for speed in SPEEDS:
            self.speed.addItem(self.tr("{0}×").format(QLocale().toString(speed, "g", 3)), speed)
        self._lay_out()
        self._connect()
        self._show_state()
        self._show_position()

    def take(self, count: int) -> None:
        """Offer the frames of another clip."""
        self.slider.setMaximum(max(0, count - 1))
        self.setEnabled(count > 0)
        self._show_position()

    def _button(self, name: str, text: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name))
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setToolTip(text)
        button.setAccessibleName(text)
        return button

    def _lay_out(self) -> None:
        self.tools = QHBoxLayout()
        self.tools.setSpacing(Space.TIGHT)
        for button in (self.previous, self.play, self.next):
            self.tools.addWidget(button)
        self.tools.addSpacing(Space.NORMAL)
        # Of all that stands here it is the position that may be cut short in a narrow column.
        self.position.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.tools.addWidget(self.position, 1)
        self.tools.addWidget(self.speed)
        self.tools.addWidget(self.loop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TIGHT)
        column.addWidget(self.slider)
        column.addLayout(self.tools)

    def _connect(self) -> None:
        playback = self._playback
        playback.moved.connect(self._show_position)
        playback.changed.connect(self._show_state)
        self.slider.valueChanged.connect(self._scrub)
        self.previous.clicked.connect(lambda: playback.step(-1))
        self.next.clicked.connect(lambda: playback.step(1))
        self.play.clicked.connect(lambda: playback.play(not playback.playing))
        self.loop.toggled.connect(playback.set_looping)
        self.speed.currentIndexChanged.connect(lambda index: playback.set_speed(SPEEDS[index]))

    def _scrub(self, index: int) -> None:
        if index != self._playback.index:
            self._playback.play(False)
            self._playback.seek(index)

    def _show_state(self) -> None:
        playing = self._playback.playing
        text = self.tr("Pause (Space)") if playing else self.tr("Play (Space)")
        self.play.setIcon(icon("pause" if playing else "play"))
        self.play.setToolTip(text)
        self.play.setAccessibleName(text)
        self.loop.setChecked(self._playback.looping)
        self.speed.setCurrentIndex(SPEEDS.index(self._playback.speed))

    def _show_position(self) -> None:
        playback = self._playback
        self.slider.setValue(playback.index)
        if not playback.count:
            self.position.clear()
            return
        seconds = QLocale().toString(playback.starts_at / 1000, "f", 2)
        text = self.tr("Frame {0} of {1} · {2} s").format(playback.index + 1, playback.count, seconds)
        self.position.setText(text)
