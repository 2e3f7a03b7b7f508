"""What the user has set: one JSON file, read at the start and written at once whenever something is chosen."""

import enum
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from PySide6.QtCore import QCoreApplication, QObject, Signal

from pia_edge.errors import OutputError, PiaError
from pia_edge.files import write_atomically
from pia_edge.gui.model.aside import move_aside


class Scheme(enum.StrEnum):
    """Which palette the window has."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Choices(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that can be set; the defaults are what a new user has."""

    language: str | None = None
    """A code such as ``de``; None takes the system's."""
    scheme: Scheme = Scheme.SYSTEM
    save_folder: str | None = None
    """Where "save as" begins; None takes the folder of the user's videos."""
    save_format: str = "gif"
    """The kind of file that was saved last, as its suffix without the point."""
    notify: bool = True
    """Say so on the desktop when a clip is done and the window is not in front."""
    memory_limit: int | None = None
    """Bytes a clip may take at most; None takes what is free."""
    welcomed: bool = False
    """The first-run panel was used or closed."""


class Preferences(QObject):
    """The user's choices.

    The file holds what differs from the defaults. What in it belongs to a newer version is kept when it is written.
    """

    changed = Signal(object, object)
    """The choices before, and the choices as they are; never equal."""
    failed = Signal(object)
    """A ``PiaError``: the choices are in force but could not be written."""

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._foreign: dict[str, Any] = {}
        self._fault: tuple[str, str | None] | None = None
        """What was wrong with the file, and the name that it has instead."""
        self._choices = self._read()

    @property
    def choices(self) -> Choices:
        """What is in force."""
        return self._choices

    @property
    def note(self) -> str | None:
        """What the user should be told of the file as it was found, if anything."""
        if self._fault is None:
            return None
        # Worded when it is asked for: the language is one of the preferences.
        reason, aside = self._fault
        if aside is None:
            sentence = QCoreApplication.translate(
                "Preferences", "Your preferences could not be read ({0}); the defaults are used."
            )
        else:
            sentence = QCoreApplication.translate(
                "Preferences", "Your preferences were damaged ({0}). They were moved to {1}, and the defaults are used."
            )
        return sentence.format(reason, aside)

    def change(self, **choices: Any) -> None:
        """Choose, and write it down: names are fields of :class:`Choices`. Nothing happens where nothing changes."""
        before, self._choices = self._choices, msgspec.structs.replace(self._choices, **choices)
        if before == self._choices:
            return
        self.changed.emit(before, self._choices)
        try:
            self._write()
        except PiaError as error:
            self.failed.emit(error)

    def _read(self) -> Choices:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return Choices()
        except OSError as error:
            self._fault = (error.strerror or str(error), None)
            return Choices()
        try:
            found = msgspec.json.decode(content, type=dict[str, Any])
            choices = msgspec.convert(found, Choices)
        except msgspec.MsgspecError as error:
            self._begin_anew(str(error))
            return Choices()
        self._foreign = {name: value for name, value in found.items() if name not in Choices.__struct_fields__}
        return choices

    def _begin_anew(self, reason: str) -> None:
        """Keep the damaged file under another name, so that nothing that was written by hand is lost."""
        try:
            aside = move_aside(self._path)
            self._fault = (reason, aside.name)
        except OSError as error:
            self._fault = (error.strerror or str(error), None)

    def _write(self) -> None:
        content = msgspec.json.encode(self._foreign | msgspec.to_builtins(self._choices))
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"Your choice lasts until the window is closed: {error}. Check the disk.") from error

        def write(file: BinaryIO) -> None:
            file.write(msgspec.json.format(content, indent=2) + b"\n")

        write_atomically(self._path, write, overwrite=True)
