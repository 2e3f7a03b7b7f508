"""Motion copied from a driving clip."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal

from pia_edge.errors import PiaError, PictureError
from pia_edge.gui.model.draft import Draft
from pia_edge.gui.model.limits import Limits
from pia_edge.gui.model.questions import Questions
from pia_edge.worker.picture_questions import CopyMotion, MotionCopied


class CopiedMotion(QObject):
    """Measures how another clip moves, in the worker, and makes that the draft's motion."""

    changed = Signal()

    def __init__(self, questions: Questions, draft: Draft, limits: Limits, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions = questions
        self._draft = draft
        self._limits = limits
        self._reading = ""
        self._problem = ""
        draft.changed.connect(self._follow)

    @property
    def reading(self) -> str:
        """The name of the clip that is being read; empty if none is."""
        return self._reading

    @property
    def problem(self) -> str:
        """Why no motion could be copied, in a sentence; empty if it could."""
        return self._problem

    @property
    def clip(self) -> str:
        """The name of the clip from which the draft's motion was copied; empty if it was not."""
        copied = self._draft.state.motion.copied_from
        return "" if copied is None else copied.name

    def copy(self, path: Path) -> None:
        """Copy the motion of a GIF, WebP, APNG, MP4 or folder of PNGs."""
        state = self._draft.state
        self._reading, self._problem = path.name, ""
        self._questions.ask(
            CopyMotion(
                path=path.absolute(),
                num_frames=self._limits.num_frames,
                condition_frame=state.condition_frame,
                bundle=state.bundle,
            ),
            MotionCopied,
            self._take,
            lambda error: self._fail(path, error),
            topic="motion of a clip",
        )
        self.changed.emit()

    def offer(self, mime: QMimeData) -> None:
        """Copy the motion of the clip that was dropped."""
        for url in mime.urls():
            if url.isLocalFile():
                self.copy(Path(url.toLocalFile()))
                return
        self._refuse(PictureError("Expected a clip, found no file. Drop a GIF, WebP, APNG, MP4 or folder of PNGs."))

    def _take(self, answer: MotionCopied) -> None:
        self._reading = ""
        self._draft.change(motion=answer.motion)
        self.changed.emit()

    def _fail(self, path: Path, error: PiaError) -> None:
        self._refuse(type(error)(str(error).replace(str(path.absolute()), path.name)))

    def _refuse(self, error: PiaError) -> None:
        self._reading, self._problem = "", str(error)
        self.changed.emit()

    def _follow(self) -> None:
        if self._problem:
            self._problem = ""
            self.changed.emit()
