"""What the wizard asks for: models or a reference bundle, what to make of it, and the making."""

from enum import StrEnum
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from pia_edge.bundle.manifest import Format
from pia_edge.bundle.names import SAMPLE, exported_name, is_plain
from pia_edge.errors import PiaError, PickleError
from pia_edge.gui.model.bundles import Bundles
from pia_edge.gui.model.errands import Errands
from pia_edge.gui.model.option_words import without_options
from pia_edge.gui.model.questions import Questions
from pia_edge.worker.model_questions import (
    BundleAdded,
    ExportBundle,
    ExtraFound,
    FindExtra,
    ImportModels,
    ImportPlanned,
    ModelChoice,
    PlanImport,
    Precision,
    Target,
)


class Phase(StrEnum):
    """How far the making is."""

    CHOOSING = "choosing"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """All that the user has chosen."""

    models: ModelChoice = ModelChoice()
    reference: str | None = None
    """A reference bundle to export; None where models are imported first."""
    target: Target | None = None
    """None makes a reference bundle alone."""
    precision: Precision = "fp16"
    name: str = ""
    replace: bool = False
    """Whether bundles of the names to be made may be replaced."""


class ModelImport(QObject):
    """One way through the wizard."""

    changed = Signal()
    """Another wish, answer or phase."""

    def __init__(self, questions: Questions, errands: Errands, bundles: Bundles, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions, self._errands, self._bundles = questions, errands, bundles
        self.wish = Wish()
        self.extra: ExtraFound | None = None
        self.plan: ImportPlanned | None = None
        self.phase = Phase.CHOOSING
        self.looking = False
        self.needs_consent = False
        self.problem = ""
        self.made = ""
        self._imported: tuple[ModelChoice, str] | None = None

    def change(self, **choices: Any) -> None:
        """Choose: names are fields of :class:`Wish`."""
        wish = msgspec.structs.replace(self.wish, **choices)
        if wish != self.wish:
            self.wish = wish
            self.changed.emit()

    def change_models(self, **choices: Any) -> None:
        """Choose: names are fields of :class:`ModelChoice`. What was known of other models is forgotten."""
        models = msgspec.structs.replace(self.wish.models, **choices)
        if models != self.wish.models:
            self.plan, self.problem, self.needs_consent = None, "", False
            self.change(models=models)

    def find_extra(self) -> None:
        """Ask whether models can be imported here."""
        self._questions.ask(FindExtra(), ExtraFound, self._found, self._fail)

    def references(self) -> list[str]:
        """Return the names of all reference bundles."""
        items = self._bundles.items
        return [item.name for item in items if item.manifest is not None and item.manifest.format is Format.TORCH]

    def look(self) -> None:
        """Ask what the chosen files are."""
        self.looking, self.problem, self.needs_consent = True, "", False
        self._errands.give(
            self.tr("Looking at the files"),
            PlanImport(self.wish.models),
            ImportPlanned,
            self._planned,
            self._looked_in_vain,
            stopped=lambda: self._looked_in_vain(None),
        )
        self.changed.emit()

    def names(self) -> tuple[str, ...]:
        """Return the names of the bundles that will be made, in their order."""
        wish = self.wish
        exported = () if wish.target is None else (exported_name(wish.name, wish.target, wish.precision),)
        return exported if wish.reference is not None else (wish.name, *exported)

    def taken(self) -> tuple[str, ...]:
        """Return those of the names that bundles at hand have, but for one that this way has made itself."""
        own = None if self._imported is None else self._imported[1]
        return tuple(name for name in self.names() if name != own and self._bundles.find(name) is not None)

    def may_start(self) -> bool:
        """Return whether everything is chosen that must be."""
        names, taken = self.names(), self.taken()
        return bool(names) and all(map(is_plain, names)) and SAMPLE not in names and (self.wish.replace or not taken)

    def start(self) -> None:
        """Make it: import, then export."""
        self.phase, self.problem, self.made = Phase.WORKING, "", ""
        wish = self.wish
        models = msgspec.structs.replace(wish.models, name=wish.name)
        if wish.reference is not None:
            self._export(wish.reference)
        elif self._imported is not None and self._imported[0] == models:
            self._export(self._imported[1])
        else:
            self._errands.give(
                self.tr("Importing {name}").format(name=wish.name),
                ImportModels(models, wish.replace),
                BundleAdded,
                lambda reply: self._import_done(models, reply),
                self._fail,
                stopped=self._stopped,
            )
        self.changed.emit()

    def stop(self) -> None:
        """Stop what is being done for this wizard, if anything is."""
        if self.looking or self.phase is Phase.WORKING:
            self._errands.stop()

    def _export(self, reference: str) -> None:
        wish = self.wish
        if wish.target is None:
            self._finish(reference)
            return
        name = self.names()[-1]
        self._errands.give(
            self.tr("Exporting {name}").format(name=name),
            ExportBundle(reference, wish.target, wish.precision, name, wish.replace),
            BundleAdded,
            lambda reply: self._finish(reply.name),
            self._fail,
            stopped=self._stopped,
        )

    def _import_done(self, models: ModelChoice, reply: BundleAdded) -> None:
        self._imported = (models, reply.name)
        self._bundles.refresh()
        self._export(reply.name)

    def _finish(self, name: str) -> None:
        self.phase, self.made = Phase.DONE, name
        self._bundles.tell_added(BundleAdded(name))
        self._bundles.use(name)
        self.changed.emit()

    def _stopped(self) -> None:
        self.phase = Phase.CHOOSING
        self._bundles.refresh()
        self.changed.emit()

    def _fail(self, error: PiaError) -> None:
        self.phase, self.problem = Phase.FAILED, without_options(str(error))
        self._bundles.refresh()
        self.changed.emit()

    def _found(self, reply: ExtraFound) -> None:
        self.extra = reply
        if self.wish.target is None and reply.targets:
            self.change(target=reply.targets[0])
        self.changed.emit()

    def _planned(self, reply: ImportPlanned) -> None:
        self.looking, self.plan = False, reply
        self.change(name=reply.name)
        self.changed.emit()

    def _looked_in_vain(self, error: PiaError | None) -> None:
        self.looking, self.plan = False, None
        self.needs_consent = isinstance(error, PickleError)
        self.problem = "" if error is None or self.needs_consent else without_options(str(error))
        self.changed.emit()
