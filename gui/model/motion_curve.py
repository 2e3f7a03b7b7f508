"""The affinity curve of the draft's motion: named or drawn by hand, with an undo of its own."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QObject, Signal

from pia_edge.affinity import affinity_between, affinity_curve
from pia_edge.errors import RequestError
from pia_edge.gui.model.draft import Draft, DraftState
from pia_edge.gui.model.limits import Limits
from pia_edge.gui.model.motion_estimate import estimated_motion
from pia_edge.motion import Motion

_REMEMBERED = 200
_DIGITS = 2
"""Of an affinity that is drawn: more than the eye sees or the network heeds."""


class MotionCurve(QObject):
    """One affinity a frame, as the pipeline computes it; a change of one makes the draft's motion a curve."""

    changed = Signal()

    def __init__(self, draft: Draft, limits: Limits, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self._limits = limits
        self._values: tuple[float, ...] = ()
        self._problem = ""
        self._named = Motion()
        self._undo: list[Motion] = []
        self._redo: list[Motion] = []
        self._in_stroke = False
        self._stroke_is_noted = False
        self._goes_through_history = False
        self._compute()
        draft.changed.connect(self._follow)
        limits.changed.connect(self._recompute)

    @property
    def values(self) -> tuple[float, ...]:
        """Affinity of every frame; empty if :attr:`problem` says why there is none."""
        return self._values

    @property
    def problem(self) -> str:
        """Why the motion does not fit the rest of the draft; empty if it does."""
        return self._problem

    @property
    def motion(self) -> Motion:
        """The draft's motion."""
        return self._draft.state.motion

    @property
    def named_motion(self) -> Motion:
        """The motion with a name that was chosen last, to which :meth:`reset` returns."""
        return self._named

    @property
    def condition_frame(self) -> int:
        """The frame that shows the picture."""
        return self._draft.state.condition_frame

    @property
    def estimate(self) -> float:
        """How much will move: 1 is the paper's large motion; see :func:`estimated_motion`."""
        return estimated_motion(self._values, self.condition_frame) if self._values else 0.0

    @property
    def can_undo(self) -> bool:
        """Whether there is a motion to go back to."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether a motion was gone back from."""
        return bool(self._redo)

    def begin_stroke(self) -> None:
        """Until :meth:`end_stroke`, all changes are undone together."""
        self._in_stroke, self._stroke_is_noted = True, False

    def end_stroke(self) -> None:
        """What follows is undone by itself."""
        self._in_stroke = False

    def set_value(self, frame: int, value: float) -> None:
        """Give one frame an affinity."""
        self.paint((frame, value), (frame, value))

    def paint(self, start: tuple[int, float], end: tuple[int, float]) -> None:
        """Give the frames from one to another, in either direction, the affinities on the line between them."""
        if not self._values:
            return
        values = list(self._values)
        steps = abs(end[0] - start[0])
        for step in range(steps + 1):
            part = step / steps if steps else 1.0
            frame = start[0] + (step if end[0] > start[0] else -step)
            if 0 <= frame < len(values):
                values[frame] = start[1] + (end[1] - start[1]) * part
        self.take(values)

    def take(self, values: Sequence[float]) -> None:
        """Make the motion the curve of these affinities; what is outside 0 to 1 is brought there."""
        curve = tuple(round(min(1.0, max(0.0, float(value))), _DIGITS) for value in values)
        if curve != tuple(round(value, _DIGITS) for value in self._values):
            # Stretched, so that the curve remains one when the number of frames changes.
            self._draft.change(motion=Motion(curve=curve, stretch=True))

    def choose(self, motion: Motion) -> None:
        """Take a motion as a whole."""
        self._draft.change(motion=motion)

    def reset(self) -> None:
        """Return to the named motion."""
        self.choose(self._named)

    def change_frames(self, num_frames: int) -> None:
        """Change the number of frames; what was meant for another number is brought to this one."""
        try:
            self._draft.change(
                # The bundle's own number stays open, so that it follows the bundle.
                num_frames=None if num_frames == self._limits.usual_frames else num_frames,
                condition_frame=min(self.condition_frame, num_frames - 1),
                motion=_stretchable(self.motion, self._limits.num_frames, self.condition_frame),
            )
        except RequestError as error:
            self._problem = str(error)
            self.changed.emit()

    def undo(self) -> None:
        """Go back to the motion before the last change."""
        self._go(self._undo, self._redo)

    def redo(self) -> None:
        """Take back the last :meth:`undo`."""
        self._go(self._redo, self._undo)

    def _go(self, back: list[Motion], forth: list[Motion]) -> None:
        if not back:
            return
        now, motion = self.motion, back.pop()
        self._goes_through_history = True
        try:
            self._draft.change(motion=_stretchable(motion, self._limits.num_frames, self.condition_frame))
        except RequestError as error:
            self._problem = str(error)
        else:
            forth.append(now)
        finally:
            self._goes_through_history = False
        self.changed.emit()

    def _follow(self, before: DraftState, now: DraftState) -> None:
        if before.motion != now.motion:
            self._note(before.motion)
        fields = ("motion", "num_frames", "condition_frame", "size", "last_picture")
        if any(getattr(before, field) != getattr(now, field) for field in fields):
            self._recompute()

    def _note(self, before: Motion) -> None:
        if self._goes_through_history or (self._in_stroke and self._stroke_is_noted):
            return
        self._stroke_is_noted = True
        self._undo.append(before)
        del self._undo[:-_REMEMBERED]
        self._redo.clear()

    def _recompute(self) -> None:
        self._compute()
        self.changed.emit()

    def _compute(self) -> None:
        state, num_frames = self._draft.state, self._limits.num_frames
        if state.motion.named:
            self._named = state.motion
        try:
            if state.last_picture is not None:
                affinity = affinity_between(state.motion, num_frames, state.condition_frame)
            else:
                circular = state.motion.loop and not state.motion.original_rows and self._limits.in_windows
                affinity = affinity_curve(state.motion, num_frames, state.condition_frame, circular=circular)
        except RequestError as error:
            self._values, self._problem = (), str(error)
        else:
            self._values, self._problem = tuple(affinity.tolist()), ""


def _stretchable(motion: Motion, num_frames: int, condition_frame: int) -> Motion:
    """``motion`` as one that any number of frames may have."""
    if motion.curve is not None and not motion.stretch:
        return msgspec.structs.replace(motion, stretch=True)
    if motion.keyframes is None:
        return motion
    try:
        curve = affinity_curve(motion, num_frames, condition_frame)
    except RequestError:
        # They lie beyond the end of this clip, and may well lie in the next one.
        return motion
    return Motion(curve=tuple(curve.tolist()), stretch=True)
