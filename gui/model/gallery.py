"""The gallery: every clip that was made, with its recipe; kept in the database, and rebuilt from the files."""

import os
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from pia_edge.clip import Recipe
from pia_edge.errors import OutputError, PiaError
from pia_edge.gui.model.database import open_database
from pia_edge.gui.model.draft import DraftState
from pia_edge.gui.model.gallery_rows import GalleryRows
from pia_edge.gui.model.gallery_store import GalleryClip, GalleryStore
from pia_edge.gui.model.places import Places
from pia_edge.gui.model.questions import Questions
from pia_edge.gui.model.recall import recalled
from pia_edge.gui.model.trash import Trashed, move_to_trash
from pia_edge.job import Made
from pia_edge.worker.clip_questions import ReadRecipes, RecipesRead

_SUFFIXES = (".apng", ".gif", ".webp", ".mp4")
_AT_ONCE = 50
"""Recipes that are asked for in one question."""


class Gallery(QObject):
    """All clips, and those that the search shows as :attr:`rows`."""

    changed = Signal()
    """Other clips, or what is known of them."""
    opened = Signal(object)
    """The path of a clip that the user wants to watch."""
    failed = Signal(object)
    """A ``PiaError``: something could not be kept."""

    def __init__(self, places: Places, questions: Questions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = places.clips
        self._questions = questions
        self.note: str | None = None
        """What the user should be told of the database, if anything."""
        self._store = self._opened(places)
        self.rows = GalleryRows(self)
        self._search = ""
        self._seen: tuple[int, int] | None = None
        self._strangers: set[Path] = set()
        self.total = 0
        """How many clips there are, shown or not."""
        self._refresh()

    def look(self) -> None:
        """See whether another window, or another program, has changed anything; cheap where nothing changed."""
        try:
            state = (self._store.version(), _changed_at(self._folder))
        except OutputError as error:
            self.failed.emit(error)
            return
        if state != self._seen:
            self._seen = state
            self._refresh()
            self._take_in_unknown_files()

    def search(self, text: str) -> None:
        """Show the clips in whose prompts every word of ``text`` occurs."""
        if text != self._search:
            self._search = text
            self._refresh()

    def add(self, path: Path, made: Made, state: DraftState) -> None:
        """Add a clip that was just made."""
        clip = GalleryClip(
            path=path,
            prompt=made.recipe.prompt,
            picture=state.picture,
            last_picture=state.last_picture,
            bundle=state.bundle,
            made_at=_made_at(path),
            seconds=made.seconds,
        )
        self._keep(clip, made.recipe, replace=True)
        self._refresh()

    def find(self, path: Path) -> tuple[GalleryClip, Recipe] | None:
        """Return a clip and its recipe, or None if it is not in the gallery or its recipe cannot be read."""
        try:
            return self._store.find(path)
        except PiaError as error:
            self.failed.emit(error)
            return None

    def settings_of(self, path: Path) -> DraftState | None:
        """Return the settings that a clip was made with; without its picture where that is gone."""
        found = self.find(path)
        if found is None:
            return None
        clip, recipe = found
        try:
            return recalled(recipe, self.picture_of(clip, recipe), _present(clip.last_picture), clip.bundle)
        except PiaError as error:
            self.failed.emit(error)
            return None

    def picture_of(self, clip: GalleryClip, recipe: Recipe) -> Path | None:
        """Return the picture that a clip was made from, where it lay or beside the clip; None if it is gone."""
        beside = clip.path.parent / Path(recipe.picture_name).name if recipe.picture_name else None
        return _present(clip.picture) or _present(beside)

    def open(self, path: Path) -> None:
        """Say that the user wants to watch a clip."""
        self.opened.emit(path)

    def trash(self, path: Path) -> Trashed | None:
        """Move a clip to the trash and forget it; return the way back, or None if its file was gone already.

        Raises:
            OutputError: it cannot be moved there; it stays then.
        """
        trashed = move_to_trash(path) if path.exists() else None
        self._forget(path)
        return trashed

    def delete(self, path: Path) -> None:
        """Delete a clip for good.

        Raises:
            OutputError: it cannot be deleted; it stays then.
        """
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(f"{path.name} could not be deleted: {error.strerror}. Check its permissions.") from error
        self._forget(path)

    def restore(self, trashed: Trashed, clip: GalleryClip, recipe: Recipe) -> None:
        """Bring a clip back from the trash.

        Raises:
            OutputError: it cannot be brought back.
        """
        trashed.restore()
        self._keep(clip, recipe, replace=True)
        self._refresh()

    def close(self) -> None:
        """Close the database."""
        self._store.close()

    def _opened(self, places: Places) -> GalleryStore:
        try:
            connection, self.note = open_database(places.database)
        except OutputError as error:
            # The files are read anew at every start then.
            self.note = str(error)
            connection, _ = open_database(Path(":memory:"))
        return GalleryStore(connection, self._folder)

    def _keep(self, clip: GalleryClip, recipe: Recipe, *, replace: bool) -> None:
        try:
            self._store.add(clip, recipe, replace=replace)
        except PiaError as error:
            # The file is whole, and taken in when the gallery looks again.
            self.failed.emit(error)

    def _forget(self, path: Path) -> None:
        try:
            self._store.remove(path)
        except OutputError as error:
            self.failed.emit(error)
        self._refresh()

    def _refresh(self) -> None:
        try:
            clips, self.total = self._store.clips(self._search), self._store.count()
        except OutputError as error:
            self.failed.emit(error)
            return
        self.rows.show(clips, _missing(clips, self._folder))
        self.changed.emit()

    def _take_in_unknown_files(self) -> None:
        """Add the clips of the folder that the database does not know, which is all of them where it was lost."""
        try:
            known = {clip.path for clip in self._store.clips()} | self._strangers
        except OutputError as error:
            self.failed.emit(error)
            return
        self._ask_for(sorted({self._folder / name for name in _names(self._folder)} - known))

    def _ask_for(self, unknown: list[Path]) -> None:
        if not unknown:
            return
        now = tuple(unknown[:_AT_ONCE])

        def take(read: RecipesRead) -> None:
            for path, recipe in zip(now, read.recipes, strict=False):
                if isinstance(recipe, str):
                    self._strangers.add(path)
                elif path.exists():
                    clip = GalleryClip(path=path, prompt=recipe.prompt, made_at=_made_at(path))
                    self._keep(clip, recipe, replace=False)
            self._refresh()
            self._ask_for(unknown[len(read.recipes) :])

        self._questions.ask(ReadRecipes(now), RecipesRead, take, self.failed.emit, topic="gallery")


def _names(folder: Path) -> set[str]:
    """The names of the clips in the folder."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries]
    except OSError:  # it is made with the first clip
        return set()
    return {name for name in names if name.endswith(_SUFFIXES) and not name.startswith(".")}


def _missing(clips: list[GalleryClip], folder: Path) -> frozenset[Path]:
    """The clips whose files have vanished; names are compared, since thousands of looks at the disk take their time."""
    names, inside = _names(folder), f"{folder}{os.sep}"
    return frozenset(
        clip.path
        for clip in clips
        if str(clip.path).removeprefix(inside) not in names and not (clip.path.parent != folder and clip.path.exists())
    )


def _changed_at(folder: Path) -> int:
    return folder.stat().st_mtime_ns if folder.is_dir() else 0


def _made_at(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0


def _present(path: Path | None) -> Path | None:
    return path if path is not None and path.is_file() else None
