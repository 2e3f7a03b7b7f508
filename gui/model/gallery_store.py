"""The gallery's table: which clips there are, what they were made from, and the words they are found by."""

import os
import sqlite3
import unicodedata
from pathlib import Path

import msgspec

from pia_edge.clip import Recipe
from pia_edge.gui.model.database import database_explained

_COLUMNS = "path, prompt, picture, last_picture, bundle, made_at, seconds"


class GalleryClip(msgspec.Struct, frozen=True, kw_only=True):
    """A clip of the gallery."""

    path: Path
    prompt: str
    picture: Path | None = None
    """What it was made from, where it lay then."""
    last_picture: Path | None = None
    bundle: str | None = None
    """As it was chosen then: a name or a folder, None for the sample."""
    made_at: float
    """Seconds since 1970."""
    seconds: float | None = None
    """What it took to make, if that is known."""


class GalleryStore:
    """Clips in a database; those below ``folder`` are stored by their names there, so that both may move together."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder

    def add(self, clip: GalleryClip, recipe: Recipe, *, replace: bool) -> None:
        """Add ``clip``; one that is there already is replaced, or left as it is.

        Raises:
            OutputError: the database cannot be written.
        """
        values = (
            self._stored(clip.path),
            clip.prompt,
            searchable(recipe),
            recipe.to_json(),
            None if clip.picture is None else os.fsencode(clip.picture),
            None if clip.last_picture is None else os.fsencode(clip.last_picture),
            clip.bundle,
            clip.made_at,
            clip.seconds,
        )
        with database_explained():
            self._connection.execute(
                f"INSERT OR {'REPLACE' if replace else 'IGNORE'} INTO clips "
                "(path, prompt, words, recipe, picture, last_picture, bundle, made_at, seconds) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )

    def remove(self, path: Path) -> None:
        """Forget the clip; its file is another matter.

        Raises:
            OutputError: the database cannot be written.
        """
        with database_explained():
            self._connection.execute("DELETE FROM clips WHERE path = ?", (self._stored(path),))

    def clips(self, search: str = "") -> list[GalleryClip]:
        """Return the clips in which every word of ``search`` occurs, the newest first.

        Raises:
            OutputError: the database cannot be read.
        """
        words = folded(search).split()
        where = " AND ".join(["instr(words, ?)"] * len(words)) or "1"
        with database_explained():
            rows = self._connection.execute(
                f"SELECT {_COLUMNS} FROM clips WHERE {where} ORDER BY made_at DESC, id DESC", words
            ).fetchall()
        return [self._clip(row) for row in rows]

    def count(self) -> int:
        """Return how many clips there are.

        Raises:
            OutputError: the database cannot be read.
        """
        with database_explained():
            return int(self._connection.execute("SELECT count(*) FROM clips").fetchone()[0])

    def find(self, path: Path) -> tuple[GalleryClip, Recipe] | None:
        """Return a clip and its recipe, or None if it is not in the gallery.

        Raises:
            OutputError: the database cannot be read.
            PictureError: the recipe is damaged.
        """
        from pia_edge.clip.recipe import from_json

        with database_explained():
            row = self._connection.execute(
                f"SELECT {_COLUMNS}, recipe FROM clips WHERE path = ?", (self._stored(path),)
            ).fetchone()
        return None if row is None else (self._clip(row[:-1]), from_json(row[-1]))

    def version(self) -> int:
        """Return a number that changes when another program has changed the database.

        Raises:
            OutputError: the database cannot be read.
        """
        with database_explained():
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def _stored(self, path: Path) -> bytes:
        return os.fsencode(path.relative_to(self._folder) if path.is_relative_to(self._folder) else path)

    def _clip(self, row: tuple[bytes, str, bytes | None, bytes | None, str | None, float, float | None]) -> GalleryClip:
        path, prompt, picture, last_picture, bundle, made_at, seconds = row
        return GalleryClip(
            path=self._folder / os.fsdecode(path),
            prompt=prompt,
            picture=None if picture is None else Path(os.fsdecode(picture)),
            last_picture=None if last_picture is None else Path(os.fsdecode(last_picture)),
            bundle=bundle,
            made_at=made_at,
            seconds=seconds,
        )


def searchable(recipe: Recipe) -> str:
    """Return the words that a clip is found by: its prompts and the name of its picture."""
    return folded(" ".join([recipe.prompt, *(prompt for _, prompt in recipe.prompts_at), recipe.picture_name]))


def folded(text: str) -> str:
    """Return ``text`` without case and accents: ``É`` is found by ``e``."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
