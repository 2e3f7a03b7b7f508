"""What the player shows: nothing, a clip, or what a clip looks like while it is being made."""

import secrets
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from pia_edge.cancel import CancelToken
from pia_edge.clip import Recipe
from pia_edge.errors import OutputError, PiaError
from pia_edge.gui.model.clip_frames import ClipFrames, Frames, PreviewFrames
from pia_edge.gui.model.places import Places
from pia_edge.gui.model.questions import Questions
from pia_edge.worker.clip_questions import ClipOpened, OpenClip


class Shown(Enum):
    """What is shown."""

    NOTHING = "nothing"
    OPENING = "opening"
    PREVIEW = "preview"
    CLIP = "clip"
    ERROR = "error"


class OpenedClip(QObject):
    """One clip at a time; the newest wish counts."""

    changed = Signal()

    def __init__(self, places: Places, questions: Questions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places = places
        self._questions = questions
        self._asked: CancelToken | None = None
        self._left: list[Path] = []
        self._gone = CancelToken()
        self.destroyed.connect(self._gone.cancel)
        self.shown = Shown.NOTHING
        self.path: Path | None = None
        self.recipe: Recipe | None = None
        self.picture: Path | None = None
        """What the clip was made from, if it was found."""
        self.frames: Frames | None = None
        self.error = ""
        """Why a clip cannot be shown, as a sentence."""

    @property
    def fps(self) -> float:
        """Frames per second, of the clip as it is played."""
        times = self.frames.milliseconds if self.frames is not None else ()
        if self.recipe is not None:
            return self.recipe.rate
        return 1000 * len(times) / sum(times) if times else 8.0

    def open(self, path: Path, pictures: tuple[Path, ...] = ()) -> None:
        """Show the clip at ``path``.

        Args:
            path: a file, or a folder of PNGs.
            pictures: where the picture may lie that it was made from.
        """
        self._let_go()
        self.path, self.shown = path, Shown.OPENING
        raw = self._places.scratch / f"clip-{secrets.token_hex(8)}.rgb"
        self._left.append(raw)
        self._asked = self._questions.ask(
            OpenClip(path, raw, pictures), ClipOpened, lambda opened: self._take(raw, opened), self._fail
        )
        self.changed.emit()

    def show_preview(self, frames: Any, fps: float) -> None:
        """Show what the network sees, uint8 (frames, height, width, 3)."""
        self._let_go()
        self.frames, self.shown = PreviewFrames(frames, fps), Shown.PREVIEW
        self.changed.emit()

    def clear(self) -> None:
        """Show nothing."""
        self._let_go()
        self.changed.emit()

    def still(self) -> QImage | None:
        """Return what the clip is compared with: its picture, or the frame that shows it; None if it has neither."""
        if not isinstance(self.frames, ClipFrames):
            return None
        still = self.frames.still()
        if still is not None or self.recipe is None:
            return still
        return self.frames.image(min(self.recipe.condition_frame, len(self.frames.milliseconds) - 1))

    def _take(self, raw: Path, opened: ClipOpened) -> None:
        if self._gone.cancelled:
            raw.unlink(missing_ok=True)
            return
        try:
            self.frames = ClipFrames(raw, opened)
        except OSError as error:
            self._fail(OutputError(f"{raw}: could not be read: {error.strerror}. Open the clip again."))
            return
        self.shown, self.recipe, self.picture = Shown.CLIP, opened.recipe, opened.picture
        self._left = [path for path in self._left if path != raw]
        self.changed.emit()

    def _fail(self, error: PiaError) -> None:
        if self._gone.cancelled:
            return
        self.shown, self.error = Shown.ERROR, str(error)
        self.changed.emit()

    def _let_go(self) -> None:
        if self._asked is not None:
            self._asked.cancel()
        if isinstance(self.frames, ClipFrames):
            self.frames.close()
        for raw in self._left:
            # A worker that was told to stop may have written to the end before it heard of it. Windows deletes no
            # file that it still writes: the next time will do.
            with suppress(OSError):
                raw.unlink(missing_ok=True)
        self._asked = self.frames = self.path = self.recipe = self.picture = None
        self.shown, self.error = Shown.NOTHING, ""
