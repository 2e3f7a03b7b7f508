"""A picture of the draft as the network will be given it, which follows the draft and what the user tries."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QImage

from pia_edge.cancel import CancelToken
from pia_edge.errors import PiaError, PictureError, RequestError
from pia_edge.gui.model.draft import Draft, DraftState
from pia_edge.gui.model.kept_pictures import KeptPictures
from pia_edge.gui.model.offered_picture import offered_picture
from pia_edge.gui.model.questions import Questions
from pia_edge.worker.picture_questions import PictureViewed, ViewPicture


class _Viewed(NamedTuple):
    question: ViewPicture
    answer: PictureViewed
    image: QImage


class ShownPicture(QObject):
    """The picture in one field of the draft, fitted by the code that fits it for the clip.

    A file becomes the draft's only once it was read: what is no picture leaves the one before it in its place. One that
    can be read but does not suit the size is taken all the same, since the user may now choose another size.
    """

    changed = Signal()

    def __init__(
        self,
        questions: Questions,
        draft: Draft,
        kept: KeptPictures,
        field: Literal["picture", "last_picture"],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._questions = questions
        self._draft = draft
        self._kept = kept
        self._field = field
        self._asked: ViewPicture | None = None
        self._keeping: object | None = None
        self._token = CancelToken()
        self._viewed: _Viewed | None = None
        self._taken_nevertheless: ViewPicture | None = None
        self._problem = ""
        draft.changed.connect(self._follow)

    @property
    def path(self) -> Path | None:
        """The draft's picture."""
        path: Path | None = getattr(self._draft.state, self._field)
        return path

    @property
    def view(self) -> PictureViewed | None:
        """How the draft's picture is fitted; None without a picture, or as long as that is not known."""
        return None if self._viewed is None or self._viewed.question.path != self.path else self._viewed.answer

    @property
    def image(self) -> QImage:
        """The pixels of :attr:`view`; null without it."""
        return QImage() if self._viewed is None or self.view is None else self._viewed.image

    @property
    def current(self) -> bool:
        """Whether :attr:`view` is what will be animated, and not what would have been before the last choice."""
        return self._viewed is not None and self._viewed.question == self._wish(self.path)

    @property
    def busy(self) -> bool:
        """Whether a picture is being read."""
        return self._asked is not None or self._keeping is not None

    @property
    def problem(self) -> str:
        """What is wrong with what was chosen last, in a sentence; empty if nothing is."""
        return self._problem

    def choose(self, path: Path) -> None:
        """Take the picture in ``path``, if it can be read."""
        self._keeping = None
        wish = self._wish(path.absolute())
        if wish is None:
            self.refuse(RequestError("Choose the picture that the clip begins with first."))
        else:
            self._ask(wish)

    def offer(self, mime: QMimeData) -> None:
        """Take the picture that was dropped or lies in the clipboard, if there is one."""
        try:
            found = offered_picture(mime)
        except PictureError as error:
            self.refuse(error)
            return
        if isinstance(found, Path):
            self.choose(found)
            return
        mark = self._keeping = object()

        def go_on(act: Callable[[Any], None], outcome: Path | PiaError) -> None:
            # What was offered since then is wanted more.
            if self._keeping is mark:
                act(outcome)

        self._kept.keep(found, partial(go_on, self.choose), partial(go_on, self.refuse))
        self.changed.emit()

    def remove(self) -> None:
        """Do without."""
        self._forget_question()
        self._keeping = None
        self._problem = ""
        self._draft.change(**{self._field: None})
        self.changed.emit()

    def refuse(self, error: PiaError) -> None:
        """Say why something that was offered cannot be taken; the picture stays."""
        self._keeping = None
        self._problem = str(error)
        self.changed.emit()

    def _wish(self, path: Path | None) -> ViewPicture | None:
        state = self._draft.state
        first = state.picture if self._field == "last_picture" else None
        if path is None or (self._field == "last_picture" and first is None):
            return None
        return ViewPicture(
            path=path, first=first, bundle=state.bundle, fit=state.fit, size=state.size, num_frames=state.num_frames
        )

    def _follow(self, before: DraftState, now: DraftState) -> None:
        if not _matters(before, now):
            return
        was: Path | None = getattr(before, self._field)
        if was != self.path:
            self._keeping = None
        tried = self._asked.path if self._asked is not None and self._asked.path != was else None
        wish = self._wish(tried if was == self.path and tried is not None else self.path)
        if wish is None:
            self._forget_question()
            self._viewed, self._problem = None, ""
        elif self._viewed is not None and wish == self._viewed.question:
            self._forget_question()
            self._problem = ""
        elif wish not in (self._asked, self._taken_nevertheless):
            self._ask(wish)
            return
        self.changed.emit()

    def _ask(self, wish: ViewPicture) -> None:
        self._forget_question()
        self._asked = wish
        self._token = self._questions.ask(
            wish,
            PictureViewed,
            lambda answer: self._take(wish, answer),
            lambda error: self._fail(wish, error),
            topic=f"view of {self._field}",
        )
        self.changed.emit()

    def _forget_question(self) -> None:
        self._token.cancel()
        self._asked = None

    def _take(self, wish: ViewPicture, answer: PictureViewed) -> None:
        self._asked, self._problem = None, ""
        self._viewed = _Viewed(wish, answer, _image(answer))
        if wish.path != self.path:
            self._draft.change(**{self._field: wish.path})
        self.changed.emit()

    def _fail(self, wish: ViewPicture, error: PiaError) -> None:
        self._asked = None
        # The folder is of no use to the reader, and no line breaks in it.
        self._problem = str(error).replace(str(wish.path), wish.path.name)
        if isinstance(error, RequestError) and wish.path != self.path:
            self._taken_nevertheless = wish
            self._draft.change(**{self._field: wish.path})
            self._taken_nevertheless = None
        self.changed.emit()


def _matters(before: DraftState, now: DraftState) -> bool:
    fields = ("picture", "last_picture", "bundle", "fit", "size", "num_frames")
    return any(getattr(before, field) != getattr(now, field) for field in fields)


def _image(answer: PictureViewed) -> QImage:
    width, height = answer.shown_size
    # The copy owns its pixels; without it they end with the bytes.
    return QImage(answer.pixels, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
