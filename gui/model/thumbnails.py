"""Small images of clips: made by a worker when they are first looked at, and kept while there is room."""

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from pia_edge.cancel import CancelToken
from pia_edge.errors import PiaError
from pia_edge.gui.model.clip_frames import image_of
from pia_edge.gui.model.questions import Questions
from pia_edge.worker.clip_questions import MakeThumbnails, ThumbnailsMade

_ROOM = 64 * 2**20
"""Bytes of the stills that are kept."""
_STRIPS = 4
_WAITING = 100
"""Stills that are asked for; whoever scrolls by 2,000 clips does not want all of them any more."""
STRIP_FRAMES = 24


@dataclass(frozen=True)
class Strip:
    """A small clip; empty where the clip cannot be read."""

    images: tuple[QImage, ...]
    milliseconds: tuple[float, ...]


class Thumbnails(QObject):
    """Stills and short moving strips of clips."""

    ready = Signal(object)
    """The path of a clip whose still or strip is there."""

    def __init__(self, questions: Questions, side: int = 320, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions = questions
        self._side = side
        self._stills: OrderedDict[Path, QImage] = OrderedDict()
        self._strips: OrderedDict[Path, Strip] = OrderedDict()
        self._waiting: OrderedDict[Path, None] = OrderedDict()
        self._asked: Path | None = None
        self._strip_asked: Path | None = None
        self._gone = CancelToken()
        self.destroyed.connect(self._gone.cancel)

    def still(self, path: Path) -> QImage | None:
        """Return the first frame, null if it cannot be read; or None and :attr:`ready` later."""
        if path in self._stills:
            self._stills.move_to_end(path)
            return self._stills[path]
        self._waiting[path] = None
        self._waiting.move_to_end(path)
        if len(self._waiting) > _WAITING:
            self._waiting.popitem(last=False)
        self._ask_next()
        return None

    def strip(self, path: Path) -> Strip | None:
        """Return the first frames, or None and :attr:`ready` later; the newest wish alone is heard."""
        if path in self._strips:
            self._strips.move_to_end(path)
            return self._strips[path]
        if path != self._strip_asked:
            self._strip_asked = path
            self._questions.ask(
                MakeThumbnails(path, self._side, STRIP_FRAMES),
                ThumbnailsMade,
                lambda made: self._keep_strip(path, _strip_of(made)),
                lambda _: self._keep_strip(path, Strip((), ())),
                topic="thumbnail strip",
            )
        return None

    def forget(self, path: Path) -> None:
        """Look at the clip anew when it is next shown."""
        self._stills.pop(path, None)
        self._strips.pop(path, None)

    def _ask_next(self) -> None:
        if self._asked is not None or not self._waiting:
            return
        # The newest first: that is where the user has scrolled to.
        self._asked, _ = self._waiting.popitem()
        self._questions.ask(MakeThumbnails(self._asked, self._side), ThumbnailsMade, self._take, self._miss)

    def _take(self, made: ThumbnailsMade) -> None:
        self._keep_still(_strip_of(made).images[0])

    def _miss(self, _error: PiaError) -> None:
        self._keep_still(QImage())

    def _keep_still(self, image: QImage) -> None:
        if self._gone.cancelled:
            return
        path, self._asked = self._asked, None
        if path is not None:
            self._stills[path] = image
            while sum(each.sizeInBytes() for each in self._stills.values()) > _ROOM:
                self._stills.popitem(last=False)
            self.ready.emit(path)
        self._ask_next()

    def _keep_strip(self, path: Path, strip: Strip) -> None:
        if self._gone.cancelled:
            return
        self._strip_asked = None
        self._strips[path] = strip
        if len(self._strips) > _STRIPS:
            self._strips.popitem(last=False)
        self.ready.emit(path)


def _strip_of(made: ThumbnailsMade) -> Strip:
    length = 3 * made.width * made.height
    images = tuple(
        image_of(made.pixels[start : start + length], made.width, made.height)
        for start in range(0, len(made.pixels), length)
    )
    return Strip(images, made.milliseconds)
