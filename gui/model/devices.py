"""What this machine can run the chosen bundle on."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from pia_edge.errors import PiaError
from pia_edge.gui.model.backend_words import backend_in_words
from pia_edge.gui.model.draft import Draft, DraftState
from pia_edge.gui.model.errands import Errands
from pia_edge.gui.model.questions import Questions
from pia_edge.worker.model_questions import BackendState, BackendTried, DevicesListed, ListDevices, TryBackend

AUTOMATIC = "auto"


@dataclass(frozen=True)
class Choice:
    """A backend, and one of its devices; None leaves the device to the backend."""

    backend: str
    device: str | None = None


class Devices(QObject):
    """Every backend for the bundle of the draft, its devices, and what came of testing it."""

    changed = Signal()
    """Other backends, another bundle, or another result of a test."""

    def __init__(self, questions: Questions, errands: Errands, draft: Draft, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions = questions
        self._errands = errands
        self._draft = draft
        self._listed = DevicesListed((), None)
        self._problem: str | None = None
        self._results: dict[str, BackendTried] = {}
        self._testing: str | None = None
        draft.changed.connect(self._follow)

    @property
    def backends(self) -> tuple[BackendState, ...]:
        """All backends, preferred first; empty until the first answer."""
        return self._listed.backends

    @property
    def automatic(self) -> str | None:
        """The backend that is taken where the choice is left open; None if there is none."""
        return self._listed.automatic

    @property
    def problem(self) -> str | None:
        """Why nothing can be said of the bundle, in a sentence."""
        return self._problem

    @property
    def testing(self) -> str | None:
        """The backend that is being tested."""
        return self._testing

    def result(self, backend: str) -> BackendTried | None:
        """Return what came of testing ``backend`` with the chosen bundle."""
        return self._results.get(backend)

    @property
    def chosen(self) -> Choice:
        """What the draft says."""
        return Choice(self._draft.state.backend, self._draft.state.device)

    def choose(self, choice: Choice) -> None:
        """Let the draft say so."""
        self._draft.change(backend=choice.backend, device=choice.device)

    def choices(self) -> tuple[Choice, ...]:
        """Return all that can be chosen: each backend where it has one device or none, else each of its devices.

        What the draft says is among them.
        """
        found = [Choice(AUTOMATIC)]
        for state in self.backends:
            found.append(Choice(state.backend))
            if len(state.devices) > 1:
                found += [Choice(state.backend, device) for device in state.devices]
        return tuple(dict.fromkeys([*found, self.chosen]))

    def refusal(self, backend: str) -> str | None:
        """Return why ``backend`` cannot run the chosen bundle, or None where it can or nothing is known yet."""
        if backend == AUTOMATIC:
            return self._nothing_runs() if self.backends and self.automatic is None else None
        return next((state.refused for state in self.backends if state.backend == backend), None)

    def missing_device(self, choice: Choice) -> str | None:
        """Return the device of ``choice`` if it is not here; one for each module is left to the pipeline."""
        state = next((state for state in self.backends if state.backend == choice.backend), None)
        known = state is None or choice.device is None or "=" in choice.device or choice.device in state.devices
        return None if known or (state is not None and state.refused) else choice.device

    def refresh(self) -> None:
        """Look again."""
        self._questions.ask(
            ListDevices(self._draft.state.bundle), DevicesListed, self.take, self._fail, topic="devices"
        )

    def test(self, backend: str) -> None:
        """Test every device of ``backend`` with the chosen bundle."""
        self._testing = backend
        asked = TryBackend(backend, self._draft.state.bundle)
        self._errands.give(
            self.tr("Testing {backend}").format(backend=backend_in_words(backend)),
            asked,
            BackendTried,
            lambda reply: self._tested(asked, reply),
            lambda error: self._tested(asked, BackendTried(False, str(error))),
            stopped=lambda: self._tested(asked, None),
        )
        self.changed.emit()

    def _tested(self, asked: TryBackend, reply: BackendTried | None) -> None:
        self._testing = None
        if reply is not None and asked.bundle == self._draft.state.bundle:
            self._results[asked.backend] = reply
        self.changed.emit()

    def _follow(self, before: DraftState, now: DraftState) -> None:
        if before.bundle != now.bundle:
            self._results.clear()
            self.refresh()
        if (before.bundle, before.backend, before.device) != (now.bundle, now.backend, now.device):
            self.changed.emit()

    def take(self, reply: DevicesListed) -> None:
        """Take an answer."""
        self._listed, self._problem = reply, None
        self.changed.emit()

    def _fail(self, error: PiaError) -> None:
        self._listed, self._problem = DevicesListed((), None), str(error)
        self.changed.emit()

    def _nothing_runs(self) -> str:
        return self.tr("Nothing on this computer runs this bundle; the page “Devices” says why.")
