"""A bundle in one file, to send and to keep: a ZIP of the manifest and the files that it lists, in one form only."""

import hashlib
import shutil
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO

from pia_edge.bundle.manifest import File, Manifest
from pia_edge.bundle.names import MANIFEST, check_names, is_bundle_file, made_plain
from pia_edge.bundle.opening import LARGEST_MANIFEST, Bundle, decode_manifest, read_manifest
from pia_edge.bundle.store import Store
from pia_edge.bundle.zip_reader import Entry, ZipError, read_entries, read_entry
from pia_edge.cancel import CancelToken
from pia_edge.errors import BundleError, OutputError
from pia_edge.files import write_atomically, write_folder_atomically
from pia_edge.progress import OnStep, Stage, megabytes

# Weights do not shrink.
_SHRINKING = (".json", ".txt", ".xml")
_LARGEST_RATIO = 200
_PIECE = 2**20
# The earliest that ZIP knows: the same bundle gives the same bytes, whenever it is packed.
_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def pack(bundle: Bundle, path: Path, *, overwrite: bool) -> None:
    """Write ``bundle`` into the file ``path``; the same bundle gives the same bytes, where zlib is the same.

    Raises:
        BundleError: a file of the bundle cannot be read, or has changed since the bundle was opened.
        OutputError: ``path`` exists and ``overwrite`` is false, lies in the bundle, or cannot be written.
    """
    if path.absolute().parent.resolve().is_relative_to(bundle.path.resolve()):
        raise OutputError(
            f"{path} would lie in the bundle itself, which may hold no other files. Choose another folder."
        )

    def write(target: BinaryIO) -> None:
        with zipfile.ZipFile(target, "w") as archive:
            for name, file in _contents(bundle):
                _add(archive, bundle.path / name, name, file)

    write_atomically(path, write, overwrite=overwrite)


@dataclass(frozen=True)
class Archive:
    """An open archive whose directory agrees with its manifest; contents are checked when they are extracted."""

    path: Path
    manifest: Manifest
    sha256: str
    """Hash of the manifest: the bundle's identity."""
    file: BinaryIO
    entries: tuple[Entry, ...]

    def extract(self, folder: Path, *, on_step: OnStep | None = None, cancel: CancelToken | None = None) -> None:
        """Write all files into the empty folder ``folder``.

        Raises:
            Cancelled: ``cancel`` was used.
            BundleError: the content of a file is not what the manifest says, or the archive cannot be read.
            OutputError: the disk has less room than the files need; nothing was written.
            OSError: the disk refuses.
        """
        needed, free = sum(entry.size for entry in self.entries), shutil.disk_usage(folder).free
        if needed > free:
            raise OutputError(
                f"Could not unpack {self.path}: {needed} bytes needed, {free} free in {folder.parent}. Free some space "
                "or choose another disk."
            )
        copied = megabytes(Stage.COPY, needed, on_step, cancel)
        for entry in self.entries:
            target = folder / entry.name
            target.parent.mkdir(parents=True, exist_ok=True)
            expected = self.manifest.files.get(entry.name) or File(size=entry.size, sha256=self.sha256)
            # Never over a file: on a disk that takes two names for one, the second is refused.
            with target.open("xb") as output:
                if _copy(_explained(self.path, read_entry(self.file, entry)), output, entry.size, copied) != expected:
                    raise BundleError(
                        f"{self.path}: the content of {entry.name} has changed (sha256 differs). Get the archive again."
                    )


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open the archive ``path`` for the time of the block; nothing but its manifest is read yet.

    Raises:
        BundleError: it is missing, damaged, no archive of a bundle, or differs from its own manifest.
    """
    with _open(path) as file:
        yield _checked(path, file)


def unpack(path: Path, folder: Path, *, overwrite: bool) -> Bundle:
    """Write the bundle in the archive ``path`` into the folder ``folder`` and return it opened.

    Raises:
        BundleError: as ``open_archive``; or what is in it is no bundle. Nothing is left.
        OutputError: ``folder`` holds an older bundle and ``overwrite`` is false, or holds other files, or the disk
            refuses.
    """
    opened: list[Bundle] = []

    def write(target: Path) -> None:
        archive.extract(target)
        try:
            opened.append(replace(Bundle.open(target), path=folder.absolute()))
        except BundleError as error:
            # The folder has a hidden name, which says nothing to anybody.
            raise BundleError(str(error).replace(str(target), str(path))) from error

    with open_archive(path) as archive:
        write_folder_atomically(folder, write, overwrite=overwrite, replaceable=_replaceable(folder))
    return opened[0]


def add_archive(
    store: Store,
    path: Path,
    name: str | None = None,
    *,
    overwrite: bool,
    on_step: OnStep | None = None,
    cancel: CancelToken | None = None,
) -> Bundle:
    """Unpack the archive ``path`` into ``store`` under ``name`` (None: that of its manifest made plain).

    ``on_step`` is told how many MB are unpacked and checked; ``cancel`` stops the work.

    Raises:
        Cancelled: ``cancel`` was used.
        BundleError: as ``unpack``.
        RequestError, OutputError: as ``Store.write``.
    """
    with open_archive(path) as archive:
        chosen = made_plain(archive.manifest.name) if name is None else name
        extract = partial(archive.extract, on_step=on_step, cancel=cancel)
        return store.write(chosen, extract, overwrite=overwrite, on_step=on_step, cancel=cancel)


def add_bundle(
    store: Store,
    source: Path,
    name: str | None = None,
    *,
    overwrite: bool,
    on_step: OnStep | None = None,
    cancel: CancelToken | None = None,
) -> Bundle:
    """Copy the bundle ``source``, a folder or an archive, into ``store``; see ``add_archive`` and ``Store.add``.

    Raises:
        Cancelled: ``cancel`` was used.
        BundleError, RequestError, OutputError: as both of these.
    """
    if source.is_file():
        return add_archive(store, source, name, overwrite=overwrite, on_step=on_step, cancel=cancel)
    return store.add(source, name, overwrite=overwrite, on_step=on_step, cancel=cancel)


def _contents(bundle: Bundle) -> Iterator[tuple[str, File]]:
    """What goes into the archive, in its order."""
    size = sum(len(piece) for piece in _read(bundle.path / MANIFEST))
    yield MANIFEST, File(size=size, sha256=bundle.sha256)
    yield from sorted(bundle.manifest.files.items())


def _add(archive: zipfile.ZipFile, path: Path, name: str, expected: File) -> None:
    info = zipfile.ZipInfo(name, _TIME)
    info.create_system = _UNIX
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    info.file_size = expected.size
    if name.endswith(_SHRINKING) and _shrinks(path, expected.size):
        info.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(info, "w") as output:
        if _copy(_read(path), output, expected.size) != expected:
            raise BundleError(f"{path}: expected a bundle at rest, found a file that has changed. Pack it again.")


def _shrinks(path: Path, size: int) -> bool:
    """Whether the file becomes smaller, and by no more than what unpacking takes for an attack."""
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = sum(len(deflate.compress(piece)) for piece in _read(path)) + len(deflate.flush())
    return packed < size <= _LARGEST_RATIO * packed


def _read(path: Path) -> Iterator[bytes]:
    def pieces() -> Iterator[bytes]:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece

    return _explained(path, pieces())


def _copy(
    pieces: Iterator[bytes], output: IO[bytes], most: int, after_each: Callable[[int], None] | None = None
) -> File:
    """Write ``pieces`` and return what was written, which ends after more than ``most`` bytes.

    ``after_each`` is called with the bytes of each piece.
    """
    digest = hashlib.sha256()
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            break
        digest.update(piece)
        output.write(piece)
        if after_each is not None:
            after_each(len(piece))
    return File(size=size, sha256=digest.hexdigest())


def _explained(path: Path, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """``pieces``, read from ``path``, and in words what goes wrong with reading them."""
    try:
        yield from pieces
    except ZipError as error:
        raise _damage(path, error) from error
    except OSError as error:
        raise _unreadable(path, error) from error


def _damage(path: Path, found: object) -> BundleError:
    return BundleError(
        f"{path}: expected a bundle packed by pia-edge (.pia.zip), found {found}. Get it again, or pack the "
        "bundle again with: pia-edge pack"
    )


def _unreadable(path: Path, error: OSError) -> BundleError:
    return BundleError(
        f"{path}: expected a readable file, found: {error.strerror or error}. Check permissions and disk."
    )


def _open(path: Path) -> BinaryIO:
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            return path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error
    except ValueError as error:
        raise BundleError(f"Expected the path of an archive, found {str(path)!a}: {error}. Correct it.") from error
    raise _damage(path, "a folder" if stat.S_ISDIR(mode) else "a device or pipe")


def _checked(path: Path, file: BinaryIO) -> Archive:
    try:
        entries = read_entries(file)
        for entry in entries:
            if entry.size > _LARGEST_RATIO * entry.packed:
                raise ZipError(f"{entry.name!a} of {entry.size} bytes packed into {entry.packed}")
        if not entries or entries[0].name != MANIFEST or entries[0].size > LARGEST_MANIFEST:
            raise ZipError(f"no {MANIFEST} of at most 1 MB in the first place")
        content = b"".join(read_entry(file, entries[0]))
    except ZipError as error:
        raise _damage(path, error) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    manifest, sha256 = decode_manifest(content, path / MANIFEST)
    check_names(path, manifest)
    _check_entries(path, entries[1:], manifest)
    return Archive(path, manifest, sha256, file, tuple(entries))


def _check_entries(path: Path, entries: list[Entry], manifest: Manifest) -> None:
    seen: set[str] = set()
    for entry in entries:
        if entry.name in seen or entry.name not in manifest.files:
            raise _damage(path, f"{entry.name!a}, which its manifest does not list, or twice")
        seen.add(entry.name)
        if entry.size != (expected := manifest.files[entry.name].size):
            raise _damage(path, f"{entry.name!a} of {entry.size} bytes instead of {expected}")
    if missing := sorted(manifest.files.keys() - seen):
        raise _damage(path, f"no {missing[0]!a}, which its manifest lists")


def _replaceable(folder: Path) -> Callable[[str], bool]:
    """What in ``folder`` belongs to an older bundle."""
    try:
        listed = {name.split("/")[0] for name in read_manifest(folder)[0].files}
    except BundleError:
        listed = set()
    return lambda name: is_bundle_file(name) or name in listed
