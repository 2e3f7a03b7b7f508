"""Where a clip is played, how fast and in which way; knows times, not pictures and no clock."""

from PySide6.QtCore import QObject, Signal

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)


class Playback(QObject):
    """The position in a clip, moved by whoever has a clock and by the user."""

    moved = Signal()
    """Another frame is shown."""
    changed = Signal()
    """Plays or pauses, faster or slower, over and over or once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._times: tuple[float, ...] = ()
        self._index = 0
        self._shown = 0.0
        self._playing = False
        self._speed = 1.0
        self._looping = True

    @property
    def count(self) -> int:
        """How many frames there are."""
        return len(self._times)

    @property
    def index(self) -> int:
        """Which one is shown."""
        return self._index

    @property
    def playing(self) -> bool:
        """Whether time passes."""
        return self._playing

    @property
    def speed(self) -> float:
        """How many times as fast as the clip asks for."""
        return self._speed

    @property
    def looping(self) -> bool:
        """Whether it begins again at its end."""
        return self._looping

    @property
    def starts_at(self) -> float:
        """Milliseconds from the start of the clip to the start of this frame."""
        return sum(self._times[: self._index])

    def take(self, milliseconds: tuple[float, ...]) -> None:
        """Play a clip whose frames are shown for so long; one of as many frames goes on where the last one was."""
        if len(milliseconds) != len(self._times):
            self._index, self._shown = 0, 0.0
        self._times = milliseconds
        self._set_playing(len(milliseconds) > 1)
        self.moved.emit()

    def until_next(self) -> float:
        """Return the milliseconds until another frame is to be shown, at the present speed."""
        return max(0.0, self._times[self._index] - self._shown) / self._speed

    def pass_time(self, milliseconds: float) -> None:
        """Let time pass: show what is due by then. After a long sleep, frames are left out, not shown in a rush."""
        if not self._playing:
            return
        before = self._index
        self._shown += milliseconds * self._speed
        if self._looping:
            self._shown %= sum(self._times)
        while self._shown >= self._times[self._index]:
            if not self._looping and self._index == self.count - 1:
                self._shown = 0.0
                self._set_playing(False)
                break
            self._shown -= self._times[self._index]
            self._index = (self._index + 1) % self.count
        if self._index != before:
            self.moved.emit()

    def play(self, playing: bool = True) -> None:
        """Play or pause; one that stands at its end begins again."""
        if playing and not self._looping and self._index == self.count - 1:
            self.seek(0)
        self._set_playing(playing and self.count > 1)

    def seek(self, index: int) -> None:
        """Show the frame ``index``, or the nearest that there is."""
        index = max(0, min(index, self.count - 1))
        self._shown = 0.0
        if index != self._index:
            self._index = index
            self.moved.emit()

    def step(self, by: int) -> None:
        """Pause, and show the frame so many later; beyond an end comes the other one."""
        self._set_playing(False)
        if self.count:
            self.seek((self._index + by) % self.count)

    def set_speed(self, speed: float) -> None:
        """Play so many times as fast as the clip asks for."""
        if speed != self._speed:
            self._speed = speed
            self.changed.emit()

    def set_looping(self, looping: bool) -> None:
        """Begin again at the end, or stop there."""
        if looping != self._looping:
            self._looping = looping
            self.changed.emit()

    def _set_playing(self, playing: bool) -> None:
        if playing != self._playing:
            self._playing, self._shown = playing, 0.0
            self.changed.emit()
