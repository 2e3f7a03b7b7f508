"""The bundle store: bundles by name in the user's data folder; equal files of different bundles are kept once.

::

    bundles/NAME/        an ordinary, complete bundle; its files are hard links to
    blobs/ab/abcd…       one copy of each content
    .lock                held by the process that changes something
"""

import os
import shutil
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Self

from pia_edge.abandoned import hidden_in, remove_abandoned, stands_aside
from pia_edge.bundle.blobs import Blobs
from pia_edge.bundle.names import MANIFEST, SAMPLE, is_bundle_file, is_plain, made_plain
from pia_edge.bundle.opening import Bundle, read_manifest
from pia_edge.cancel import CancelToken
from pia_edge.errors import BundleError, OutputError, RequestError
from pia_edge.files import explained, sync_tree, write_folder_atomically
from pia_edge.progress import OnStep, Stage, megabytes

LOCK_SECONDS = 60.0
"""How long one process waits for another to finish its change; a change takes well under a second."""


@dataclass(frozen=True)
class Usage:
    """How many bytes a bundle takes; content that it holds twice counts once."""

    size: int
    own: int
    """Of these, the bytes that no other bundle shares: removing the bundle frees them."""


class Store:
    """The bundles below the folder ``root``, which is made when the first of them is written."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self._bundles = self.root / "bundles"
        self._blobs = Blobs(self.root / "blobs")

    @classmethod
    def open(cls) -> Self:
        """Return the user's store: in ``PIA_EDGE_HOME`` if that is set, else in the system's folder for user data."""
        home = os.environ.get("PIA_EDGE_HOME")
        if home:
            return cls(Path(home))
        from platformdirs import user_data_path

        return cls(user_data_path("pia-edge", appauthor=False))

    def names(self) -> list[str]:
        """Return the names of all bundles, sorted.

        Raises:
            BundleError: the store cannot be read.
        """
        if stands_aside(self._bundles):
            # Somebody was killed in the instant between an old bundle and the new one of its name.
            remove_abandoned(self._bundles)
        try:
            entries = [entry for entry in self._bundles.iterdir() if is_plain(entry.name)]
            return sorted(entry.name for entry in entries if (entry / MANIFEST).is_file())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise BundleError(
                f"{self._bundles}: expected the folder of the store, found: {error.strerror}. Check its permissions, "
                "or set PIA_EDGE_HOME to another folder."
            ) from error

    def path(self, name: str) -> Path:
        """Return the folder of the bundle ``name``.

        Raises:
            RequestError: ``name`` is not a plain file name.
            BundleError: there is no such bundle, or the store cannot be read; the message says which there are.
        """
        _check_plain(name)
        if name not in self.names():
            raise BundleError(f"Expected the name of a bundle in the store, found {name!a}. {self.advice(name)}")
        return self._bundles / name

    def advice(self, name: str) -> str:
        """Return a sentence on which bundles there are, and which ``name`` may mean.

        Raises:
            BundleError: the store cannot be read.
        """
        names = self.names()
        if not names:
            return "The store is empty; add a bundle with: pia-edge bundles import FOLDER"
        known = {candidate.casefold(): candidate for candidate in names}
        close = get_close_matches(name.casefold(), known, n=1)
        guess = f"Did you mean {known[close[0]]}? " if close else ""
        return f"{guess}The store holds: {', '.join(names)}."

    def usage(self, name: str) -> Usage:
        """Return how much of the disk the bundle ``name`` takes.

        Raises:
            RequestError, BundleError: as ``path``.
        """
        folder = self.path(name)
        links: Counter[tuple[int, int]] = Counter()
        found: dict[tuple[int, int], os.stat_result] = {}
        try:
            for file in (path.lstat() for path in folder.rglob("*")):
                if stat.S_ISREG(file.st_mode):
                    identity = (file.st_dev, file.st_ino)
                    links[identity] += 1
                    found[identity] = file
            blobs = self._blobs.identities()
        except OSError as error:
            raise BundleError(f"{folder}: expected readable files, found: {error}. Try again.") from error
        own = (file.st_size for key, file in found.items() if file.st_nlink <= links[key] + (key in blobs))
        return Usage(size=sum(file.st_size for file in found.values()), own=sum(own))

    def write(
        self,
        name: str,
        write: Callable[[Path], None],
        *,
        overwrite: bool,
        on_step: OnStep | None = None,
        cancel: CancelToken | None = None,
    ) -> Bundle:
        """Write the bundle ``name`` through ``write``, which gets an empty folder to fill, manifest included.

        The bundle appears whole and shared, or not at all. Other processes may use the store while ``write`` works.
        ``on_step`` is told how many MB of what was written are checked, which ``cancel`` stops.

        Raises:
            Cancelled: ``cancel`` was used.
            RequestError: ``name`` is not a plain file name, is that of the sample, or differs from another bundle's
                in case alone.
            OutputError: the bundle exists and ``overwrite`` is false, its folder holds foreign files, another process
                does not end its change, or the disk refuses.
            BundleError: what was written is no bundle.
        """
        self.check_new(name, overwrite=overwrite)
        target = self._bundles / name
        with explained(target):
            self._bundles.mkdir(parents=True, exist_ok=True)
        written: list[Bundle] = []
        with ExitStack() as change:

            def fill(folder: Path) -> None:
                write(folder)
                bundle = Bundle.open(folder, on_step=on_step, cancel=cancel)
                written.append(replace(bundle, path=target))
                # What takes long comes before the lock, which is then held until the folder has its name.
                sync_tree(folder)
                intact = self._blobs.intact(bundle.manifest.files.values())
                change.enter_context(self._changing())
                self._blobs.share(folder, bundle.manifest.files, intact)

            write_folder_atomically(
                target, fill, overwrite=overwrite, replaceable=lambda entry: _belongs(entry, target)
            )
        return written[0]

    def add(
        self,
        folder: Path,
        name: str | None = None,
        *,
        overwrite: bool,
        on_step: OnStep | None = None,
        cancel: CancelToken | None = None,
    ) -> Bundle:
        """Copy the bundle in ``folder``, once it is verified, under ``name`` (None: that of its manifest made plain).

        ``on_step`` is told how many MB are checked, copied and checked again; ``cancel`` stops the work.

        Raises:
            Cancelled: ``cancel`` was used.
            BundleError: ``folder`` is no bundle, or a damaged one.
            RequestError, OutputError: as ``write``.
        """
        source = Bundle.open(folder, on_step=on_step, cancel=cancel)

        def copy(target: Path) -> None:
            copied = megabytes(Stage.COPY, source.manifest.num_bytes, on_step, cancel)
            for file in (*source.manifest.files, MANIFEST):
                (target / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source.path / file, target / file)
                copied((target / file).stat().st_size)

        chosen = made_plain(source.manifest.name) if name is None else name
        return self.write(chosen, copy, overwrite=overwrite, on_step=on_step, cancel=cancel)

    def remove(self, name: str) -> int:
        """Remove the bundle ``name`` and return how many bytes that freed; what others share stays.

        Raises:
            RequestError, BundleError: as ``path``.
            OutputError: another process does not end its change, or the disk refuses.
        """
        self.path(name)
        with self._changing():
            folder = self.path(name)
            freed = self.usage(name).own
            with explained(folder), hidden_in(self._bundles) as hidden:
                folder.rename(hidden.part)
        return freed

    def check_new(self, name: str, *, overwrite: bool) -> None:
        """Check, before any work is done, that a bundle may be written under ``name``.

        Raises:
            RequestError: ``name`` is not a plain file name, is that of the sample, or differs from another bundle's
                in case alone.
            OutputError: the bundle exists and ``overwrite`` is false.
        """
        _check_plain(name)
        if name.casefold() == SAMPLE:
            raise RequestError(f"Expected another name than {name!a}, which the sample that ships has. Choose one.")
        for known in self.names():
            if known.casefold() == name.casefold() and known != name:
                raise RequestError(
                    f"Expected names that differ in more than case, found {name!a} beside {known!a}. Choose another."
                )
            if known == name and not overwrite:
                raise OutputError(
                    f"The store has a bundle {name!a} already. Choose another name, or allow overwriting."
                )

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """While the block runs no other process changes the store; what killed processes left is removed at its end."""
        from filelock import FileLock, Timeout

        with explained(self.root):
            lock = FileLock(self.root / ".lock")
            try:
                lock.acquire(timeout=LOCK_SECONDS)
            except Timeout:
                raise OutputError(
                    f"{self.root}: expected the store to be free, found another process at work in it for "
                    f"{LOCK_SECONDS:g} seconds. Wait for it or end it, then try again."
                ) from None
            try:
                yield
            finally:
                try:
                    remove_abandoned(self._bundles)
                    self._blobs.collect()
                finally:
                    lock.release()


def _check_plain(name: str) -> None:
    if not is_plain(name):
        shown = name if len(name) <= 120 else f"{name[:120]}…"
        raise RequestError(
            f"Expected a name of letters, digits, dots, dashes and underscores for a bundle, found {shown!a}. "
            "Choose another."
        )


def _belongs(name: str, target: Path) -> bool:
    """Whether ``name`` in the folder of an older bundle may be replaced: a bundle's file, or listed in its manifest."""
    if is_bundle_file(name):
        return True
    try:
        return name in {file.split("/")[0] for file in read_manifest(target)[0].files}
    except BundleError:
        return False
