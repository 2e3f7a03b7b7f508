"""Pictures that lie in no file of the user's: pasted, or dragged from another program's window."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from pia_edge.errors import PiaError
from pia_edge.files import explained
from pia_edge.gui.model.places import Places
from pia_edge.gui.model.questions import Questions
from pia_edge.worker.picture_questions import KeepPicture, PictureKept


class KeptPictures(QObject):
    """Keeps pictures as files, which is what a clip is made from; the worker encodes and writes them."""

    def __init__(self, questions: Questions, places: Places, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions = questions
        self._places = places

    def keep(
        self, picture: QImage | bytes, done: Callable[[Path], object], failed: Callable[[PiaError], object]
    ) -> None:
        """Keep ``picture``, pixels or the bytes of a PNG, and call ``done`` with its file."""
        source = self._places.scratch / f"pasted-{uuid.uuid4().hex}"
        size = None if isinstance(picture, bytes) else (picture.width(), picture.height())
        try:
            with explained(source):
                source.parent.mkdir(parents=True, exist_ok=True)
                source.write_bytes(picture if isinstance(picture, bytes) else _rgba(picture))
        except PiaError as error:
            _discard(source)
            failed(error)
            return

        def take(kept: PictureKept) -> None:
            _discard(source)
            done(kept.path)

        def fail(error: PiaError) -> None:
            _discard(source)
            failed(_of_the_pasted(error, source))

        self._questions.ask(
            KeepPicture(source=source, size=size, folder=self._places.pictures), PictureKept, take, fail
        )


def _discard(source: Path) -> None:
    with suppress(OSError):  # what lies in this folder may be deleted at any time
        source.unlink()


def _rgba(image: QImage) -> bytes:
    """The pixels as the worker takes them: four bytes each, so that no line of Qt's has room left at its end."""
    converted = image.convertToFormat(QImage.Format.Format_RGBA8888)
    # The image is named since its bits end with it.
    return bytes(converted.constBits())


def _of_the_pasted(error: PiaError, source: Path) -> PiaError:
    return type(error)(str(error).replace(str(source), "What was pasted"))
