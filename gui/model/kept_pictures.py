"""Pictures that lie in no file of the user's: pasted, or dragged from another program's window."""

import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from pia_edge.errors import PiaError
from pia_edge.files import explained
from pia_edge.gui.model.places import Places
from pia_edge.gui.model.questions import Questions
from pia_edge.worker.picture_questions import KeepPicture, PictureKept


class KeptPictures(QObject):
    """Keeps pictures as files, which is what a clip is made from; the worker encodes and writes them.

    The pixels go to the worker in a file, by a thread: a screenful takes a slow disk longer than a window may stand.
    """

    _written = Signal(object)

    def __init__(self, questions: Questions, places: Places, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions = questions
        self._places = places
        self._written.connect(self._go_on)

    def keep(
        self, picture: QImage | bytes, done: Callable[[Path], object], failed: Callable[[PiaError], object]
    ) -> None:
        """Keep ``picture``, pixels or the bytes of a PNG, and call ``done`` with its file."""
        source = self._places.scratch / f"pasted-{uuid.uuid4().hex}"
        question = KeepPicture(source=source, folder=self._places.pictures)
        if isinstance(picture, QImage):
            picture, size = _four_bytes_each(picture), (picture.width(), picture.height())
            question = msgspec.structs.replace(question, size=size, opaque=not picture.hasAlphaChannel())

        def take(kept: PictureKept) -> None:
            _discard(source)
            done(kept.path)

        def fail(error: PiaError) -> None:
            _discard(source)
            failed(_of_the_pasted(error, source))

        def go_on(error: PiaError | None) -> None:
            if error is None:
                self._questions.ask(question, PictureKept, take, fail)
            else:
                fail(error)

        def write() -> None:
            self._written.emit(partial(go_on, _write(source, picture)))

        threading.Thread(target=write, name="pasted picture", daemon=True).start()

    def _go_on(self, call: Callable[[], None]) -> None:
        """Back in the window's thread."""
        call()


def _write(source: Path, picture: QImage | bytes) -> PiaError | None:
    """Write the bytes of ``picture``, and return what kept them from being written."""
    try:
        with explained(source):
            source.parent.mkdir(parents=True, exist_ok=True)
            source.write_bytes(picture if isinstance(picture, bytes) else picture.constBits())
    except PiaError as error:
        return error
    return None


def _discard(source: Path) -> None:
    with suppress(OSError):  # what lies in this folder may be deleted at any time
        source.unlink()


def _four_bytes_each(image: QImage) -> QImage:
    """The pixels as the worker takes them; most clipboards hold them so."""
    if image.format() == QImage.Format.Format_RGB32:
        return image
    return image.convertToFormat(QImage.Format.Format_ARGB32)


def _of_the_pasted(error: PiaError, source: Path) -> PiaError:
    return type(error)(str(error).replace(str(source), "What was pasted"))
