"""Atomic writing: a file or folder appears whole or not at all, and the old one stays until then."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pia_edge.abandoned import hidden_in, remove_abandoned
from pia_edge.errors import OutputError

_ADVICE = {
    errno.ENOSPC: "The disk is full. Free some space or choose another disk.",
    errno.EDQUOT: "Your disk quota is used up. Free some space or choose another disk.",
    errno.EFBIG: "The file would be larger than this disk or session allows. Ask for a smaller clip.",
    errno.EROFS: "The disk is read-only. Choose another folder.",
    errno.EACCES: "You may not write there. Choose another folder or change its permissions.",
    errno.EPERM: "You may not write there. Choose another folder or change its permissions.",
    errno.ENOENT: "There is no such folder. Create it first or choose another.",
    errno.ENOTDIR: "A part of the path is a file, not a folder. Correct the path.",
    errno.EISDIR: "This is a folder. Give the name of a file in it.",
    errno.ENAMETOOLONG: "The name is too long for this disk. Choose a shorter one.",
    errno.ELOOP: "The symbolic links of this path form a circle. Choose another path.",
    errno.EIO: "The disk reported a fault. Choose another disk.",
}


def write_atomically(path: Path, write: Callable[[BinaryIO], None], *, overwrite: bool) -> None:
    """Write a file through `write`, which gets an empty file open for reading and writing in bytes.

    The bytes go to a hidden file `.pia-edge-….part` in the same folder, are flushed to the disk, and replace
    `path` in one step. If anything fails before that step, `path` is as it was and the hidden file is
    removed; what a killed process left in the folder is removed at the next writing. A symbolic link is
    followed; a replaced file passes its permissions on.

    Raises:
        OutputError: `path` exists and `overwrite` is false, `path` is a folder or a device, or the operating
            system refuses (disk full, read-only, no such folder, …).
    """
    with explained(path):
        target = _checked_file(path, overwrite=overwrite)
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
        remove_abandoned(target.parent)
        with hidden_in(target.parent) as hidden:
            # 0o666 lets the umask decide, as for any file a program creates.
            descriptor = os.open(hidden.part, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
            with os.fdopen(descriptor, "w+b") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            if mode is not None:
                hidden.part.chmod(mode)
            _checked_file(path, overwrite=overwrite)
            hidden.part.replace(target)
        _sync_folder(target.parent)


def write_folder_atomically(
    path: Path, write: Callable[[Path], None], *, overwrite: bool, replaceable: Callable[[str], bool]
) -> None:
    """Write a folder through `write`, which gets an empty hidden folder beside `path` to fill with files and folders.

    An existing folder is replaced only if it is empty, or if `overwrite` is true and `replaceable` accepts
    the name of everything in it, so that no foreign file is ever lost. Folders cannot be exchanged in one
    step: the old one is moved aside for an instant, and moved back if the new one cannot take its place; if
    the process is killed in this instant, the next writing beside `path` moves it back.

    Raises:
        OutputError: as `write_atomically`, or the folder holds something `replaceable` does not accept.
    """
    with explained(path):
        target = _followed(path)
        remove_abandoned(target.parent)
        _check_folder(target, overwrite=overwrite, replaceable=replaceable)
        with hidden_in(target.parent) as hidden:
            hidden.part.mkdir()
            write(hidden.part)
            sync_tree(hidden.part)
            _check_folder(target, overwrite=overwrite, replaceable=replaceable)
            if target.exists():
                hidden.move_aside(target)
            hidden.part.rename(target)
        _sync_folder(target.parent)


def check_file_target(path: Path, *, overwrite: bool) -> None:
    """Check what can be known before any work is done: that `path` may be written as a file.

    Raises:
        OutputError: see `write_atomically`.
    """
    with explained(path):
        parent = _checked_file(path, overwrite=overwrite).parent
        _check_parent(parent)


def check_folder_target(path: Path, *, overwrite: bool, replaceable: Callable[[str], bool]) -> None:
    """Check what can be known before any work is done: that `path` may be written as a folder.

    Raises:
        OutputError: see `write_folder_atomically`.
    """
    with explained(path):
        target = _followed(path)
        _check_folder(target, overwrite=overwrite, replaceable=replaceable)
        _check_parent(target.parent)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what the operating system answers to writing `path` into words.

    Raises:
        OutputError: in place of any OSError, with what to do.
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        advice = _ADVICE.get(error.errno or 0, "Choose another folder or name.")
        raise OutputError(f"Could not write {_shown(path)}: {reason}. {advice}") from error
    except ValueError as error:
        if "null" not in str(error):
            raise
        raise OutputError(f"Could not write {_shown(path)}: the name contains a NUL character.") from error


def _checked_file(path: Path, *, overwrite: bool) -> Path:
    """`path` with its symbolic link followed, once it is certain that a file may stand there."""
    target = _followed(path)
    try:
        found = target.stat()
    except FileNotFoundError:
        return target
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(found.st_mode):
        raise OutputError(f"Expected an ordinary file, but {_shown(path)} is a device or pipe. Choose another name.")
    if not overwrite:
        raise OutputError(f"{_shown(path)} exists already. Choose another name, or allow overwriting.")
    return target


def _followed(path: Path) -> Path:
    # Path.resolve raises RuntimeError for links in a circle; this leaves them to the stat that follows.
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def _check_folder(target: Path, *, overwrite: bool, replaceable: Callable[[str], bool]) -> None:
    try:
        names = [entry.name for entry in target.iterdir()]
    except FileNotFoundError:
        return
    except NotADirectoryError:
        raise OutputError(f"Expected a folder, but {_shown(target)} is a file. Choose another name.") from None
    foreign = sorted(name for name in names if not replaceable(name))
    if foreign:
        raise OutputError(
            f"The folder {_shown(target)} holds other files ({foreign[0]!a}, {len(foreign)} in all), which "
            f"would be lost. Choose a new or empty folder."
        )
    if names and not overwrite:
        raise OutputError(f"{_shown(target)} is not empty. Choose another folder, or allow overwriting.")


def _check_parent(parent: Path) -> None:
    if not parent.is_dir():
        parent.stat()  # raises what is wrong with it, unless it is a file
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if not os.access(parent, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def sync_tree(folder: Path) -> None:
    """Make everything in `folder` durable, at any depth.

    Raises:
        OSError: the disk refuses.
    """
    for path in folder.rglob("*"):
        if path.is_dir():
            _sync_folder(path)
        else:
            _sync_file(path)
    _sync_folder(folder)


def _sync_file(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a rename durable, where the system lets a folder be opened: Windows and some network disks do not."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _shown(path: Path) -> str:
    """The path as text that any terminal can print, shortened in the middle."""
    text = str(path).encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")
    return text if len(text) <= 200 else f"{text[:90]}…{text[-90:]}"
