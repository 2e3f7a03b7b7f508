"""What the chosen bundle accepts, and what it chooses where the user leaves it open."""

from PySide6.QtCore import QObject, Signal

from pia_edge.errors import OutOfMemoryError, PiaError, WorkerError
from pia_edge.gui.model.draft import Draft, DraftState
from pia_edge.gui.model.questions import Questions
from pia_edge.worker.picture_questions import FindLimits, LimitsFound

_USUAL_FRAMES = 16
"""What bundles are trained with, for as long as nothing is known of the one that was chosen."""


class Limits(QObject):
    """Follows the draft's bundle; nothing is known until :meth:`want` was called and the worker has answered."""

    changed = Signal()

    def __init__(self, questions: Questions, draft: Draft, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions = questions
        self._draft = draft
        self._wanted = False
        self._asked: FindLimits | None = None
        self._found: LimitsFound | None = None
        self._problem: PiaError | None = None
        draft.changed.connect(self._follow)

    @property
    def found(self) -> LimitsFound | None:
        """What the bundle accepts; None as long as it is not known."""
        return self._found

    @property
    def problem(self) -> PiaError | None:
        """Why it cannot be known."""
        return self._problem

    @property
    def num_frames(self) -> int:
        """How many frames the clip will have, as far as it is known."""
        chosen = self._draft.state.num_frames
        return self.usual_frames if chosen is None else chosen

    @property
    def usual_frames(self) -> int:
        """How many frames a clip has where the user chose no number."""
        if self._found is None:
            return _USUAL_FRAMES
        size = self._draft.state.size
        for clip in self._found.clips:
            if size in (None, (clip.width, clip.height)):
                return clip.frames
        return self._found.frames.trained

    @property
    def in_windows(self) -> bool:
        """Whether the clip is longer than what the network is given at once."""
        if self._found is None:
            return False
        if not self._found.clips:
            return self.num_frames > self._found.frames.trained
        fixed = {clip.frames for clip in self._found.clips}
        return self.num_frames not in fixed and min(fixed) < self.num_frames

    def want(self) -> None:
        """Find out, unless it was found or asked already."""
        self._wanted = True
        question = FindLimits(self._draft.state.bundle)
        if question != self._asked:
            self._asked = question
            self._questions.ask(question, LimitsFound, self._take, self._fail, topic="limits")

    def _follow(self, before: DraftState, now: DraftState) -> None:
        # What the bundle is not to blame for is worth another try.
        again = isinstance(self._problem, WorkerError | OutOfMemoryError)
        if self._wanted and (before.bundle != now.bundle or again):
            self.want()
        elif (before.num_frames, before.size) != (now.num_frames, now.size):
            self.changed.emit()

    def _take(self, found: LimitsFound) -> None:
        self._found, self._problem = found, None
        self.changed.emit()

    def _fail(self, error: PiaError) -> None:
        self._asked, self._found, self._problem = None, None, error
        self.changed.emit()
