"""The bundles at hand, and what the user does with them."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from pia_edge.bundle.listing import Listed
from pia_edge.bundle.names import SAMPLE
from pia_edge.errors import PiaError
from pia_edge.gui.model.byte_words import bytes_in_words
from pia_edge.gui.model.draft import Draft
from pia_edge.gui.model.errands import Errands
from pia_edge.gui.model.places import Places
from pia_edge.gui.model.questions import Questions
from pia_edge.worker.model_questions import (
    AddBundle,
    BundleAdded,
    BundleRemoved,
    BundleSeen,
    BundlesListed,
    BundleVerified,
    ListBundles,
    LookAtBundle,
    RemoveBundle,
    VerifyBundle,
)

_SETTLED = 300
"""Milliseconds without a change after which the store is read again: one change is many to the disk."""


@dataclass(frozen=True)
class Verdict:
    """What came of verifying a bundle."""

    sha256: str | None
    """The bundle as it was then."""
    num_files: int
    problem: str | None


class Bundles(QObject):
    """The sample, then the bundles of the store."""

    changed = Signal()
    """Other bundles, or another verdict on one."""
    clashed = Signal(object)
    """A ``BundleSeen`` whose name is taken: answer with :meth:`add_as`, or not at all."""
    told = Signal(str)
    """Something was done, in a sentence."""
    failed = Signal(object)
    """A ``PiaError``: something could not be done."""
    added = Signal(str)
    """The name of a bundle that was not there before, or not like this."""

    def __init__(
        self, places: Places, questions: Questions, errands: Errands, draft: Draft, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._places = places
        self._questions = questions
        self._errands = errands
        self._draft = draft
        self._items: tuple[Listed, ...] = ()
        self._verdicts: dict[str, Verdict] = {}
        self._watcher = QFileSystemWatcher(self)
        self._settled = QTimer(self, singleShot=True, interval=_SETTLED)
        self._settled.timeout.connect(self.refresh)
        self._watcher.directoryChanged.connect(lambda _folder: self._settled.start())

    @property
    def items(self) -> tuple[Listed, ...]:
        """All bundles, the sample first; empty until the first answer."""
        return self._items

    def find(self, name: str | None) -> Listed | None:
        """Return the bundle ``name`` of the list; None stands for the sample."""
        wanted = SAMPLE if name is None else name
        return next((item for item in self._items if item.name == wanted), None)

    def verdict(self, name: str) -> Verdict | None:
        """Return what came of verifying the bundle as it is now, if it was."""
        item, found = self.find(name), self._verdicts.get(name)
        return found if item is not None and found is not None and found.sha256 == item.sha256 else None

    def may_replace(self, name: str) -> bool:
        """Return whether a bundle that is added may take the place of ``name``."""
        return any(item.name == name and not item.ships for item in self._items)

    @property
    def used(self) -> str:
        """The name or folder of the bundle that the draft uses."""
        return SAMPLE if self._draft.state.bundle is None else self._draft.state.bundle

    def use(self, name: str) -> None:
        """Let the draft use the bundle ``name``."""
        self._draft.change(bundle=None if name == SAMPLE else name)

    def refresh(self) -> None:
        """Read the list again."""
        self._watch()
        self._questions.ask(ListBundles(), BundlesListed, self.take, self.failed.emit, topic="bundles")

    def add(self, source: Path) -> None:
        """Copy a bundle into the store: a folder, or a ``.pia.zip``."""
        self._questions.ask(LookAtBundle(source), BundleSeen, self._look, self.failed.emit)

    def add_as(self, source: Path, name: str, *, overwrite: bool) -> None:
        """Copy a bundle into the store under ``name``."""
        self._errands.give(
            self.tr("Adding {name}").format(name=name),
            AddBundle(source, name, overwrite),
            BundleAdded,
            self.tell_added,
            self._fail,
            stopped=self.refresh,
        )

    def verify(self, name: str) -> None:
        """Check every file of a bundle."""
        item = self.find(name)
        sha256 = None if item is None else item.sha256
        self._errands.give(
            self.tr("Verifying {name}").format(name=name),
            VerifyBundle(name),
            BundleVerified,
            lambda reply: self._judge(name, Verdict(reply.sha256, reply.num_files, None)),
            lambda error: self._judge(name, Verdict(sha256, 0, str(error))),
        )

    def remove(self, name: str) -> None:
        """Remove a bundle from the store."""
        self._errands.give(
            self.tr("Removing {name}").format(name=name),
            RemoveBundle(name),
            BundleRemoved,
            lambda reply: self._removed(name, reply),
            self._fail,
            stopped=self.refresh,
        )

    def tell_added(self, reply: BundleAdded) -> None:
        """Tell of a bundle that was written into the store."""
        self._verdicts.pop(reply.name, None)
        self.refresh()
        self.added.emit(reply.name)
        self.told.emit(self.tr("{name} was checked and is among your bundles.").format(name=reply.name))

    def _look(self, seen: BundleSeen) -> None:
        if seen.same_as is not None:
            self.told.emit(self.tr("This bundle is here already; it is called {name}.").format(name=seen.same_as))
            self.added.emit(seen.same_as)
        elif seen.taken:
            self.clashed.emit(seen)
        else:
            self.add_as(seen.source, seen.name, overwrite=False)

    def take(self, reply: BundlesListed) -> None:
        """Take an answer."""
        if reply.bundles != self._items:
            self._items = reply.bundles
            self.changed.emit()

    def _judge(self, name: str, verdict: Verdict) -> None:
        self._verdicts[name] = verdict
        self.changed.emit()

    def _removed(self, name: str, reply: BundleRemoved) -> None:
        if self._draft.state.bundle == name:
            self._draft.change(bundle=None)
        self._verdicts.pop(name, None)
        self.refresh()
        self.told.emit(
            self.tr("{name} was removed; {size} are free again.").format(name=name, size=bytes_in_words(reply.freed))
        )

    def _fail(self, error: PiaError) -> None:
        self.refresh()
        self.failed.emit(error)

    def _watch(self) -> None:
        """Watch the folder of bundles, or until there is one the folder that it will be made in."""
        folder = self._places.bundles
        watched = folder if folder.is_dir() else folder.parent
        if stale := [path for path in self._watcher.directories() if path != str(watched)]:
            self._watcher.removePaths(stale)
        if watched.is_dir() and not self._watcher.directories():
            self._watcher.addPath(str(watched))
