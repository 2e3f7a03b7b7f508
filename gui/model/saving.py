"""Saving a clip in another format: the choices, what they cost in bytes, and the saving itself."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QStandardPaths, Signal

from pia_edge.cancel import CancelToken
from pia_edge.clip import ClipFormat, Recipe
from pia_edge.errors import PiaError, RequestError
from pia_edge.gui.model.preferences import Preferences
from pia_edge.gui.model.questions import Questions
from pia_edge.worker.clip_questions import ClipSaved, FindSize, FormatsListed, ListFormats, SaveClip, SizeFound

_Choice = tuple[ClipFormat, float, bool]


class Saving(QObject):
    """One clip on its way to a file of the user's."""

    changed = Signal()
    saved = Signal(object, object)
    """The path that was written, and its bytes."""
    failed = Signal(object)
    """A ``PiaError``; everything may be tried again."""

    def __init__(
        self,
        questions: Questions,
        preferences: Preferences,
        source: Path,
        *,
        recipe: Recipe | None,
        fps: float,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._questions = questions
        self._preferences = preferences
        self._source = source
        self._sizes: dict[_Choice, int | PiaError] = {}
        self._finding: CancelToken | None = None
        self._saving: CancelToken | None = None
        self._stopped = False
        self.missing: dict[ClipFormat, str] = {}
        """Formats that cannot be written here, and how to get them."""
        self.format = _format_of(preferences.choices.save_format)
        self.fps = fps
        self.ping_pong = False
        self.why_no_ping_pong = _why_no_ping_pong(recipe)
        """A sentence where playing backwards makes no sense; else empty."""
        self.folder = _folder_of(preferences.choices.save_folder)
        self.name = source.stem
        self._offers = questions.ask(ListFormats(), FormatsListed, self._take_formats, self.failed.emit)

    @property
    def busy(self) -> bool:
        """Whether the clip is being saved."""
        return self._saving is not None

    @property
    def target(self) -> Path:
        """Where the clip goes."""
        suffix = "" if self.format is ClipFormat.PNG_SEQUENCE else f".{self.format}"
        return self.folder / f"{self.name}{suffix}"

    def size(self, clip_format: ClipFormat) -> int | PiaError | None:
        """Return the bytes that the clip takes in a format, why it cannot be in it, or None while that is found out."""
        return self._sizes.get((clip_format, self.fps, self.ping_pong))

    def choose(
        self, *, clip_format: ClipFormat | None = None, fps: float | None = None, ping_pong: bool | None = None
    ) -> None:
        """Choose how the clip is saved."""
        self.format = clip_format or self.format
        self.fps = fps or self.fps
        self.ping_pong = self.ping_pong if ping_pong is None else ping_pong and not self.why_no_ping_pong
        self._find_sizes()
        self.changed.emit()

    def save(self, *, overwrite: bool) -> None:
        """Save the clip; :attr:`saved` or :attr:`failed` says what came of it."""
        if self._stopped:
            return
        if not self.name.strip() or Path(self.name).name != self.name:
            self.failed.emit(RequestError("Expected a name for the file, without / or other folders in it. Change it."))
            return
        if self._finding is not None:
            self._finding.cancel()
            self._finding = None
        question = SaveClip(self._source, self.target, self.fps, self.ping_pong, overwrite)
        self._saving = self._questions.ask(question, ClipSaved, self._take_saved, self._fail)
        self.changed.emit()

    def stop(self) -> None:
        """Take back what is asked for, and ask nothing any more."""
        self._stopped = True
        for token in (self._offers, self._finding, self._saving):
            if token is not None:
                token.cancel()
        self._finding = self._saving = None
        self.changed.emit()

    def _take_formats(self, listed: FormatsListed) -> None:
        self.missing = {each.format: each.missing for each in listed.formats if each.missing is not None}
        if self.format in self.missing:
            self.format = ClipFormat.GIF
        self._find_sizes()
        self.changed.emit()

    def _find_sizes(self) -> None:
        """Find the next size that is not known, that of the chosen format first."""
        if self._stopped or self._finding is not None or self._saving is not None:
            return
        wanted = [self.format, *(each for each in ClipFormat if each not in (self.format, *self.missing))]
        choice = next((each for each in wanted if self.size(each) is None), None)
        if choice is None:
            return
        key = (choice, self.fps, self.ping_pong)

        def take(answer: SizeFound | PiaError) -> None:
            self._finding = None
            self._sizes[key] = answer.size if isinstance(answer, SizeFound) else answer
            self._find_sizes()
            self.changed.emit()

        self._finding = self._questions.ask(FindSize(self._source, *key), SizeFound, take, take)

    def _take_saved(self, saved: ClipSaved) -> None:
        self._saving = None
        self._preferences.change(save_folder=str(self.folder), save_format=str(self.format))
        self.changed.emit()
        self.saved.emit(saved.path, saved.size)

    def _fail(self, error: PiaError) -> None:
        self._saving = None
        self._find_sizes()
        self.changed.emit()
        self.failed.emit(error)


def _format_of(name: str) -> ClipFormat:
    return ClipFormat(name) if name in set(ClipFormat) else ClipFormat.GIF


def _folder_of(remembered: str | None) -> Path:
    if remembered is not None and Path(remembered).is_dir():
        return Path(remembered)
    places = (QStandardPaths.StandardLocation.MoviesLocation, QStandardPaths.StandardLocation.HomeLocation)
    folders = [Path(QStandardPaths.writableLocation(place)) for place in places]
    return next((folder for folder in folders if folder.is_dir()), folders[-1])


def _why_no_ping_pong(recipe: Recipe | None) -> str:
    if recipe is not None and recipe.ping_pong:
        return QCoreApplication.translate("Saving", "This clip plays both ways already.")
    if recipe is not None and recipe.closes:
        return QCoreApplication.translate("Saving", "This clip is a loop: it ends where it began.")
    return ""
